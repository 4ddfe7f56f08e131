import Testing

@testable import MigrateAdapters

/// Each request without credentials makes kubectl log in; not every one may.
@Suite(.timeLimit(.minutes(5))) struct LoginTests {
  private static let failure = "getting credentials: exec: executable cloud failed with exit code 1"

  private static func failed() -> [SocketServer.Step] {
    .answer(failure, status: "500 Internal Server Error", headers: "content-type: text/plain\r\n")
  }

  private static let unauthorized: [SocketServer.Step] = .answer(
    #"{"kind": "Status", "reason": "Unauthorized"}"#, status: "401 Unauthorized")

  /// The codes of the answers to some requests side by side.
  private func codes(_ count: Int, of proxy: KubectlProxy) async throws -> Set<Int> {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<count {
        group.addTask {
          try await proxy.answer(
            to: HTTPRequest("/\(number)"), for: "look", within: .seconds(9)
          ).status
        }
      }
      var codes: Set<Int> = []
      for try await code in group { codes.insert(code) }
      return codes
    }
  }

  @Test func oneThatFailsIsTriedOnceForAll() async throws {
    try await SocketServer.with { _, _, _ in
      [.pause(.milliseconds(50))] + Self.failed()
    } _: { server, client in
      let proxy = KubectlProxy(servedBy: client, login: .init(pause: .seconds(3600)))
      let (first, later) = (try await codes(20, of: proxy), try await codes(20, of: proxy))
      #expect(first == [500] && later == [500])
      #expect(server.requests.count == 1)
    }
  }

  @Test func oneThatFailedIsTriedAgainAfterAWhile() async throws {
    try await SocketServer.with { _, number, _ in
      number == 1 ? Self.failed() : .answer("{}")
    } _: { server, client in
      let proxy = KubectlProxy(servedBy: client, login: .init(pause: .zero))
      let (first, later) = (try await codes(1, of: proxy), try await codes(5, of: proxy))
      #expect(first == [500] && later == [200])
      #expect(server.requests.count == 6)
    }
  }

  @Test func oneThatIsOverHalfWayIsNotTriedByEveryRequest() async throws {
    try await SocketServer.with { _, number, _ in
      number == 1 ? .answer("{}") : Self.failed()
    } _: { server, client in
      let proxy = KubectlProxy(servedBy: client, login: .init(pause: .seconds(3600)))
      let (first, second) = (try await codes(1, of: proxy), try await codes(1, of: proxy))
      let others = try await codes(20, of: proxy)
      #expect(first == [200] && second == [500] && others == [500])
      #expect(server.requests.count == 2)
    }
  }

  @Test func whatTheServerDoesNotTakeIsShownToItOnce() async throws {
    try await SocketServer.with { _, number, _ in
      [.pause(.milliseconds(50))] + (number == 1 ? Self.unauthorized : .answer("{}"))
    } _: { server, client in
      let proxy = KubectlProxy(servedBy: client)
      let first = try await codes(20, of: proxy)
      #expect(first == [401] && server.requests.count == 1)
      let later = try await codes(20, of: proxy)
      #expect(later == [200])
    }
  }
}
