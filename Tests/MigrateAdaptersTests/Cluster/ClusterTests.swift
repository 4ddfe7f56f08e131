import Foundation
import MigratePlanning
import Synchronization
import Testing

@testable import MigrateAdapters

/// What is made of answers that a real API server rarely gives.
@Suite(.timeLimit(.minutes(5))) struct ClusterTests {
  private static let patched = ObjectReference(kind: "ConfigMap", name: "notes")

  private static let redactor: Redactor = {
    let redactor = Redactor()
    redactor.learn(["hunter2"])
    return redactor
  }()

  /// Does a test's work with a server that is asked for objects.
  private func with(
    patience: Patience? = nil, _ answer: @escaping SocketServer.Script,
    _ work: nonisolated(nonsending) (SocketServer, Cluster) async throws -> Void
  ) async throws {
    try await SocketServer.with(answer) { server, client in
      let cluster = Cluster(
        transport: KubectlProxy(servedBy: client),
        connection: ClusterConnection(namespace: "mqtt", requestTimeout: .seconds(5)),
        currentNamespace: CurrentNamespace { () throws(ClusterError) in "other" },
        patience: patience, redactor: Self.redactor)
      try await work(server, cluster)
    }
  }

  private func error(of work: () async throws -> Void) async -> ClusterError? {
    do {
      try await work()
      return nil
    } catch {
      return error as? ClusterError
    }
  }

  private static func status(
    _ code: Int, _ reason: String, _ message: String, details: String = "{}"
  ) -> [SocketServer.Step] {
    .answer(
      """
      {"kind":"Status","code":\(code),"reason":"\(reason)","message":"\(message)",\
      "details":\(details)}
      """, status: "\(code) X")
  }

  @Test func aKindThatIsGoneIsNoMissingObject() async throws {
    try await with { request, _, _ in
      Self.status(404, "NotFound", "x", details: request.contains("/a ") ? #"{"name":"a"}"# : "{}")
    } _: { _, cluster in
      let absent = try await cluster.get(ObjectReference(kind: "ConfigMap", name: "a"))
      #expect(absent == nil)
      let gone = await error { _ = try await cluster.get(Self.patched) }
      #expect(gone?.isNotServed == true)
    }
  }

  @Test func aListThatExpiresHalfWayIsReadAnew() async throws {
    try await with { request, _, _ in
      let page: (String, String) -> [SocketServer.Step] = { name, token in
        .answer(
          """
          {"metadata":{"continue":"\(token)","resourceVersion":"7"},
           "items":[{"metadata":{"name":"\(name)"}}]}
          """)
      }
      if request.contains("continue=") { return Self.status(410, "Expired", "too old") }
      return request.contains("limit=") ? page("a", "next one") : page("b", "")
    } _: { server, cluster in
      let (items, version) = try await cluster.list(.configMaps)
      #expect(items.map(\.objectName) == ["b"] && version == "7")
      let expected = "GET /api/v1/namespaces/mqtt/configmaps?limit=500&continue=next%20one "
      #expect(server.requests.dropFirst().first?.hasPrefix(expected) == true)
    }
  }

  @Test func noSecretIsInAnError() async throws {
    try await with { _, _, _ in
      Self.status(
        422, "Invalid", "env hunter2",
        details: #"{"causes":[{"field":"a","message":"hunter2","reason":"FieldValueInvalid"}]}"#)
    } _: { _, cluster in
      let error = await error { _ = try await cluster.get(Self.patched) }
      #expect(
        error?.causes.first?.field == "a" && error?.description.contains("a: <redacted>") == true)
      #expect(!String(reflecting: error).contains("hunter2"))
    }
  }

  @Test func aChangeWithoutAnswerIsSentOnce() async throws {
    try await with { _, _, _ in
      [.close]
    } _: { server, cluster in
      let error = await error {
        _ = try await cluster.patch(Self.patched, with: ["data": [:]], as: .merge)
      }
      #expect(error?.leavesOpen == true)
      #expect(server.requests.filter { $0.hasPrefix("PATCH") }.count == 1)
      let foretold = await self.error {
        _ = try await cluster.patch(Self.patched, with: ["data": [:]], as: .merge, dryRun: true)
      }
      #expect(foretold?.mayPass == true)
      #expect(server.requests.filter { $0.hasPrefix("PATCH") }.count > 2)
    }
  }

  @Test func aChangeGoesOnWhenItsTaskIsCancelled() async throws {
    try await with { _, _, _ in
      [.pause(.milliseconds(200))] + .answer("{}")
    } _: {
      server, cluster in
      let work = Task { try await cluster.patch(Self.patched, with: ["a": 1], as: .merge) }
      while !server.requests.contains(where: { $0.hasPrefix("PATCH") }) { await Task.yield() }
      work.cancel()
      let patched = try await work.value
      #expect(patched == [:])
    }
  }

  @Test func aBusyServerIsAskedAgainWhenItWants() async throws {
    let pauses = Mutex<[Duration]>([])
    let patience = Patience(
      limit: .seconds(90), now: { Date() },
      sleep: { pause in pauses.withLock { $0.append(pause) } }, isStopped: { false },
      tell: { _ in })
    try await with(patience: patience) { _, number, _ in
      number < 3
        ? .answer(
          "Too many requests", status: "429 X",
          headers: "content-type: text/plain\r\nretry-after: \(number == 1 ? "7" : "9000")\r\n")
        : .answer(#"{"data":{"a":"1"}}"#)
    } _: { server, cluster in
      let patched = try await cluster.patch(Self.patched, with: ["data": [:]], as: .merge)
      #expect(patched["data"] == ["a": "1"])
      #expect(pauses.withLock { $0 } == [.seconds(7), .seconds(30)])
      #expect(server.requests.filter { $0.hasPrefix("PATCH") }.count == 3)
    }
  }

  @Test(arguments: [
    ("$(x)", "%24%28x%29"), ("a?x=1", "a%3Fx%3D1"), ("-n", nil), ("a/b", nil), ("../secrets", nil),
    ("", nil),
  ])
  func aNameIsOneSegmentOrNotAskedFor(name: String, segment: String?) async throws {
    try await with { _, _, _ in
      .answer("{}")
    } _: { server, cluster in
      let error = await error {
        _ = try await cluster.get(ObjectReference(kind: "ConfigMap", name: name))
      }
      #expect((error == nil) == (segment != nil))
      let asked = server.requests.last?.split(separator: " ").dropFirst().first.map(String.init)
      #expect(asked == segment.map { "/api/v1/namespaces/mqtt/configmaps/\($0)" })
    }
  }

  // MARK: Watches

  private func events(
    _ lines: String..., ending steps: [SocketServer.Step] = [.close]
  ) async throws -> (kinds: [WatchEvent.Kind], error: ClusterError?) {
    var kinds: [WatchEvent.Kind] = []
    var failure: ClusterError?
    let body = lines.map { $0 + "\n" }.joined()
    try await with { _, _, _ in
      [.send("HTTP/1.1 200 OK\r\n\r\n\(body)")] + steps
    } _: { _, cluster in
      do {
        for try await event in try await cluster.watch(.configMaps, in: "mqtt", from: "1") {
          kinds.append(event.kind)
        }
      } catch {
        failure = error as? ClusterError
      }
    }
    return (kinds, failure)
  }

  @Test func aWatchEndsWithItsServer() async throws {
    let (kinds, error) = try await events(
      #"{"type":"ADDED","object":{}}"#,
      #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}"#)
    #expect(kinds == [.added, .bookmark] && error == nil)
  }

  @Test func aVersionThatIsTooOldIsSaid() async throws {
    let (kinds, error) = try await events(
      #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"x"}}"#)
    #expect(kinds.isEmpty && error?.isExpired == true && error?.reason == .expired)
  }

  @Test(arguments: ["not json", "{}", #"{"type":"NEW","object":{}}"#])
  func anEventThatCannotBeReadIsSaid(line: String) async throws {
    let (_, error) = try await events(line)
    guard case .unreadable? = error?.problem else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  // MARK: The socket's folder

  @Test func aPathThatIsTooLongForASocketIsNotUsed() throws {
    let long = "/tmp/" + String(repeating: "x", count: 91)
    try FileManager.default.createDirectory(
      atPath: long, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: long) }
    for parent in [long, "not/from/the/root", "/no-such-folder"] {
      let folder = try ProxyFolder.make(in: parent)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      #expect(folder.hasPrefix("/tmp/bm-"))
      let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions]
      #expect(mode as? Int == 0o700)
    }
  }
}
