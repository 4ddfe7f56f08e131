import Synchronization

/// A kind of objects as the API server serves it.
package struct APIResource: Hashable, Sendable {
  /// Empty for Kubernetes' own first one.
  package var group: String
  package var version: String
  /// The plural in paths, such as `deployments`.
  package var plural: String
  package var kind: String
  package var isNamespaced: Bool

  /// Such as `apps/v1`, as objects have it.
  package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// The path of an object, or of all of them without a name: of a namespace, or of the whole
  /// cluster without one.
  func path(_ name: String? = nil, in namespace: String?) -> String {
    Self.path(ofVersion: apiVersion)
      + (isNamespaced ? namespace.map { "/namespaces/\($0.urlEncoded)" } ?? "" : "")
      + "/\(plural.urlEncoded)" + (name.map { "/\($0.urlEncoded)" } ?? "")
  }

  /// The path of everything of a group and version.
  static func path(ofVersion apiVersion: String) -> String {
    let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false)
    return (parts.count > 1 ? "/apis/" : "/api/")
      + parts.map { String($0).urlEncoded }.joined(separator: "/")
  }
}

extension APIResource {
  /// Secrets, which every cluster has.
  static let secrets = APIResource("", "v1", "secrets", "Secret")
  /// ConfigMaps, which every cluster has.
  static let configMaps = APIResource("", "v1", "configmaps", "ConfigMap")

  /// What every cluster has served since Kubernetes 1.14, under these versions: nobody has to be
  /// asked.
  static let everywhere = [
    secrets, configMaps, APIResource("", "v1", "services", "Service"),
    APIResource("", "v1", "serviceaccounts", "ServiceAccount"),
    APIResource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
    APIResource("", "v1", "pods", "Pod"), APIResource("", "v1", "events", "Event"),
    APIResource("", "v1", "namespaces", "Namespace", isNamespaced: false),
    APIResource("apps", "v1", "deployments", "Deployment"),
    APIResource("apps", "v1", "replicasets", "ReplicaSet"),
    APIResource("coordination.k8s.io", "v1", "leases", "Lease"),
    APIResource("rbac.authorization.k8s.io", "v1", "roles", "Role"),
    APIResource("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
    APIResource(
      "rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding",
      isNamespaced: false),
  ]

  private init(
    _ group: String, _ version: String, _ plural: String, _ kind: String,
    isNamespaced: Bool = true
  ) {
    self.init(
      group: group, version: version, plural: plural, kind: kind, isNamespaced: isNamespaced)
  }
}

/// What a cluster serves, as far as it was asked for.
final class DiscoveryCache: Sendable {
  private struct State {
    var versions: [String: [APIResource]] = [:]
    var preferred: [String: String] = [:]
    var all: [APIResource]?
  }

  private let state = Mutex(State())

  func resources(ofVersion apiVersion: String) -> [APIResource]? {
    state.withLock { $0.versions[apiVersion] }
  }

  func keep(_ resources: [APIResource], ofVersion apiVersion: String) {
    state.withLock { $0.versions[apiVersion] = resources }
  }

  func preferredVersion(of group: String) -> String? { state.withLock { $0.preferred[group] } }

  func keep(preferred apiVersion: String, of group: String) {
    state.withLock { $0.preferred[group] = apiVersion }
  }

  /// Everything of every group, in the order in which kubectl looks a word up.
  var all: [APIResource]? { state.withLock(\.all) }

  func keep(all resources: [APIResource]) { state.withLock { $0.all = resources } }
}

extension String {
  /// The text as one segment of a path, or as a name or value in a query.
  var urlEncoded: String {
    var result = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }
}
