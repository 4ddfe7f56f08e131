/// What brings requests to the API server and answers back: `kubectl proxy`, or what a test puts in
/// its place.
package protocol ClusterTransport: Sendable {
  /// Gives the answer to a request, whatever it says. A change that may have arrived is sent once.
  ///
  /// - Throws: ``ClusterError`` when there is none, as it came: secrets are taken out afterwards.
  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer

  /// Gets ready for the first request, beside other work.
  func begin()

  /// Ends what was started for it.
  func end() async
}

extension ClusterTransport {
  package func begin() {}
}

extension KubectlProxy: ClusterTransport {
  package nonisolated func begin() {
    // What goes wrong is told to the first request.
    Task { _ = try? await self.client() }
  }

  /// Gives the answer to a request, for which kubectl logs in where it has no credentials.
  func anyAnswer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    var client = try await self.client()
    var tries = 3
    while true {
      tries -= 1
      let failure: HTTPFailure
      do throws(HTTPFailure) {
        return try await client.answer(to: request, within: limit)
      } catch {
        failure = error
      }
      let isUnheard: Bool
      switch failure {
      // Nobody listens there any more: nothing was sent.
      case .notConnected: isUnheard = true
      case .noAnswer where request.isQuestion: isUnheard = false
      case .timedOut:
        await endIfHung(client)
        throw ClusterError(action, failure: failure)
      default: throw ClusterError(action, failure: failure)
      }
      guard tries > 0 else { throw ClusterError(action, failure: failure) }
      client = try await self.client(after: client, isUnheard: isUnheard)
    }
  }
}
