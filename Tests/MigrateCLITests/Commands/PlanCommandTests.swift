import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

@Suite struct PlanCommandTests {
  private func fixture(_ name: String) throws -> ReleaseFixture {
    try #require(ReleaseFixture.all.first { $0.name == name })
  }

  @Test func aPlanFromAFileRunsHelmTemplateAndNothingElse() async throws {
    let lines = TestContext.Written()
    let test = TestContext(
      run: { command throws(CommandError) in
        lines.append(command.arguments.prefix(1).joined() + "\n")
        return try await RenderedOnce.shared.run(command)
      }, input: try fixture("plain").text,
      environment: ["BACKBONE_MIGRATE_HELM": try RealHelm.four.executable])
    let command = try PlanCommand.parse(["--from", "-", "--no-save"])
    #expect(await test.exitCode { try await command.plan(in: $0) } == 2)
    #expect(Set(lines.all.split(separator: "\n")) == ["template", "version"])
  }

  @Test func secretsReachHelmOnStandardInputOnly() async throws {
    let arguments = TestContext.Written()
    let inputs = TestContext.Written()
    let test = TestContext(
      run: { command throws(CommandError) in
        arguments.append(command.line)
        inputs.append(String(decoding: command.input ?? [], as: UTF8.self))
        return try await RenderedOnce.shared.run(command)
      }, input: try fixture("secrets").text,
      environment: ["BACKBONE_MIGRATE_HELM": try RealHelm.four.executable])
    let command = try PlanCommand.parse(["--from", "-", "--no-save", "-v"])
    _ = await test.exitCode { try await command.plan(in: $0) }
    #expect(inputs.all.contains("hunter2-admin-token"))
    #expect(!arguments.all.contains("hunter2"))
    #expect(!test.errors.all.contains("hunter2") && !test.output.all.contains("hunter2"))
  }

  @Test func whatHelmSaysOfSecretsIsNotShown() async throws {
    let test = TestContext(
      run: { command throws(CommandError) in
        guard command.input != nil else { return try await RenderedOnce.shared.run(command) }
        return CommandResult(
          status: 1, output: [],
          errorText: "Error: at '/config/adminToken': \"hunter2-admin-token\" is bad\n")
      }, input: try fixture("secrets").text,
      environment: ["BACKBONE_MIGRATE_HELM": try RealHelm.four.executable])
    let command = try PlanCommand.parse(["--from", "-", "--no-save"])
    #expect(await test.exitCode { try await command.plan(in: $0) } == 1)
    #expect(test.errors.all.contains("\"<redacted>\" is bad"))
    #expect(!test.errors.all.contains("hunter2"))
    #expect(test.output.all.isEmpty)
  }

  @Test func aSecretOfSeveralLinesInHelmsWordsIsNotShown() async throws {
    let key = "-----BEGIN KEY-----\\nhunter2\\n-----END KEY-----\\n"
    let text = try fixture("plain").text.replacing(
      "- { name: TZ, value: \"Europe/Vienna\" }", with: "- { name: TLS_KEY, value: \"\(key)\" }")
    try #require(text.contains("hunter2"))
    let test = TestContext(
      run: { command throws(CommandError) in
        guard command.input != nil else { return try await RenderedOnce.shared.run(command) }
        let said = "Error: cannot read\n-----BEGIN KEY-----\nhunter2\n-----END KEY-----\n\n"
        return CommandResult(status: 1, output: [], errorText: said)
      }, input: text, environment: ["BACKBONE_MIGRATE_HELM": try RealHelm.four.executable])
    let command = try PlanCommand.parse(["--from", "-", "--no-save"])
    #expect(await test.exitCode { try await command.plan(in: $0) } == 1)
    #expect(!test.errors.all.contains("hunter2"), "\(test.errors.all)")
  }

  @Test(
    arguments: [
      ("", "standard input cannot be used"), ("schema: other\n", "\"schema\" is not"),
      ("[1, 2", "standard input cannot be used"),
    ])
  func aFileThatIsNoReleaseIsAnError(text: String, words: String) async throws {
    let planned = try await Planned.run([], on: text)
    #expect(planned.exitCode == 1)
    #expect(planned.errors.contains(words), "\(planned.errors)")
    #expect(planned.output.isEmpty)
  }

