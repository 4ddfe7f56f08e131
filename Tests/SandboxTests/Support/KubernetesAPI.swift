import Foundation
import MigratePlanning

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// The API server, for what the tests themselves look at and make. A test has hundreds of such
/// questions, and a kubectl for each would take much of the processors' time; what an operator does
/// by hand is done with kubectl.
struct KubernetesAPI: Sendable {
  /// Where `kubectl proxy` listens, as the user who may do everything.
  private let proxy: URL

  init(proxy: URL) { self.proxy = proxy }

  /// The API server refused, or did not answer in its language.
  struct Failure: Error, CustomStringConvertible {
    let request: String
    let status: Int
    let answer: String

    var description: String { "\(request) was answered with \(status): \(answer)" }
  }

  /// The group and version of every kind that the tests look at.
  private static let groups = [
    "apps/v1": ["deployments", "replicasets"],
    "coordination.k8s.io/v1": ["leases"],
    "rbac.authorization.k8s.io/v1": ["roles", "rolebindings"],
    "v1": [
      "configmaps", "namespaces", "persistentvolumeclaims", "resourcequotas", "secrets",
      "serviceaccounts", "services",
    ],
  ]

  private static let clusterWide: Set = [
    "clusterrolebindings", "clusterroles", "customresourcedefinitions", "ingressclasses",
    "namespaces",
    "persistentvolumes", "storageclasses",
  ]

  /// How Kubernetes writes many of a kind: `deployments`, `ingresses`, `networkpolicies`.
  private static func plural(_ kind: String) -> String {
    let kind = kind.lowercased()
    if kind.hasSuffix("y") { return kind.dropLast() + "ies" }
    return kind + (kind.hasSuffix("s") ? "es" : "s")
  }

  /// The path of the objects of one kind.
  private static func path(_ version: String, _ kinds: String, in namespace: String) -> String {
    (version.contains("/") ? "apis/" : "api/") + version
      + (clusterWide.contains(kinds) ? "/" : "/namespaces/\(namespace)/") + kinds
  }

  /// The path of the objects that a word of kubectl means.
  private static func path(_ kinds: String, in namespace: String) throws -> (
    version: String, path: String
  ) {
    guard let version = groups.first(where: { $0.value.contains(kinds) })?.key else {
      throw Failure(request: "a look at \(kinds)", status: 0, answer: "no group is known for them")
    }
    return (version, path(version, kinds, in: namespace))
  }

  /// All objects of some kinds, in one list as kubectl makes it; who wrote which field is left out.
  func list(_ kinds: [String], in namespace: String) async throws -> JSON {
    var items: [JSON] = []
    for kinds in kinds {
      let (version, path) = try Self.path(kinds, in: namespace)
      let list = try await send("GET", path)
      let kind = list["kind"]?.string?.replacing(/List$/, with: "") ?? ""
      items += (list["items"]?.elements ?? []).map { item in
        var members = item.withoutManagers.members
        members["apiVersion"] = .string(version)
        members["kind"] = .string(kind)
        return .object(members)
      }
    }
    return ["apiVersion": "v1", "kind": "List", "items": .array(items)]
  }

  /// An object by the name that kubectl has for one of its kind; with who wrote which field.
  func object(_ kind: String, _ name: String, in namespace: String) async throws -> JSON {
    try await send("GET", try Self.path(Self.plural(kind), in: namespace).path + "/" + name)
  }

  /// The live object of a manifest; null when there is none.
  func live(_ manifest: JSON, in namespace: String) async throws -> JSON {
    do {
      let name = manifest["metadata"]?["name"]?.string ?? ""
      return try await send("GET", Self.path(of: manifest, in: namespace) + "/" + name)
    } catch let failure as Failure where failure.status == 404 {
      return .null
    }
  }

  /// Whether the API server serves a version of a group.
  func serves(_ version: String) async throws -> Bool {
    do {
      _ = try await send("GET", "apis/" + version)
      return true
    } catch let failure as Failure where failure.status == 404 {
      return false
    }
  }

  /// Makes an object, in the name of `kubectl create`.
  func create(_ manifest: JSON, in namespace: String) async throws {
    let path = Self.path(of: manifest, in: namespace)
    _ = try await send("POST", path, query: "fieldManager=kubectl-create", body: manifest)
  }

  func deleteNamespace(_ name: String) async throws {
    _ = try await send("DELETE", "api/v1/namespaces/" + name)
  }

  private static func path(of manifest: JSON, in namespace: String) -> String {
    path(
      manifest["apiVersion"]?.string ?? "", plural(manifest["kind"]?.string ?? ""),
      in: manifest["metadata"]?["namespace"]?.string ?? namespace)
  }

  private func send(
    _ method: String, _ path: String, query: String = "", body: JSON? = nil
  ) async throws -> JSON {
    var request = URLRequest(url: proxy.appending(path: path))
    if !query.isEmpty, let url = request.url { request.url = URL(string: "\(url)?\(query)") }
    request.httpMethod = method
    request.httpBody = body.map { Data($0.canonical.utf8) }
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    let (data, response) = try await URLSession.shared.data(for: request)
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard (200..<300).contains(status) else {
      let answer = String(decoding: data.prefix(2000), as: UTF8.self)
      throw Failure(request: "\(method) \(path)", status: status, answer: answer)
    }
    return try JSONDecoder().decode(JSON.self, from: data)
  }
}

extension JSON {
  /// The object without who wrote which field, as kubectl shows it.
  var withoutManagers: JSON {
    var members = self.members
    var metadata = members["metadata"]?.members ?? [:]
    metadata["managedFields"] = nil
    members["metadata"] = .object(metadata)
    return .object(members)
  }
}
