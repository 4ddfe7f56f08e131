import ArgumentParser
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What is written to which terminal.
@Suite struct TerminalTests {
  @Test(
    arguments: [
      ([:], true, true, true), (["TERM": "xterm"], true, true, true),
      (["TERM": "dumb"], true, false, false), (["CI": "true"], true, false, true),
      (["CI": ""], true, true, true), (["NO_COLOR": "1"], true, true, false),
      ([:], false, false, true),
    ] as [([String: String], Bool, Bool, Bool)])
  func linesAreTakenBackWhereThatCanBeSeen(
    environment: [String: String], isTerminal: Bool, redraws: Bool, colors: Bool
  ) throws {
    var test = TestContext(environment: environment)
    test.change { $0.errorIsTerminal = isTerminal }
    #expect(test.context.redrawsLines == redraws)
    #expect(test.context.allowsColor == colors)
    let progress = Progress(test.context, try GlobalOptions.parse([]))
    progress.show("reading web")
    progress.end()
    #expect(test.errors.all.isEmpty != redraws)
  }

  @Test(
    arguments: [
      (nil, [:], false), ("mqtt", [:], false), ("other", [:], true),
      ("other", ["HELM_NAMESPACE": "other"], false),
    ] as [(String?, [String: String], Bool)])
  func anotherNamespaceThanThePlansIsRefused(
    namespace: String?, environment: [String: String], isRefused: Bool
  ) throws {
    let global = try GlobalOptions.parse(namespace.map { ["--namespace", $0] } ?? [])
    let context = TestContext(environment: environment).context
    if isRefused {
      let failure = #expect(throws: CommandFailure.self) {
        try global.require("mqtt", of: "plan \"plan-x\"", in: context)
      }
      #expect(failure?.status == .wrongUsage)
      #expect(failure?.message.contains("is of namespace \"mqtt\", not \"other\"") == true)
    } else {
      try global.require("mqtt", of: "plan \"plan-x\"", in: context)
    }
  }

  @Test func theLineIsTakenBackBeforeAFailureIsSaid() async throws {
    var test = TestContext(run: { command throws(CommandError) in
      throw .notFound(executable: command.executable)
    })
    test.change {
      $0.errorIsTerminal = true
      $0.transport = AbsentTransport()
    }
    let maker = PlanMaker(
      context: test.context, global: try GlobalOptions.parse(["--helm", "/nowhere/helm"]),
      options: try PlanOptions.parse([]))
    await #expect(throws: (any Error).self) {
      try await TemporaryFolder.with { _ = try await maker.make("web", in: $0) }
    }
    #expect(test.errors.all.contains("reading web…"))
    #expect(test.errors.all.hasSuffix("…\r\u{1B}[K"))
  }
}

/// A machine without kubectl.
private struct AbsentTransport: ClusterTransport {
  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    throw ClusterError(action, .noProgram(.notFound(executable: "kubectl")))
  }

  func end() async {}
}
