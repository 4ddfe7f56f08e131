import Foundation
import Testing

@testable import MigrateAdapters

/// HTTP over a socket of this machine, with a server that does what a server may do.
@Suite(.timeLimit(.minutes(5))) struct SocketClientTests {
  private static let patch = HTTPRequest(
    .patch, "/x?dryRun=All", contentType: "application/json-patch+json", body: Array("[1]".utf8))

  private func text(_ answer: HTTPAnswer) -> String { String(decoding: answer.body, as: UTF8.self) }

  @Test func aRequestArrivesAsItWasMeant() async throws {
    try await SocketServer.with { _, _, _ in
      .answer("{}", headers: "X-A: 1\r\nx-a: 2\r\n")
    } _: {
      server, client in
      let answer = try await client.answer(to: Self.patch, within: .seconds(5))
      #expect(answer.status == 200 && text(answer) == "{}" && answer.headers["x-a"] == "1")
      let request = try #require(server.requests.first)
      #expect(request.hasPrefix("PATCH /x?dryRun=All HTTP/1.1\r\n"))
      #expect(request.contains("host: localhost\r\n"))
      #expect(request.contains("content-type: application/json-patch+json\r\n"))
      #expect(request.hasSuffix("content-length: 3\r\n\r\n[1]"))
    }
  }

  @Test func aConnectionIsUsedAgain() async throws {
    try await SocketServer.with { _, number, _ in
      .answer("\(number)")
    } _: { server, client in
      for number in 1...5 {
        let answer = try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
        #expect(text(answer) == "\(number)")
      }
      #expect(server.connections == 1 && client.idleCount == 1)
    }
  }

  @Test func requestsRunSideBySide() async throws {
    try await SocketServer.with { request, _, _ in
      [.pause(.milliseconds(100))] + .answer(request.split(separator: " ")[1].description)
    } _: { server, client in
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<40 {
          group.addTask {
            let answer = try await client.answer(to: HTTPRequest("/\(number)"), within: .seconds(9))
            return String(decoding: answer.body, as: UTF8.self) == "/\(number)"
          }
        }
        for try await isRight in group { #expect(isRight) }
      }
      #expect((2...16).contains(server.connections))
    }
  }

  @Test func aBodyInChunksComesWhole() async throws {
    try await SocketServer.with { _, _, _ in
      [
        .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"),
        .pause(.milliseconds(20)), .send("2\r\nd"), .send("e\r\n0\r\n\r\n"),
      ]
    } _: { _, client in
      let answer = try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      #expect(text(answer) == "abcde")
    }
  }

  @Test func aBodyWithoutLengthEndsWithTheConnection() async throws {
    try await SocketServer.with { _, _, _ in
      [.send("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it"), .close]
    } _: { server, client in
      for _ in 0..<2 {
        let answer = try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
        #expect(text(answer) == "all of it")
      }
      #expect(server.connections == 2 && client.idleCount == 0)
    }
  }

  /// The server closes the kept connection when the second request has arrived.
  private static let closesTheSecond: SocketServer.Script = { _, number, _ in
    number == 2 ? [.close] : .answer("\(number)")
  }

  @Test func aReadIsSentAgainWhenTheKeptConnectionEnds() async throws {
    try await SocketServer.with(Self.closesTheSecond) { server, client in
      _ = try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      #expect(text(try await client.answer(to: HTTPRequest("/"), within: .seconds(5))) == "3")
      #expect(server.connections == 2)
    }
  }

  @Test func aWriteIsNotSentAgain() async throws {
    try await SocketServer.with(Self.closesTheSecond) { server, client in
      _ = try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      await #expect(throws: HTTPFailure.noAnswer("the connection was closed")) {
        try await client.answer(to: Self.patch, within: .seconds(5))
      }
      #expect(server.requests.count == 2)
      #expect(text(try await client.answer(to: Self.patch, within: .seconds(5))) == "3")
    }
  }

  @Test func aReadThatFailsOnAFreshConnectionIsNotSentAgain() async throws {
    try await SocketServer.with { _, _, _ in
      [.close]
    } _: { server, client in
      await #expect(throws: HTTPFailure.self) {
        try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test func anIdleConnectionThatTheServerClosedIsNotUsed() async throws {
    try await SocketServer.with { _, number, _ in
      .answer("\(number)") + (number == 1 ? [.pause(.milliseconds(10)), .close] : [])
    } _: { server, client in
      _ = try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      while client.idleCount > 0 { await Task.yield() }
      #expect(text(try await client.answer(to: Self.patch, within: .seconds(5))) == "2")
      #expect(server.connections == 2)
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nhalf", "HTTP/1.1 20",
  ])
  func halfAnAnswerIsNone(half: String) async throws {
    try await SocketServer.with { _, _, _ in
      [.send(half), .close]
    } _: { _, client in
      let failure = await #expect(throws: HTTPFailure.self) {
        try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      }
      guard case .noAnswer = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
    }
  }

  @Test func whatIsNoHTTPIsSaidToBe() async throws {
    try await SocketServer.with { _, _, _ in
      [.send("SSH-2.0-OpenSSH\r\n\r\n")]
    } _: { _, client in
      let failure = await #expect(throws: HTTPFailure.self) {
        try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      }
      guard case .malformed = failure else {
        Issue.record("\(String(describing: failure))")
        return
      }
    }
  }

  @Test func aSlowAnswerIsGivenUp() async throws {
    try await SocketServer.with { _, _, _ in
      [.send("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nab"), .pause(.seconds(30))]
    } _: { server, client in
      await #expect(throws: HTTPFailure.timedOut(seconds: 0)) {
        try await client.answer(to: HTTPRequest("/"), within: .milliseconds(80))
      }
      #expect(client.idleCount == 0 && server.connections == 1)
    }
  }

  @Test(arguments: [true, false])
  func aHugeAnswerIsGivenUp(saysItsLength: Bool) async throws {
    let part = String(repeating: "x", count: 100_000)
    try await SocketServer.with { _, _, _ in
      saysItsLength
        ? [.send("HTTP/1.1 200 OK\r\ncontent-length: 9000000000\r\n\r\n")]
          + [SocketServer.Step](repeating: .send(part), count: 12)
        : [.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")]
          + [SocketServer.Step](repeating: .send("186a0\r\n\(part)\r\n"), count: 12)
    } _: { _, client in
      await #expect(throws: HTTPFailure.tooLarge(limit: 1 << 20)) {
        try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      }
    }
  }

  @Test func aLargeBodyArrives() async throws {
    try await SocketServer.with { request, _, _ in
      .answer("\(request.utf8.count)")
    } _: {
      _, client in
      let request = HTTPRequest(.post, "/", body: [UInt8](repeating: 0x78, count: 3 << 20))
      let answer = try await client.answer(to: request, within: .seconds(30))
      #expect(try #require(Int(text(answer))) > 3 << 20)
    }
  }

  @Test func aCancelledRequestEnds() async throws {
    try await SocketServer.with { _, _, _ in
      [.pause(.seconds(60))]
    } _: { server, client in
      let work = Task { try await client.answer(to: HTTPRequest("/"), within: .seconds(60)) }
      while server.requests.isEmpty { await Task.yield() }
      work.cancel()
      await #expect(throws: HTTPFailure.cancelled) { try await work.value }
    }
  }

  @Test func withoutAServerNothingIsSent() async throws {
    let client = SocketClient(path: "/tmp/no-such-socket")
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.answer(to: Self.patch, within: .seconds(5))
    }
    guard case .notConnected = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  // MARK: Streams

  private func lines(_ client: SocketClient) async throws -> (lines: [String], error: (any Error)?)
  {
    var lines: [String] = []
    do {
      for try await part in try await client.lines(
        of: HTTPRequest("/watch"), connectingWithin: .seconds(5))
      {
        switch part {
        case .head(let head): lines.append("\(head.status) \(text(head))")
        case .line(let line): lines.append(String(decoding: line, as: UTF8.self))
        }
      }
    } catch {
      return (lines, error)
    }
    return (lines, nil)
  }

  private static let streamHead = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

  @Test func linesComeAsTheyAreSent() async throws {
    try await SocketServer.with { _, _, _ in
      [
        .send(Self.streamHead + "3\r\na\nb\r\n"), .pause(.milliseconds(20)),
        .send("4\r\nc\n\nd\r\n"), .send("0\r\n\r\n"),
      ]
    } _: { _, client in
      let (lines, error) = try await lines(client)
      #expect(lines == ["200 ", "a", "bc", "d"] && error == nil)
    }
  }

  @Test func aStreamThatBreaksOffSaysSo() async throws {
    try await SocketServer.with { _, _, _ in
      [.send(Self.streamHead + "2\r\na\n\r\n"), .close]
    } _: { _, client in
      let (lines, error) = try await lines(client)
      #expect(lines == ["200 ", "a"])
      guard case .noAnswer? = error as? HTTPFailure else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }

  @Test func aRefusedStreamGivesTheRefusal() async throws {
    try await SocketServer.with { _, _, _ in
      .answer("{\"kind\":\n\"Status\"}", status: "403 Forbidden")
    } _: { _, client in
      let (lines, error) = try await lines(client)
      #expect(lines == ["403 {\"kind\":\n\"Status\"}"] && error == nil)
    }
  }

  @Test func aLineWithoutEndIsGivenUp() async throws {
    let part = String(repeating: "x", count: 0x8000)
    try await SocketServer.with { _, _, _ in
      [.send(Self.streamHead)]
        + [SocketServer.Step](repeating: .send("8000\r\n\(part)\r\n"), count: 4)
    } _: { _, client in
      let (lines, error) = try await lines(client)
      #expect(lines == ["200 "] && error as? HTTPFailure == .tooLarge(limit: 1 << 16))
    }
  }

  @Test func whoStopsReadingEndsTheStream() async throws {
    try await SocketServer.with { _, number, _ in
      number == 1 ? [.send(Self.streamHead + "2\r\na\n\r\n"), .pause(.seconds(60))] : .answer("{}")
    } _: { _, client in
      for try await part in try await client.lines(
        of: HTTPRequest("/watch"), connectingWithin: .seconds(5))
      {
        if case .line = part { break }
      }
      // Other requests go on meanwhile, and the stream's connection is kept for none.
      _ = try await client.answer(to: HTTPRequest("/"), within: .seconds(5))
      #expect(client.idleCount == 1)
    }
  }
}
