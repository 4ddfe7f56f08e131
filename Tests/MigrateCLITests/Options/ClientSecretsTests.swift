import ArgumentParser
import MigrateAdapters
import MigrateExecution
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What one part of a command learns of a release's secrets, all of its clients know.
@Suite struct ClientSecretsTests {
  @Test func clientsMadeBeforeTheReleaseWasReadHideItsSecrets() async throws {
    let context = TestContext { _ in
      CommandResult(status: 1, output: [], errorText: "Error: no hunter2-admin-token")
    }.context
    let global = try GlobalOptions.parse([])
    let session = RunSession(context, global, try RunOptionGroup.parse([]))
    let run = session.runContext(namespace: "mqtt")
    let kubectl = global.kubectlClient(context, namespace: nil)
    context.redactor.learn(["hunter2-admin-token"])
    #expect(run.redactor === context.redactor)
    for kubectl in [kubectl, run.kubectl] {
      let error = await #expect(throws: ClientError.self) { try await kubectl.list(["pods"]) }
      #expect(error?.description == "kubectl get pods failed with status 1: no <redacted>")
    }
    for helm in [global.helmClient(context), run.helm] {
      let error = await #expect(throws: ClientError.self) { try await helm.status(of: "web") }
      #expect(error?.description == "helm status web failed with status 1: no <redacted>")
    }
  }
}
