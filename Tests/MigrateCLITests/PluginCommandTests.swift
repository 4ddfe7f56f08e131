import ArgumentParser
import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

@Suite struct PluginCommandTests {
  private static let written = """
    NEXT  backbone-migrate apply plan-x7k2m9qa --dry-run
    "backbone-migrate explain CODE" says more; kept by backbone-migrate plan-x7k2m9qa

    """
  private static let byPlugin = """
    NEXT  helm backbone-migrate apply plan-x7k2m9qa --dry-run
    "helm backbone-migrate explain CODE" says more; kept by backbone-migrate plan-x7k2m9qa

    """

  @Test(
    arguments: [
      (["HELM_PLUGIN_NAME": "backbone-migrate"], true, byPlugin, byPlugin),
      (["HELM_PLUGIN_NAME": "backbone-migrate", "PATH": "/bin"], false, written, byPlugin),
      (["HELM_PLUGIN_NAME": "another"], true, written, written),
      ([:], true, written, written),
    ] as [([String: String], Bool, String, String)])
  func commandsAreWrittenAsTheyAreTyped(
    environment: [String: String], onTerminal: Bool, output: String, errors: String
  ) {
    var test = TestContext(environment: environment)
    test.change { $0.outputIsTerminal = onTerminal }
    let context = test.context.namingCommands
    context.writeOutput(Self.written)
    context.writeError(Self.written)
    #expect(test.output.all == output)
    #expect(test.errors.all == errors)
  }

  @Test func everyCommandIsOneThatCanBeNamed() {
    let names = BackboneMigrate.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    #expect(Set(names) == Set(NextCommand.Verb.allCases.map(\.rawValue)))
  }

  @Test func whatIsOnThePathNeedsNoHelm() async throws {
    try await TemporaryFolder.with { folder in
      let program = folder + "/backbone-migrate"
      try "#!/bin/sh\n".write(toFile: program, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
      let test = TestContext(
        environment: ["HELM_PLUGIN_NAME": "backbone-migrate", "PATH": "/nowhere:\(folder)"])
      test.context.namingCommands.writeError(Self.written)
      #expect(test.errors.all == Self.written)
    }
  }
}
