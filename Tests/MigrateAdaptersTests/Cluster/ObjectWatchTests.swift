import MigratePlanning
import Testing

@testable import MigrateAdapters

/// An object that is followed, where a watch says nothing or is not to be had.
@Suite(.timeLimit(.minutes(5))) struct ObjectWatchTests {
  private static let reference = ObjectReference(kind: "Deployment", name: "web")
  private static let live: JSON = ["kind": "Deployment", "metadata": ["name": "web"]]

  @Test func aWatchThatSaysNothingIsNotTrustedForEver() async throws {
    try await SocketServer.with { request, _, _ in
      request.contains("watch=true")
        ? [.pause(.seconds(2)), .close] : .answer(Self.live.canonical)
    } _: { server, client in
      let cluster = Cluster(
        transport: KubectlProxy(servedBy: client),
        connection: ClusterConnection(namespace: "mqtt"),
        currentNamespace: CurrentNamespace { () throws(ClusterError) in "mqtt" },
        redactor: Redactor())
      let watch = ObjectWatch(Self.reference, in: cluster) {}
      for _ in 1...12 {
        let found = try await watch.next()
        #expect(found == Self.live)
      }
      let reads = server.requests.count { $0.contains("/deployments/web ") }
      #expect(reads >= 2)
    }
  }

  @Test func whoMayNotWatchReadsAgainAndAgain() async throws {
    let asked = ScriptedTransport { _ in .json(Self.live) }
    let watch = ObjectWatch(Self.reference, in: asked.cluster()) {}
    for _ in 1...3 {
      let found = try await watch.next()
      #expect(found == Self.live)
    }
    #expect(asked.requests.count == 3)
  }
}
