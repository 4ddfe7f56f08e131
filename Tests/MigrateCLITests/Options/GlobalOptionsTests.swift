import ArgumentParser
import MigrateAdapters
import Testing

@testable import MigrateCLI

@Suite struct GlobalOptionsTests {
  @Test(
    arguments: [
      ([], ["HOME": "/home/op"], "/home/op/.local/state/backbone-migrate/history.sqlite"),
      ([], ["HOME": "/h", "XDG_STATE_HOME": "/s"], "/s/backbone-migrate/history.sqlite"),
      (
        [], ["HOME": "/h", "XDG_STATE_HOME": ""], "/h/.local/state/backbone-migrate/history.sqlite"
      ),
      ([], ["HOME": "/h", "BACKBONE_MIGRATE_HISTORY": "/x/y.sqlite"], "/x/y.sqlite"),
      (["--history", "/z"], ["HOME": "/h", "BACKBONE_MIGRATE_HISTORY": "/x"], "/z"),
    ] as [([String], [String: String], String)])
  func theHistoryIsWhereItIsSaidToBe(
    arguments: [String], environment: [String: String], path: String
  ) throws {
    #expect(try GlobalOptions.parse(arguments).historyPath(environment) == path)
  }

  @Test(
    arguments: [
      ([], true, [:], true), ([], false, [:], false), (["--no-color"], true, [:], false),
      ([], true, ["NO_COLOR": "1"], false), ([], true, ["NO_COLOR": ""], true),
    ] as [([String], Bool, [String: String], Bool)])
  func colourIsForTerminals(
    arguments: [String], isTerminal: Bool, environment: [String: String], usesColor: Bool
  ) throws {
    let test = TestContext(environment: environment, outputIsTerminal: isTerminal)
    #expect(try GlobalOptions.parse(arguments).usesColor(test.context) == usesColor)
  }

  @Test func theProgramsAreTheNamedOnes() async throws {
    let lines = TestContext.Written()
    let test = TestContext(
      run: { command throws(CommandError) in
        lines.append(command.line + "\n")
        return CommandResult(status: 0, output: Array("v4.3.1+g12\n".utf8))
      },
      environment: ["BACKBONE_MIGRATE_HELM": "/env/helm"])
    let plain = try await GlobalOptions.parse([]).helmClient(test.context).version()
    #expect(plain == "4.3.1")
    _ = try await GlobalOptions.parse(["--helm", "/opt/helm"]).helmClient(test.context).version()
    var nothing = test
    nothing = TestContext(run: test.context.run)
    _ = try await GlobalOptions.parse(["-v"]).helmClient(nothing.context).version()
    #expect(
      lines.all.split(separator: "\n").map { $0.split(separator: " ").first ?? "" }
        == ["/env/helm", "/opt/helm", "helm"])
    #expect(nothing.errors.all.hasPrefix("+ helm version --template {{.Version}}\n"))
  }
}