  @Test func aFileThatIsNotThereIsAnError() async throws {
    let test = TestContext(
      run: RenderedOnce.shared.run,
      environment: ["BACKBONE_MIGRATE_HELM": try RealHelm.four.executable])
    let command = try PlanCommand.parse(["--from", "no/such/file.json", "--no-save"])
    #expect(await test.exitCode { try await command.plan(in: $0) } == 1)
    #expect(test.errors.all.contains("\"no/such/file.json\" cannot be read"))
  }

  @Test func aHelmThatIsNotThereIsAnError() async throws {
    let test = TestContext(
      run: { command throws(CommandError) in throw .notFound(executable: command.executable) },
      input: try fixture("plain").text)
    let command = try PlanCommand.parse(["--from", "-", "--no-save"])
    #expect(await test.exitCode { try await command.plan(in: $0) } == 1)
    #expect(test.errors.all.contains("\"helm\" was not found"))
  }

  @Test(
    arguments: [
      (["--adopt", "no.such.path"], 64, "--adopt \"no.such.path\" names neither"),
      (["--set", "timezone"], 64, "--set \"timezone\" has no value"),
      (["--container", "nobody"], 1, "has no container \"nobody\"; name one of \"backbone\""),
      (
        ["--set", "config.httpPort=nine"], 64,
        "--set config.httpPort: chart backbone 0.2.0 refuses it: got string, want"
      ),
      (
        ["--set", "config.htpPort=9"], 64,
        "--set config.htpPort: chart backbone 0.2.0 has no such value; did you mean "
          + "\"config.httpPort\""
      ),
      (
        ["--set", "log.level=debug"], 64,
        "see the values.yaml that \"backbone-migrate chart\" writes"
      ),
    ] as [([String], Int32, String)])
  func wrongChoicesAreRefused(arguments: [String], code: Int32, words: String) async throws {
    let planned = try await Planned.run(arguments, on: try fixture("plain").text)
    #expect(planned.exitCode == code)
    #expect(planned.errors.contains(words), "\(planned.errors)")
    #expect(planned.output.isEmpty)
  }

  @Test func theContainerIsTheOneThatWasNamed() async throws {
    let document = try await Planned.document(
      fixture("two-containers"), ["--container", "exporter"])
    let overrides = document["overrides"]?.elements ?? []
    #expect(overrides.allSatisfy { $0["container"] == "exporter" })
    #expect(overrides.contains { $0["name"] == "SCRAPE_TOKEN" })
  }

  @Test func choicesChangeThePlan() async throws {
    let fixture = try fixture("plain")
    let plain = try await Planned.document(fixture)
    let chosen = try await Planned.document(
      fixture, ["--set", "persistence.enabled=true", "--adopt", "k8s.enabled"])
    #expect(plain["digest"] != chosen["digest"])
    #expect(chosen["values"]?["persistence"]?["enabled"] == true)
    #expect(chosen["values"]?["k8s"] == nil)
    let adopted = (chosen["findings"]?.elements ?? []).filter {
      $0["acceptedBy"] == "--adopt k8s.enabled"
    }
    #expect(adopted.count == 1)
    let command = (chosen["commands"]?.elements ?? []).last?.string ?? ""
    #expect(command.contains(" --set persistence.enabled=true --adopt k8s.enabled "))
  }

  @Test func thePlanIsTheSameWithEitherHelm() async throws {
    for name in ["plain", "secrets", "awkward"] {
      let fixture = try fixture(name)
      let digests = [
        try await Planned.document(fixture, helm: .three)["digest"],
        try await Planned.document(fixture, helm: .four)["digest"],
      ]
      #expect(digests[0] == digests[1])
    }
  }

