import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct ComparisonTests {
  private func row(
    _ name: String, _ variables: [(String, String)], chart: FakeChart = FakeChart(),
    choices: Choices = Choices()
  ) async throws -> VariableComparison {
    let plan = try await Planning.plan(variables, chart: chart, choices: choices)
    return try #require(plan.variable(name))
  }

  @Test(
    arguments: [
      ("TZ", "UTC", .same, nil), ("HTTP_PORT", "9000", .same, nil),
      ("HTTP_PORT", "08883", .changed, .valueNotExact),
      ("HTTP_PORT", "09000", .changed, .valueNotExact),
      ("WS_ENABLED", "1", .changed, .flagNotTrue), ("WS_ENABLED", "true", .same, nil),
      ("WS_ENABLED", "", .changed, .flagNotTrue), ("HTTP_PORT", "http", .same, nil),
      ("TZ", "", .same, nil), ("LOG_LEVEL", "", .same, nil),
    ] as [(String, String, VariableComparison.State, FindingCode?)])
  func everyVariableHasAStateAndAnExplanation(
    name: String, text: String, state: VariableComparison.State, explanation: FindingCode?
  ) async throws {
    let row = try await row(name, [(name, text)])
    #expect(row.state == state)
    #expect(row.explanation == explanation)
    #expect(row.consent == nil)
    #expect(!row.needsRepair)
  }

  @Test func whatTheChartAddsIsADefault() async throws {
    let added = try await row("REDIS_HOST", [])
    #expect(added.state == .added && added.explanation == .defaultChanged)
    #expect(added.before == .absent && added.after == .value("localhost"))
  }

  @Test func whatTheChartHasNoPlaceForIsRemoved() async throws {
    let row = try await row("LOG_LEVEL", [("LOG_LEVEL", "debug")], chart: .foreign)
    #expect(row.state == .removed && row.explanation == .variableUnmapped)
    #expect(row.carrier == .nothing)
  }

  @Test func whatIsDroppedIsExplainedByConsent() async throws {
    let row = try await row(
      "LOG_LEVEL", [("LOG_LEVEL", "debug")], chart: .foreign, choices: Choices(unmapped: .drop))
    #expect(row.state == .removed && row.explanation == .variableUnmapped)
    #expect(row.consent == "--unmapped drop")
  }

  @Test func whatIsChosenIsExplainedByConsent() async throws {
    let set = try await row(
      "HTTP_PORT", [("HTTP_PORT", "9000")],
      choices: Choices(set: [try ValuePath("config.httpPort"): 7000]))
    #expect(set.state == .changed && set.explanation == .defaultChanged)
    #expect(set.consent == "--set config.httpPort")
    let adopted = try await row("K8S_ENABLED", [], choices: Choices(adopt: ["k8s.enabled"]))
    #expect(adopted.state == .added && adopted.consent == "--adopt k8s.enabled")
    #expect(adopted.after == .value("true"))
  }

  @Test func consentIsNotNamedWhereNothingDiffers() async throws {
    let row = try await row(
      "HTTP_PORT", [("HTTP_PORT", "9000")],
      choices: Choices(set: [try ValuePath("config.httpPort"): 9000]))
    #expect(row.state == .same && row.consent == nil && row.explanation == nil)
  }

  @Test func textsAreComparedByteForByte() async throws {
    let chart = FakeChart(
      hasSink: false,
      rewrites: { name, text in name == "TZ" ? text.replacing("\u{E9}", with: "e\u{301}") : text })
    let row = try await row("TZ", [("TZ", "caf\u{E9}")], chart: chart)
    #expect(row.state == .changed && row.explanation == nil)
  }

  @Test func unknownIsNeverTheSame() async throws {
    var release = SampleRelease()
    release.envFrom = [["secretRef": ["name": "locked"]]]
    release.sourceKeys = [
      EnvironmentSource.Identity(kind: .secret, name: "locked"): .unreadable("forbidden")
    ]
    let plan = try await Planning.plan(release)
    let row = try #require(plan.variable("REDIS_HOST"))
    #expect(row.state == .changed && row.explanation == .environmentFromSource)
    #expect(plan.verdict == .attention)
  }

  @Test func variablesAreListedInTheOrderOfTheReleaseThenOfTheChart() async throws {
    let plan = try await Planning.plan([("Z", "1"), ("TZ", "UTC"), ("A", "2")])
    #expect(plan.comparison.environment.prefix(3).map(\.name) == ["Z", "TZ", "A"])
    #expect(plan.comparison.environment.dropFirst(3).first?.name == "HTTP_PORT")
    #expect(
      Set(plan.comparison.environment.map(\.name)).count
        == plan.comparison.environment.count)
  }

  @Test func settingsAreKeptOrThreatened() async throws {
    let plan = try await Planning.plan([])
    let name = try #require(
      plan.comparison.settings.first { $0.home.key.name == "workload-name" })
    #expect(name.isKept && name.isThreatened)
    #expect(name.before == .value("web") && name.byDefault == .value("web-backbone"))
    let policy = try #require(
      plan.comparison.settings.first { $0.home.key.name == "pull-policy" })
    #expect(policy.isKept && !policy.isThreatened)
  }
}
