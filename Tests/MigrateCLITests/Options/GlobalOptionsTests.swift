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

  @Test(
    arguments: [
      ([], [:], nil, nil),
      ([], ["HELM_NAMESPACE": "mqtt", "HELM_KUBECONTEXT": "prod"], "mqtt", "prod"),
      ([], ["HELM_NAMESPACE": "", "HELM_KUBECONTEXT": ""], nil, nil),
      (
        ["-n", "a", "--kube-context", "b"],
        ["HELM_NAMESPACE": "mqtt", "HELM_KUBECONTEXT": "prod"], "a", "b"
      ),
      ([], ["HELM_KUBEINSECURE_SKIP_TLS_VERIFY": "false", "HELM_KUBETOKEN": ""], nil, nil),
    ] as [([String], [String: String], String?, String?)])
  func helmAndKubectlTalkToTheSameCluster(
    arguments: [String], environment: [String: String], namespace: String?, kubeContext: String?
  ) throws {
    let completed = try GlobalOptions.parse(arguments).completed(by: environment)
    #expect(completed.namespace == namespace)
    #expect(completed.kubeContext == kubeContext)
  }

  @Test(
    arguments: [
      ("HELM_KUBETOKEN", "a-secret"), ("HELM_KUBEAPISERVER", "https://elsewhere"),
      ("HELM_KUBEASUSER", "root"), ("HELM_KUBEASGROUPS", "a,b"), ("HELM_KUBECAFILE", "/ca"),
      ("HELM_KUBETLS_SERVER_NAME", "x"), ("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "true"),
      ("HELM_NAMESPACE", "Not One"),
    ])
  func whatHelmAloneWouldHeedIsRefused(variable: String, value: String) throws {
    let failure = try #require(throws: CommandFailure.self) {
      try GlobalOptions.parse([]).completed(by: [variable: value])
    }
    #expect(failure.status == .wrongUsage)
    #expect(failure.message.hasPrefix("\(variable) is "))
    #expect(!failure.message.contains("a-secret"))
  }

  @Test func aPluginRunsTheHelmThatRunsIt() async throws {
    let lines = TestContext.Written()
    let test = TestContext(
      run: { command throws(CommandError) in
        lines.append(command.executable)
        return CommandResult(status: 0, output: Array("v4.3.1+g12\n".utf8))
      },
      environment: ["HELM_BIN": "/opt/helm4"])
    _ = try await GlobalOptions.parse([]).helmClient(test.context).version()
    #expect(lines.all == "/opt/helm4")
  }
}
