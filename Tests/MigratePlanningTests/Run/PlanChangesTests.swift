import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct PlanChangesTests {
  private static let release = SampleRelease.with([("ADMIN_TOKEN", "t0ken"), ("TZ", "UTC")])

  private func document(
    _ change: (inout SampleRelease) -> Void = { _ in }, choices: Choices = Choices()
  ) async throws -> PlanDocument {
    var release = Self.release
    change(&release)
    return try Planning.document(try await Planning.plan(release, choices: choices))
  }

  private func expectChanges(
    _ words: [String], _ change: (inout SampleRelease) -> Void
  ) async throws {
    let (before, after) = (try await document(), try await document(change))
    #expect(after.changes(since: before) == words)
    #expect(after.digest != before.digest)
  }

  @Test func theReleaseItself() async throws {
    try await expectChanges(["the revision was 3 and is 4"]) { $0.revision = 4 }
    let upgraded = try await document { $0.chartVersion = "0.1.1" }
    #expect(
      upgraded.changes(since: try await document())
        .contains("the chart was backbone 0.1.0 and is backbone 0.1.1"))
    let failed = try await document { $0.status = "failed" }
    #expect(
      failed.changes(since: try await document())
        .contains("the status was deployed and is failed"))
  }

  @Test func somethingThatThePlanDoesNotShow() async throws {
    try await expectChanges(
      ["the Deployment was changed, in something that the plan does not show"]
    ) { $0.metadata["finalizers"] = ["example.test/a"] }
  }

  @Test func theChart() async throws {
    let before = try await document()
    var after = before
    after.target.chart.digest = "sha256:4567"
    #expect(after.changes(since: before) == ["the target chart has another content"])
  }

  @Test func variablesByTheirNamesWithoutTheirValues() async throws {
    let before = try await document()
    let after = try await document { release in
      release.env = [.variable("ADMIN_TOKEN", "t0ken"), .variable("TZ", "CET")]
    }
    let words = after.changes(since: before).joined(separator: "; ")
    #expect(words.contains("TZ"))
    #expect(!words.contains("CET") && !words.contains("UTC"))
  }

  @Test func newFindings() async throws {
    let before = try await document()
    let after = try await document { $0.hasForeignAccount = false }
    #expect(
      after.changes(since: before).contains { $0.hasPrefix("new findings: ") },
      "\(after.changes(since: before))")
  }
}