  @Test func aFileTakesThePlanInsteadOfStandardOutput() async throws {
    try await TestFolder.with { folder in
      let file = folder + "/plan.txt"
      let text = try fixture("plain").text
      let written = try await Planned.run(["--out", file], on: text, outputIsTerminal: true)
      #expect(written.output.isEmpty && written.exitCode == 2)
      let shown = try await Planned.run([], on: text)
      #expect(
        String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
          == shown.output)
      let failed = try await Planned.run(["--out", folder + "/none/plan.txt"], on: text)
      #expect(failed.exitCode == 1)
      #expect(failed.errors.contains("cannot be written"))
    }
  }

  @Test func valuesSayThatSecretsAreLeftOut() async throws {
    let planned = try await Planned.run(["-o", "values"], on: try fixture("secrets").text)
    #expect(planned.output.contains("# Secrets are left out"))
    #expect(planned.output.contains("--with-secrets"))
    let plain = try await Planned.run(["-o", "values"], on: try fixture("plain").text)
    #expect(!plain.output.contains("Secrets"))
    #expect(plain.output.contains("helm upgrade --reset-values --values FILE"))
  }

  @Test func valuesWithSecretsAreTheValuesOfThePlan() async throws {
    let text = try fixture("secrets").text
    let planned = try await Planned.run(["-o", "values", "--with-secrets"], on: text)
    let values = try YAMLReader().document(Array(planned.output.utf8))
    #expect(values["config"]?["adminToken"] == "hunter2-admin-token")
    #expect(values["config"]?["jwtSecretFrom"]?["secretKeyRef"]?["key"] == "jwt")
    #expect(!planned.output.contains(Sensitivity.redacted))
    #expect(!planned.output.contains("left out"))
  }

  @Test func secretsAreNotWrittenToATerminal() async throws {
    let planned = try await Planned.run(
      ["-o", "values", "--with-secrets"], on: try fixture("secrets").text, outputIsTerminal: true)
    #expect(planned.exitCode == 3)
    #expect(planned.output.isEmpty)
    #expect(planned.errors.hasPrefix("error: secrets are not written to a terminal"))
  }

  @Test func aBlockedPlanGivesNoValuesWithSecrets() async throws {
    let planned = try await Planned.run(
      ["-o", "values", "--with-secrets"], on: try fixture("pending").text)
    #expect(planned.exitCode == 3)
    #expect(planned.output == ValuesView.refusal)
    #expect((try? YAMLReader().document(Array(planned.output.utf8))) == nil)
  }

  @Test func whatKeepsAPlanFromBeginningGivesNoValuesEither() async throws {
    let test = TestContext(environment: ["HELM_KUBEASUSER": "somebody"])
    let command = try PlanCommand.parse(["web", "-o", "values"])
    #expect(await test.exitCode { try await command.answer(in: $0) } == 64)
    #expect(test.output.all == ValuesView.refusal)
    #expect(test.errors.all.contains("HELM_KUBEASUSER is set"))
  }

  @Test func aFileWithoutSecretsGivesNone() async throws {
    let text = try fixture("secrets").text.replacing(/hunter2[a-z0-9-]*/, with: "<redacted>")
      .replacing("\"old-<redacted>\"", with: "\"<redacted>\"")
    let planned = try await Planned.run(["-o", "values", "--with-secrets"], on: text)
    #expect(planned.exitCode == 3)
    #expect(planned.output.isEmpty)
    #expect(planned.errors.contains("the file has no secrets"))
  }

  @Test(arguments: ["plain", "secrets", "awkward"])
  func helmTakesTheValuesWithSecretsAndRefusesThoseWithout(name: String) async throws {
    let text = try fixture(name).text
    let full = try await Planned.run(["-o", "values", "--with-secrets"], on: text)
    let redacted = try await Planned.run(["-o", "values"], on: text)
    try await TestFolder.with { folder in
      let chart = try Chart.unpackEmbedded(into: folder + "/chart")
      for (values, isTaken) in [(full, true), (redacted, name != "secrets")] {
        let result = try await Subprocesses.run(
          Command(
            try RealHelm.four.executable, ["template", "web", chart.path, "--values", "-"],
            input: Array(values.output.utf8)))
        #expect(result.isSuccess == isTaken, "\(result.errorText)")
      }
    }
  }

  @Test func theCommandsOfAServerSideReleaseForceConflicts() async throws {
    let command = try await Planned.document(fixture("secrets"))["commands"]?.elements.last
    #expect(command?.string?.contains(" --force-conflicts") == true)
    let plain = try await Planned.document(fixture("plain"))["commands"]?.elements.last
    #expect(plain?.string?.contains("--force-conflicts") == false)
  }

  /// A name from a file is an argument of helm's.
  @Test(arguments: ["--post-renderer=/bin/cat", "-f", "--kubeconfig=x", "web;id", "$(id)"])
  func aFileCannotGiveHelmOptions(name: String) async throws {
    let text = try fixture("plain").text.replacing(
      "  name: web\n  namespace", with: "  name: \"\(name)\"\n  namespace")
    try #require(text.contains(name))
    let test = TestContext(
      run: { command throws(CommandError) in
        if command.arguments.first == "template" {
          Issue.record("helm was run with \(command.arguments)")
        }
        return CommandResult(status: 0, output: Array("v4.3.1".utf8))
      }, input: text)
    let command = try PlanCommand.parse(["--from", "-", "--no-save"])
    #expect(await test.exitCode { try await command.plan(in: $0) } == 1)
    #expect(test.errors.all.contains("no name of a release"))
  }

  @Test func anotherReleaseThanTheFilesIsRefused() async throws {
    let planned = try await Planned.run(["other"], on: try fixture("plain").text)
    #expect(planned.exitCode != 0)
    #expect(planned.errors.contains("\"other\""), "\(planned.errors)")
  }

  @Test(arguments: [RealHelm.three, .four])
  func onePortForBothListenersIsAFinding(helm: RealHelm) async throws {
    let text = try fixture("plain").text.replacing(
      "- { name: TZ, value: \"Europe/Vienna\" }",
      with: "- { name: HTTP_PORT, value: \"1883\" }")
    try #require(text.contains("HTTP_PORT"))
    let release = text.replacing(
      "- { name: HTTP_PORT, value: \"1883\" }",
      with: """
        - { name: HTTP_PORT, value: "1883" }
        \(indentation(of: "- { name: HTTP_PORT", in: text))- { name: API_ENABLED, value: "true" }
        """)
    let planned = try await Planned.run(["-o", "json"], on: release, helm: helm)
    #expect(planned.exitCode == 3, "\(planned.errors)")
    #expect(planned.output.contains("\"value-refused\""))
    #expect(planned.output.contains("config.httpPort and config.tcpPort are both 1883"))
    #expect(!planned.output.contains("--debug"))

    let mended = try await Planned.run(["--set", "config.httpPort=8883"], on: release, helm: helm)
    #expect(mended.exitCode == 2, "\(mended.output)")
    #expect(!mended.output.contains("value-refused"))
  }

  private func indentation(of text: String, in all: String) -> String {
    let line = all.split(separator: "\n").first { $0.contains(text) } ?? ""
    return String(line.prefix { $0 == " " })
  }

  @Test(
    arguments: [
      (#"ADMIN_TOKEN, value: "<redacted>""#, [], "the file has no secrets"),
      (#"TZ, value: "UTC""#, ["--set", "config.adminToken=<redacted>"], "write the secret itself"),
    ])
  func whatIsRefusedIsNotKept(
    variable: String, options: [String], words: String
  ) async throws {
    let text = try fixture("plain").text.replacing(
      #"TZ, value: "Europe/Vienna""#, with: variable)
    try #require(text.contains(variable))
    try await TestFolder.with { folder in
      let history = folder + "/history.sqlite"
      let test = TestContext(
        run: RenderedOnce.shared.run, input: text,
        environment: [
          "BACKBONE_MIGRATE_HELM": try RealHelm.four.executable,
          "BACKBONE_MIGRATE_HISTORY": history,
        ])
      let command = try PlanCommand.parse(
        ["--from", "-", "-o", "values", "--with-secrets"] + options)
      #expect(await test.exitCode { try await command.plan(in: $0) } == 3)
      #expect(test.errors.all.contains(words), "\(test.errors.all)")
      #expect(!FileManager.default.fileExists(atPath: history))
    }
  }
}
