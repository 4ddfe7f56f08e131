import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct VerdictTests {
  /// A release that chart 0.2.0 takes over without a word.
  private static let plain = SampleRelease(
    env: [.variable("K8S_ENABLED", "true"), .variable("HTTP_PORT", "9000")])

  private func verdict(
    _ change: (inout SampleRelease) -> Void, chart: FakeChart = FakeChart(),
    choices: Choices = Choices()
  ) async throws -> Plan.Verdict {
    var release = Self.plain
    change(&release)
    return try await Planning.plan(release, chart: chart, choices: choices).verdict
  }

  @Test func aPlainReleaseIsReady() async throws {
    #expect(try await verdict { _ in } == .ready)
  }

  @Test func whatThePlanTakesCareOfDoesNotCount() async throws {
    // K8S_ENABLED is pinned away, a breaking finding that is resolved.
    let plan = try await Planning.plan([])
    #expect(plan.findings(.defaultChanged).contains { $0.severity == .breaking && $0.isResolved })
    #expect(plan.verdict == .ready)
  }

  @Test func warningsDoNotCount() async throws {
    #expect(try await verdict { $0.status = "failed" } == .ready)
    #expect(try await verdict { $0.env.append(.variable("ADMIN_TOKEN", "t0ken")) } == .ready)
  }

  @Test func anOpenBreakingFindingNeedsAttention() async throws {
    #expect(try await verdict { $0.supplied = ["affinityPreset": "soft"] } == .attention)
  }

  @Test func anAcceptedFindingDoesNotCount() async throws {
    let adopted = try await verdict(
      { $0.supplied = ["affinityPreset": "soft"] }, choices: Choices(adopt: ["value-unsupported"]))
    #expect(adopted == .ready)
    let dropped = try await verdict(
      { $0.env.append(.variable("LOG_LEVEL", "debug")) },
      chart: FakeChart(hasSink: false), choices: Choices(unmapped: .drop))
    #expect(dropped == .ready)
  }

  @Test func anOpenBlockerBlocks() async throws {
    #expect(try await verdict { $0.status = "pending-upgrade" } == .blocked)
    #expect(try await verdict { $0.chartVersion = "0.3.0" } == .blocked)
    let lost = try await verdict(
      { $0.env.append(.variable("LOG_LEVEL", "debug")) }, chart: FakeChart(hasSink: false))
    #expect(lost == .blocked)
  }

  @Test func aBlockerOutweighsEverything() async throws {
    let verdict = try await verdict { release in
      release.status = "pending-upgrade"
      release.supplied = ["affinityPreset": "soft"]
    }
    #expect(verdict == .blocked)
  }

  @Test func whatHasNoHomeNeedsAttention() async throws {
    #expect(try await verdict { $0.container["workingDir"] = "/srv" } == .attention)
    #expect(
      try await verdict { $0.container["resources"] = ["limits": ["cpu": "1"]] } == .ready)
  }

  @Test func whatIsUncheckedNeedsAttention() async throws {
    #expect(
      try await verdict { $0.hidden = [Unchecked(code: "drift", reason: "it was not read")] }
        == .attention)
  }

  @Test func openAndHeavyFindingsComeFirst() async throws {
    var release = Self.plain
    release.status = "pending-upgrade"
    release.supplied = ["affinityPreset": "soft"]
    release.env += [.variable("ADMIN_TOKEN", "t0ken"), .variable("WS_ENABLED", "1")]
    let findings = try await Planning.plan(release).findings
    let open = findings.prefix { $0.isOpen }
    #expect(findings.dropFirst(open.count).allSatisfy { !$0.isOpen })
    let weights = open.map { Finding.Severity.allCases.firstIndex(of: $0.severity) ?? 9 }
    #expect(weights == weights.sorted())
    #expect(open.first?.code == .releasePending)
  }
}
