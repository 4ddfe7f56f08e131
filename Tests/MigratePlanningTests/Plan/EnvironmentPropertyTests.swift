import MigratePlanning
import Testing

@testable import PlanSamples

/// What the broker sees afterwards is what it saw before, except for what the plan names.
@Suite struct EnvironmentPropertyTests {
  private func check(_ plan: Plan, _ seed: UInt64) throws {
    let document = try Planning.document(plan)
    for row in document.environment where row.state != .same {
      let naming = document.findings.filter { $0.message.contains("\"\(row.name)\"") }
      if row.explainedBy == nil {
        #expect(
          naming.contains { $0.severity == .blocker && $0.isOpen },
          "seed \(seed): \(row.name) \(row.state) without an explanation")
      }
      // A difference that the broker notices is a finding, an unread source is unchecked.
      guard let comparison = plan.variable(row.name), row.explainedBy != .environmentFromSource,
        !comparison.meansTheSame(plan.comparison.situation.recipe.variable(row.name))
      else { continue }
      let isNamed = naming.contains { $0.severity == .blocker || $0.severity == .breaking }
      let isRenamed = row.explainedBy == .variableRenamed
      #expect(isNamed || isRenamed, "seed \(seed): \(row.name) \(row.state) without a finding")
    }
    if document.environment.contains(where: { $0.state != .same && $0.explainedBy == nil }) {
      #expect(plan.verdict == .blocked, "seed \(seed)")
    }
    let names = document.environment.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: SeededGenerator.seeds(150))
  func noDifferenceIsSilentInChart020(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    try check(try await Planning.plan(RandomRelease.release(&random)), seed)
  }

  @Test(arguments: SeededGenerator.seeds(150))
  func noDifferenceIsSilentInAForeignChart(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    var chart = FakeChart.foreign
    chart.hasReferences = random.happens(oneIn: 2)
    if random.happens(oneIn: 3) { chart.rewrites = { _, text in text.uppercased() } }
    if random.happens(oneIn: 3) { chart.fixed = ["TZ": "UTC", "EXTRA": "1"] }
    let choices = Choices(unmapped: random.one(of: [.fail, .drop]))
    let plan = try await Planning.plan(
      RandomRelease.release(&random), chart: chart, choices: choices)
    try check(plan, seed)
  }

  /// In chart 0.2.0 every literal has a place: nothing is removed.
  @Test(arguments: SeededGenerator.seeds(150))
  func nothingIsLostInChart020(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let release = RandomRelease.release(&random)
    let plan = try await Planning.plan(release)
    let readable = !release.sourceKeys.values.contains { content in
      if case .unreadable = content { true } else { false }
    }
    for row in plan.comparison.environment where row.state == .removed && readable {
      #expect(
        row.meansTheSame(plan.comparison.situation.recipe.variable(row.name)),
        "seed \(seed): \(row.name)")
    }
  }

  /// Planning what a plan made changes nothing more.
  @Test(arguments: SeededGenerator.seeds(50))
  func aPlanIsSettled(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let release = RandomRelease.release(&random)
    let plan = try await Planning.plan(release)
    var migrated = release
    migrated.env = plan.comparison.target.environment.variables.map(\.json)
    migrated.envFrom = plan.comparison.target.environment.sources.map(\.json)
    migrated.declaredEnv = nil
    let again = try await Planning.plan(migrated)
    for row in again.comparison.environment where !row.before.isUnknown {
      let description = again.comparison.situation.recipe.variable(row.name)
      #expect(
        row.state == .same || row.meansTheSame(description) || row.explanation == .variableRenamed,
        "seed \(seed): \(row.name) \(row.before) \(row.after)")
    }
  }
}
