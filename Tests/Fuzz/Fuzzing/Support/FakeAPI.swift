import Foundation
import MigrateAdapters
import MigratePlanning

/// An API server that has some objects, and answers lists of other kinds with what it is given.
struct FakeAPI: ClusterTransport {
  /// A `List`, or what is no JSON and is then the answer to every question about an object.
  var objects: [UInt8]
  var lists: [UInt8]
  /// What helm keeps of a release, in JSON; nil where it keeps it elsewhere.
  var record: [UInt8]?

  /// The cluster, in a namespace.
  func cluster(_ redactor: Redactor, namespace: String = "mqtt") -> Cluster {
    Cluster(
      transport: self, connection: ClusterConnection(namespace: namespace),
      currentNamespace: CurrentNamespace { () throws(ClusterError) in namespace },
      redactor: redactor)
  }

  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    let path = request.target.split(separator: "?").first.map(String.init) ?? ""
    let parts = path.split(separator: "/").map(String.init)
    if parts.count == (parts.first == "api" ? 2 : 3) { return Self.discovery }
    if parts.first == "apis", parts.count == 2 {
      return Self.answer(
        ["preferredVersion": ["groupVersion": .string("\(parts[1])/v1")]])
    }
    guard let list = try? JSONReader().value(objects) else {
      return HTTPAnswer(status: 200, body: objects)
    }
    let plural = parts.dropLast().last ?? ""
    if let known = Self.kinds[plural], let name = parts.last {
      let found = Objects([list]).all.first {
        $0["kind"]?.string == known && $0.objectName == name
      }
      if known == "Secret" { return Self.answer(["data": ["ADMIN_TOKEN": "eA==", "A": "eQ=="]]) }
      return found.map { Self.answer($0) } ?? Self.missing(name)
    }
    if parts.last == "secrets", let record, request.target.contains("owner%3Dhelm") {
      let text = Data(Data(record).base64EncodedString().utf8).base64EncodedString()
      return Self.answer([
        "items": [
          [
            "kind": "Secret", "metadata": ["name": "sh.helm.release.v1.web.v1"],
            "data": ["release": .string(text)],
          ]
        ]
      ])
    }
    if Self.kinds[parts.last ?? ""] != nil {
      return HTTPAnswer(
        status: 200, body: parts.last?.contains("binding") == true ? lists : objects)
    }
    return Self.missing(parts.last ?? "")
  }

  func end() async {}

  private static func answer(_ json: JSON, status: Int = 200) -> HTTPAnswer {
    HTTPAnswer(
      status: status, headers: ["content-type": "application/json"],
      body: Array(json.canonical.utf8))
  }

  private static func missing(_ name: String) -> HTTPAnswer {
    answer(
      [
        "kind": "Status", "code": 404, "reason": "NotFound", "message": "not found",
        "details": ["name": .string(name)],
      ], status: 404)
  }

  /// Every kind, in every group.
  private static let discovery = answer([
    "resources": .array(
      kinds.map { plural, kind in
        [
          "name": .string(plural), "kind": .string(kind),
          "namespaced": .bool(kind != "Namespace" && kind != "ClusterRoleBinding"),
        ]
      })
  ])

  private static let kinds = [
    "configmaps": "ConfigMap", "secrets": "Secret", "services": "Service",
    "deployments": "Deployment", "serviceaccounts": "ServiceAccount", "namespaces": "Namespace",
    "persistentvolumeclaims": "PersistentVolumeClaim", "ingresses": "Ingress",
    "rolebindings": "RoleBinding", "clusterrolebindings": "ClusterRoleBinding",
    "networkpolicies": "NetworkPolicy", "applications": "Application",
    "horizontalpodautoscalers": "HorizontalPodAutoscaler",
    "poddisruptionbudgets": "PodDisruptionBudget",
  ]
}
