import Foundation
import MigratePlanning

/// What the limited user asked of the API server in one namespace, as the server itself wrote it
/// down.
struct AuditLog: Sendable {
  /// One kind of request.
  struct Request: Hashable, Comparable, Sendable, CustomStringConvertible {
    var group: String
    var resource: String
    var verb: String

    var description: String { "\(verb) \(resource)\(group.isEmpty ? "" : ".")\(group)" }

    static func < (left: Request, right: Request) -> Bool {
      (left.group, left.resource, left.verb) < (right.group, right.resource, right.verb)
    }
  }

  /// What was asked and allowed.
  private(set) var used: Set<Request> = []
  /// What no Role allowed.
  private(set) var refused: Set<Request> = []

  /// Reads what was written until now. The file is shared by tests that run at the same time.
  ///
  /// - Throws: when there is no such file, or it cannot be read.
  init(at path: String, namespace: String) throws {
    let mark = Data(#""namespace":"\#(namespace)""#.utf8)
    for line in try Data(contentsOf: URL(filePath: path)).split(separator: UInt8(ascii: "\n"))
    where line.firstRange(of: mark) != nil {
      // The last line may not be whole yet.
      guard let event = try? JSONDecoder().decode(JSON.self, from: line),
        let object = event["objectRef"], object["namespace"]?.string == namespace,
        let resource = object["resource"]?.string, let verb = event["verb"]?.string
      else { continue }
      let name = resource + (object["subresource"]?.string.map { "/\($0)" } ?? "")
      let request = Request(group: object["apiGroup"]?.string ?? "", resource: name, verb: verb)
      let decision = event["annotations"]?["authorization.k8s.io/decision"]
      // A quota and an admission plugin answer with 403 as well, after the Role allowed it.
      let isRefused =
        decision == "forbid" || event["responseStatus"]?["code"] == 403 && verb == "patch"
      if isRefused { refused.insert(request) } else { used.insert(request) }
    }
  }
}

extension Workbench {
  /// What the limited user did in this namespace.
  func auditLog() throws -> AuditLog {
    try AuditLog(at: try sandbox.auditLog, namespace: namespace)
  }
}
