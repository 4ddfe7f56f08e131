import MigratePlanning
import Testing

/// What a rollback does with helm, wherever the release stands.
@Suite struct RollbackDecisionTests {
  typealias Installed = RollbackDecision.Installed

  private static func release(
    _ method: ReleaseIdentity.ApplyMethod = .clientSide
  ) -> ReleaseIdentity {
    ReleaseIdentity(
      name: "web", namespace: "mqtt", revision: 3, status: "deployed", chartName: "backbone",
      chartVersion: "0.1.0", applyMethod: method, deployedRevision: 3)
  }

  private static func installed(
    _ revision: Int, _ status: String = "deployed",
    _ method: ReleaseIdentity.ApplyMethod = .clientSide
  ) -> Installed { Installed(revision: revision, status: status, applyMethod: method) }

  @Test(
    arguments: [
      (nil, true, RollbackDecision.putRecordBack), (nil, false, .recordMissing),
      (installed(3), true, .alreadyThere), (installed(3), false, .alreadyThere),
      // Helm is elsewhere: its history decides.
      (installed(3, "pending-rollback"), true, nil), (installed(3, "failed"), true, nil),
      (installed(4), true, nil), (installed(2), true, nil),
    ] as [(Installed?, Bool, RollbackDecision?)])
  func theLastRevisionMayBeEnough(
    installed: Installed?, hasRecord: Bool, decision: RollbackDecision?
  ) {
    #expect(
      RollbackDecision(installed, release: Self.release(), hasRecord: hasRecord) == decision)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var installed: Installed
    var history: [HelmRevision]
    var hasRecord = true
    var decision: RollbackDecision
  }

  private static func revisions(
    _ numbers: ClosedRange<Int>, last status: String, _ description: String
  ) -> [HelmRevision] {
    numbers.map { number in
      HelmRevision(
        number: number, status: number == numbers.upperBound ? status : "superseded",
        description: number == numbers.upperBound ? description : "Upgrade complete")
    }
  }

  static let cases = [
    Case(
      testDescription: "after an apply", installed: installed(4),
      history: revisions(1...4, last: "deployed", "backbone-migrate plan-1"),
      decision: .rollBack(recordMissing: false, keptRevisions: 10)),
    Case(
      testDescription: "an apply that was ended within helm",
      installed: installed(4, "pending-upgrade"),
      history: revisions(1...4, last: "pending-upgrade", "Preparing upgrade"),
      decision: .rollBack(recordMissing: false, keptRevisions: 10)),
    Case(
      testDescription: "rolled back by an earlier try", installed: installed(5),
      history: revisions(1...5, last: "deployed", "Rollback to 3"),
      decision: .alreadyRolledBack(revision: 5)),
    Case(
      testDescription: "rolled back, but applied in the other way",
      installed: installed(5, "deployed", .serverSide),
      history: revisions(1...5, last: "deployed", "Rollback to 3"),
      decision: .rollBack(recordMissing: false, keptRevisions: 10)),
    Case(
      testDescription: "an earlier try was ended within helm",
      installed: installed(5, "pending-rollback"),
      history: revisions(1...5, last: "pending-rollback", "Rollback to 3"),
      decision: .rollBack(recordMissing: false, keptRevisions: 10)),
    Case(
      testDescription: "an earlier try failed", installed: installed(5, "failed"),
      history: revisions(1...5, last: "failed", "Rollback \"web\" failed"),
      decision: .rollBack(recordMissing: false, keptRevisions: 10)),
    Case(
      testDescription: "somebody went back to another revision", installed: installed(5),
      history: revisions(1...5, last: "deployed", "Rollback to 2"),
      decision: .rollBack(recordMissing: false, keptRevisions: 10)),
    Case(
      testDescription: "helm pruned the revision", installed: installed(14),
      history: revisions(4...14, last: "deployed", "Upgrade complete"),
      decision: .rollBack(recordMissing: true, keptRevisions: 14)),
    Case(
      testDescription: "pruned, and without a record", installed: installed(14),
      history: revisions(5...14, last: "deployed", "Upgrade complete"), hasRecord: false,
      decision: .rollBack(recordMissing: false, keptRevisions: 13)),
    Case(
      testDescription: "a long history is kept", installed: installed(30),
      history: revisions(1...30, last: "deployed", "Upgrade complete"),
      decision: .rollBack(recordMissing: false, keptRevisions: 33)),
  ]

  @Test(arguments: cases) func elseTheHistoryDecides(_ sample: Case) {
    #expect(
      RollbackDecision(
        sample.installed, sample.history, release: Self.release(), hasRecord: sample.hasRecord)
        == sample.decision)
  }

  @Test(
    arguments: [
      (false, .clientSide, "3.17.2", .plain), (false, .serverSide, "4.3.1", .plain),
      (true, .serverSide, "4.3.1", .plain), (true, .serverSide, nil, .plain),
      (true, .clientSide, "3.17.2", .plain),
      (true, .clientSide, "4.1.4", .onServerThenOnClient),
      (true, .clientSide, "4.3.1", .onServerThenOnClient), (false, .clientSide, nil, .plain),
    ] as [(Bool, ReleaseIdentity.ApplyMethod, String?, RollbackManner)])
  func helmTakesARenamedDeploymentOverInItsOwnWay(
    takesOver: Bool, method: ReleaseIdentity.ApplyMethod, version: String?, manner: RollbackManner
  ) {
    #expect(
      RollbackManner(takesOver: takesOver, applyMethod: method, helmVersion: version) == manner)
    #expect(
      RollbackManner.dependsOnVersion(takesOver: takesOver, applyMethod: method)
        == (takesOver && method == .clientSide))
  }
}
