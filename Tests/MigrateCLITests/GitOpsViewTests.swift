import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What belongs into git, of the recorded releases.
@Suite struct GitOpsViewTests {
  @Test(arguments: ["helmrelease", "application", "helmfile"])
  func readsAsRecorded(format: String) async throws {
    let text = try await shown(format)
    try Golden.expect(text, at: "gitops/\(format).yaml")
  }

  @Test(
    arguments: [
      ("helmrelease", ["spec", "values"]),
      ("application", ["spec", "source", "helm", "valuesObject"]),
    ])
  func holdsThePlansValuesWithoutSecrets(format: String, place: [String]) async throws {
    let text = try await shown(format)
    #expect(!text.contains("hunter2"))
    let values = place.reduce(try YAMLReader().document(text)) { $0[$1] ?? .null }
    let alone = try YAMLReader().document(try await shown("values"))
    #expect(values == alone && values != .null)
  }

  @Test func theSecretGoesToAPipeOnly() async throws {
    let context = try test()
    let secret = ["--from", "-", "--no-save", "--output", "secret"]
    #expect(throws: (any Error).self) { try PlanCommand.parse(secret) }
    let command = try PlanCommand.parse(secret + ["--with-secrets"])
    _ = await context.exitCode { try await command.plan(in: $0) }
    let made = try YAMLReader().document(context.output.all)
    #expect(made["kind"] == "Secret")
    let data = made["data"]?.members.compactMapValues(\.string)
      .compactMapValues { Data(base64Encoded: $0).map { String(decoding: $0, as: UTF8.self) } }
    #expect(data?["ADMIN_TOKEN"] == "hunter2-admin-token")
  }

  private func test() throws -> TestContext {
    let fixture = try #require(ReleaseFixture.all.first { $0.name == "secrets" })
    return try TestContext(
      run: { command throws(CommandError) in try await RenderedOnce.shared.run(command) },
      input: fixture.text,
      environment: ["BACKBONE_MIGRATE_HELM": RealHelm.four.executable])
  }

  /// What the command prints of the release with many secrets.
  private func shown(_ format: String) async throws -> String {
    let context = try test()
    let command = try PlanCommand.parse(["--from", "-", "--no-save", "--output", format])
    _ = await context.exitCode { try await command.plan(in: $0) }
    return context.output.all
  }
}
