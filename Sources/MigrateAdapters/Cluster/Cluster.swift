import Foundation
package import MigratePlanning

/// The API server, spoken with over one `kubectl proxy`: one login, one connection, typed answers.
///
/// Every method throws ``ClusterError``. What reaches an error's text goes through one
/// `Redactor`, which takes secrets out. A change that got no answer is never sent again here.
package struct Cluster: Sendable {
  /// The field manager of what this program writes.
  package static let fieldManager = "backbone-migrate"

  /// Told of each request that begins, as `GET /version`, and gives what is told of its end.
  package typealias Observer = @Sendable (_ request: String) -> @Sendable () -> Void

  let transport: any ClusterTransport
  let discovery = DiscoveryCache()
  var connection: ClusterConnection
  private let currentNamespace: CurrentNamespace
  private var patience: Patience?
  private let redactor: Redactor
  private let observe: Observer?

  /// Takes the way to it, the cluster's place as kubectl has it, how to find the kubeconfig's own
  /// namespace where the connection names none, how long to go on when the cluster does not answer
  /// (not at all without patience), what keeps secrets out of its errors, and who wants to see
  /// requests.
  package init(
    transport: any ClusterTransport, connection: ClusterConnection,
    currentNamespace: CurrentNamespace, patience: Patience? = nil, redactor: Redactor,
    observe: Observer? = nil
  ) {
    self.transport = transport
    self.connection = connection
    self.currentNamespace = currentNamespace
    self.patience = patience
    self.redactor = redactor
    self.observe = observe
  }

  /// The same cluster, for a call that has to come to an end soon and is repeated by whoever makes
  /// it.
  package func hasty(_ limit: Duration) -> Cluster {
    var hasty = self
    hasty.connection.requestTimeout = min(limit, connection.requestTimeout)
    hasty.patience = nil
    return hasty
  }

  /// The same cluster, for a run that goes on asking while it is away.
  package func patient(_ patience: Patience) -> Cluster {
    var patient = self
    patient.patience = patience
    return patient
  }

  /// The same cluster, looked at in another namespace.
  package func inNamespace(_ namespace: String) -> Cluster {
    var other = self
    other.connection.namespace = namespace
    return other
  }

  /// The namespace of what names none: the connection's, or else the kubeconfig's.
  package func namespace() async throws(ClusterError) -> String {
    if let namespace = connection.namespace { return namespace }
    return try await currentNamespace.name()
  }

  /// The proxy, where it is the way to the cluster.
  package var proxy: KubectlProxy? { transport as? KubectlProxy }

  /// Gets ready for the first request, beside other work.
  package func begin() { transport.begin() }

  /// Ends the conversation: kubectl, its socket and folder are gone afterwards.
  package func end() async { await transport.end() }

  // MARK: Requests

  /// Sends a request, and reads the JSON that comes back.
  func ask(_ action: String, _ request: HTTPRequest) async throws(ClusterError) -> JSON {
    let answer = try await answer(action, request)
    do {
      return try JSONReader().value(answer.body)
    } catch {
      throw redacted(ClusterError(action, .unreadable(error.description)))
    }
  }

  /// Sends a request, and gives the answer when it is a success. A question is asked again while
  /// the cluster is away, as long as there is patience; a change runs to its end, whether or not
  /// the task is cancelled meanwhile.
  func answer(_ action: String, _ request: HTTPRequest) async throws(ClusterError) -> HTTPAnswer {
    guard !request.isQuestion else { return try await patiently(action, request) }
    let work = Task { () -> Result<HTTPAnswer, ClusterError> in
      await Result(awaiting: { () async throws(ClusterError) in
        try await self.patiently(action, request)
      })
    }
    return try await work.value.get()
  }

  private func patiently(
    _ action: String, _ request: HTTPRequest
  ) async throws(ClusterError) -> HTTPAnswer {
    func once() async throws(ClusterError) -> HTTPAnswer { try await self.once(action, request) }
    guard let patience else { return try await once() }
    return try await patience.asking(isQuestion: request.isQuestion, once)
  }

  private func once(
    _ action: String, _ request: HTTPRequest
  ) async throws(ClusterError) -> HTTPAnswer {
    let end = observe?(request.line)
    defer { end?() }
    do throws(ClusterError) {
      let answer = try await transport.answer(
        to: request, for: action, within: connection.requestTimeout)
      guard (200..<300).contains(answer.status) else { throw ClusterError(action, answer: answer) }
      return answer
    } catch {
      throw redacted(error)
    }
  }

  /// An error without secrets.
  func redacted(_ error: ClusterError) -> ClusterError { error.mapping(redactor.redacting) }
}

/// The namespace of the kubeconfig's context, which `kubectl proxy` does not tell. Asked for once.
package actor CurrentNamespace {
  private let read: @Sendable () async throws(ClusterError) -> String
  private var known: String?

  /// Takes how to find it.
  package init(read: @escaping @Sendable () async throws(ClusterError) -> String) {
    self.read = read
  }

  /// Takes the kubectl that knows the kubeconfig.
  package init(of kubectl: Kubectl) {
    self.init(read: { () async throws(ClusterError) in
      do throws(ClientError) {
        return try await kubectl.context().namespace ?? "default"
      } catch {
        if case .command(let problem) = error {
          throw ClusterError("kubectl config view", .noProgram(problem))
        }
        // Within a Pod there may be no kubeconfig.
        let mounted = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"
        let text = FileManager.default.contents(atPath: mounted).map {
          String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        return text.flatMap { $0.isObjectName ? $0 : nil } ?? "default"
      }
    })
  }

  func name() async throws(ClusterError) -> String {
    if let known { return known }
    let name = try await read()
    known = name
    return name
  }
}
