import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct RedactedDriftTests {
  private func plan(
    declared: [JSON], live: [JSON], isRedacted: Bool
  ) async throws -> Plan {
    var release = SampleRelease()
    release.declaredEnv = declared
    release.env = live
    let chart = FakeChart()
    let recipe = try SampleRecipe.recipe()
    var snapshot = release.snapshot
    if isRedacted { snapshot = snapshot.redacted(Sensitivity(snapshot, recipe), recipe) }
    snapshot = try Snapshot(exported: snapshot.exported)
    let situation = try Situation(
      snapshot: snapshot, target: chart.target, rendered: chart.render([:]), recipe: recipe,
      choices: Choices())
    return try await Planning.plan(situation) { chart.render($0) }
  }

  private static let token = JSON.variable("ADMIN_TOKEN", "sunflower-7041")

  @Test(
    arguments: [
      ([token], [.variable("ADMIN_TOKEN", "marigold-2210")]),
      ([token], [token]),
      ([token], [.variable("ADMIN_TOKEN", "")]),
      ([token], []), ([], [token]),
      ([token], [.variable("ADMIN_TOKEN", secret: "s", key: "k")]),
      ([.variable("ADMIN_TOKEN", "a"), token], [token]),
      (
        [.variable("URL", "redis://u:sunflower-7041@h")],
        [.variable("URL", "redis://u:marigold-2210@h")]
      ),
      ([.variable("TZ", "UTC")], [.variable("TZ", "Europe/Vienna")]),
    ] as [([JSON], [JSON])])
  func aFileWithoutSecretsSaysTheSameOfDrift(declared: [JSON], live: [JSON]) async throws {
    let whole = try await plan(declared: declared, live: live, isRedacted: false)
    let redacted = try await plan(declared: declared, live: live, isRedacted: true)
    #expect(redacted.findings(.drift).map(\.message) == whole.findings(.drift).map(\.message))
    let provenances = try [whole, redacted].map { plan in
      try Planning.document(plan).overrides.map(\.provenance)
    }
    #expect(provenances[0] == provenances[1])
    #expect(try Planning.document(redacted).digest == Planning.document(whole).digest)
  }

  @Test func nothingOfTheSecretsIsLeft() throws {
    var release = SampleRelease()
    release.declaredEnv = [Self.token]
    release.env = [.variable("ADMIN_TOKEN", "marigold-2210")]
    let recipe = try SampleRecipe.recipe()
    let snapshot = release.snapshot
    let text = snapshot.redacted(Sensitivity(snapshot, recipe), recipe).exported.canonical
    #expect(!text.contains("sunflower") && !text.contains("marigold"))
    // The values come from what is live: there stands the mark that is looked for.
    let live = snapshot.redacted(Sensitivity(snapshot, recipe), recipe).live
    #expect(live.containers.first?["env"] == [.variable("ADMIN_TOKEN", Sensitivity.redacted)])
  }
}
