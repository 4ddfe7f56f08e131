import ArgumentParser
import MigrateAdapters
import MigrateExecution
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What one part of a command learns of a release's secrets, all of its clients know.
@Suite struct ClientSecretsTests {
  @Test func clientsMadeBeforeTheReleaseWasReadHideItsSecrets() async throws {
    var test = TestContext { _ in
      CommandResult(status: 1, output: [], errorText: "Error: no hunter2-admin-token")
    }
    test.change { $0.transport = TalkativeServer() }
    let context = test.context
    let global = try GlobalOptions.parse([])
    let session = RunSession(context, global, try RunOptionGroup.parse([]))
    let run = session.runContext(namespace: "mqtt")
    context.redactor.learn(["hunter2-admin-token"])
    #expect(run.redactor === context.redactor)
    for cluster in [global.cluster(context, namespace: nil), run.cluster] {
      let error = await #expect(throws: ClusterError.self) { try await cluster.list("pods") }
      #expect(
        error?.description
          == "list pods failed with status 403: Error from server (Forbidden): no <redacted>")
    }
    for helm in [global.helmClient(context), run.helm] {
      let error = await #expect(throws: ClientError.self) { try await helm.status(of: "web") }
      #expect(error?.description == "helm status web failed with status 1: no <redacted>")
    }
  }
}

/// An API server that refuses everything, and says a secret.
private struct TalkativeServer: ClusterTransport {
  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    HTTPAnswer(
      status: 403, headers: ["content-type": "application/json"],
      body: Array(
        #"{"kind":"Status","reason":"Forbidden","message":"no hunter2-admin-token"}"#.utf8))
  }

  func end() async {}
}
