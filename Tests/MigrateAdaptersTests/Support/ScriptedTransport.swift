import MigratePlanning
import Synchronization

@testable import MigrateAdapters

/// A cluster that answers every request in the same way, and knows what it was asked.
final class ScriptedTransport: ClusterTransport {
  private let answer: @Sendable (HTTPRequest) -> HTTPAnswer
  private let seen = Mutex<[HTTPRequest]>([])

  init(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPAnswer) { self.answer = answer }

  /// Every request, in their order.
  var requests: [HTTPRequest] { seen.withLock { $0 } }

  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    seen.withLock { $0.append(request) }
    return answer(request)
  }

  func end() async {}

  /// The cluster, in namespace `mqtt`.
  func cluster(_ redactor: Redactor = Redactor()) -> Cluster {
    Cluster(
      transport: self, connection: ClusterConnection(namespace: "mqtt"),
      currentNamespace: CurrentNamespace { () throws(ClusterError) in "other" },
      redactor: redactor)
  }
}

extension HTTPAnswer {
  /// An answer in JSON.
  static func json(_ json: JSON, status: Int = 200) -> HTTPAnswer {
    HTTPAnswer(
      status: status, headers: ["content-type": "application/json"],
      body: Array(json.canonical.utf8))
  }
}
