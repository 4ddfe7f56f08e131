import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct RefusedValueTests {
  private struct Refusal: Error, CustomStringConvertible {
    var description: String
  }

  /// The plan of a release for a chart that refuses to be rendered with some values.
  private func plan(
    _ variables: [(String, String)], choices: Choices = Choices(), refusing reason: String,
    when isRefused: (JSON) -> Bool
  ) async throws -> Plan {
    let chart = FakeChart()
    let situation = try Planning.situation(.with(variables), chart: chart, choices: choices)
    return try await Planning.plan(situation) { values in
      if isRefused(values) { throw Refusal(description: reason) }
      return chart.render(values, release: "web", namespace: "mqtt")
    }
  }

  private func port(_ values: JSON, _ name: String, _ fallback: Int) -> Int {
    values["config"]?[name]?.integer ?? fallback
  }

  private let onePort = [("HTTP_PORT", "1883"), ("API_ENABLED", "true"), ("TCP_ENABLED", "true")]

  private func isOnePort(_ values: JSON) -> Bool {
    values["api"]?["enabled"] == true && values["tcp"]?["enabled"] == true
      && port(values, "httpPort", 8883) == port(values, "tcpPort", 1883)
  }

  @Test func aPlanComesOutThatNamesTheValue() async throws {
    let plan = try await plan(
      onePort, refusing: "config.httpPort: one port for two listeners", when: isOnePort)
    #expect(plan.verdict == .blocked)
    let finding = try #require(plan.findings(.valueRefused).first)
    #expect(plan.findings(.valueRefused).count == 1)
    #expect(finding.severity == .blocker && finding.isOpen)
    #expect(
      finding.message
        == "chart 0.2.0 refuses value \"config.httpPort\", which carries variable \"HTTP_PORT\": "
        + "config.httpPort: one port for two listeners")
    #expect(finding.remedy?.contains("--set config.httpPort=") == true)
    #expect(plan.variable("HTTP_PORT")?.explanation == .valueRefused)
    #expect(plan.variable("HTTP_PORT")?.carrier == .nothing)
    #expect(plan.variable("API_ENABLED")?.state == .same)
    #expect(plan.findings(.variableUnmapped).isEmpty)
  }

  @Test func anotherValueOfTheOperatorsResolvesIt() async throws {
    var choices = Choices()
    choices.set = [try ValuePath("config.httpPort"): 8883]
    let plan = try await plan(onePort, choices: choices, refusing: "no", when: isOnePort)
    #expect(plan.findings(.valueRefused).isEmpty)
    #expect(plan.variable("HTTP_PORT")?.after == .value("8883"))
  }

  @Test func aVariableOfTheListIsNamedToo() async throws {
    let plan = try await plan(
      [("LOG_LEVEL", "odd"), ("GREETING", "hello")], refusing: "odd is no level"
    ) { values in
      values["extraEnv"]?.elements.contains(.variable("LOG_LEVEL", "odd")) == true
    }
    #expect(plan.findings(.valueRefused).map(\.severity) == [.blocker])
    #expect(plan.findings(.valueRefused).first?.message.contains("\"LOG_LEVEL\"") == true)
    #expect(plan.variable("GREETING")?.state == .same)
    #expect(plan.variable("LOG_LEVEL")?.state == .removed)
  }

  @Test func aNameThatIsRefusedIsSaid() async throws {
    let plan = try await plan([], refusing: "fullnameOverride: too long") { values in
      values["fullnameOverride"] != nil
    }
    #expect(
      plan.findings(.valueRefused).map(\.message) == [
        "chart 0.2.0 refuses value \"fullnameOverride\": fullnameOverride: too long"
      ])
    #expect(plan.findings(.workloadRenamed).map(\.isOpen) == [true])
  }

  @Test func aSecretInTheChartsWordsIsNotShown() async throws {
    let plan = try await plan(
      [("ADMIN_TOKEN", "sunflower-7041")], refusing: "bad token sunflower-7041"
    ) { $0["config"]?["adminToken"] != nil }
    #expect(plan.findings(.valueRefused).first?.message.contains("bad token <redacted>") == true)
  }

  @Test func aChartThatTakesNothingAtAllGivesNoPlan() async throws {
    await #expect(throws: Refusal.self) {
      try await plan(onePort, refusing: "never") { _ in true }
    }
  }

  private struct WrongOption: LastingFailure {}

  @Test func whatNoValueIsToBlameForIsTriedOnce() async throws {
    let situation = try Planning.situation(.with(onePort))
    var renderings = 0
    await #expect(throws: WrongOption.self) {
      _ = try await Planning.plan(situation) { _ in
        renderings += 1
        throw WrongOption()
      }
    }
    #expect(renderings == 1)
  }
}
