import MigratePlanning
import Testing

/// What an apply does with helm, for every history that a run can meet.
@Suite struct UpgradeDecisionTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// Status and description of each revision.
    var history: [(status: String, description: String)]
    /// The release's last revision when the plan was made.
    var planned = 1
    var deployed: Int?
    var isResumed = false
    var replaces = false
    var decision: UpgradeDecision

    init(
      _ description: String, _ history: [(String, String)], planned: Int = 1, deployed: Int? = nil,
      isResumed: Bool = false, replaces: Bool = false, _ decision: UpgradeDecision
    ) {
      testDescription = description
      self.history = history
      self.planned = planned
      self.deployed = deployed
      self.isResumed = isResumed
      self.replaces = replaces
      self.decision = decision
    }

    var revisions: [HelmRevision] { Self.revisions(history) }

    static func revisions(_ history: [(status: String, description: String)]) -> [HelmRevision] {
      history.enumerated().map { index, entry in
        HelmRevision(number: index + 1, status: entry.status, description: entry.description)
      }
    }
  }

  private static let ours = "backbone-migrate plan-1"
  private static let first = ("deployed", "Install complete")
  private static let old = ("superseded", "Install complete")

  private static func overtaken(_ history: [(String, String)]) -> UpgradeDecision {
    Case.revisions(history).last.map(UpgradeDecision.overtaken) ?? .upgrade
  }

  static let cases = [
    Case("as planned", [first], .upgrade),
    Case("helm keeps no revision", [], .upgrade),
    Case("an earlier try made it", [old, ("deployed", ours)], isResumed: true, .done(revision: 2)),
    Case("it is there, though nobody resumes", [old, ("deployed", ours)], .done(revision: 2)),
    Case(
      "ours, and superseded by somebody's",
      [old, ("superseded", ours), ("deployed", "Upgrade complete")], isResumed: true,
      overtaken([old, ("superseded", ours), ("deployed", "Upgrade complete")])),
    Case(
      "ended within helm", [first, ("pending-upgrade", "Preparing upgrade")], isResumed: true,
      .rollBackFirst),
    Case(
      "ended within helm's rollback", [first, ("pending-rollback", "Rollback to 1")],
      isResumed: true, .rollBackFirst),
    Case(
      "ended within helm, the Deployment deleted",
      [first, ("pending-upgrade", "Preparing upgrade")], isResumed: true, replaces: true,
      .stuckWithoutDeployment),
    Case(
      "somebody is at it", [first, ("pending-upgrade", "Preparing upgrade")],
      overtaken([first, ("pending-upgrade", "Preparing upgrade")])),
    Case(
      "helm failed at it", [first, ("failed", "Upgrade \"web\" failed")], isResumed: true,
      .upgrade),
    Case(
      "helm failed, and nobody resumes", [first, ("failed", "Upgrade \"web\" failed")],
      overtaken([first, ("failed", "Upgrade \"web\" failed")])),
    Case(
      "helm was taken back by an earlier try",
      [old, ("failed", "Upgrade \"web\" failed"), ("deployed", "Rollback to 1")], isResumed: true,
      .upgrade),
    Case(
      "taken back, and nobody resumes", [old, ("superseded", "x"), ("deployed", "Rollback to 1")],
      overtaken([old, ("superseded", "x"), ("deployed", "Rollback to 1")])),
    Case(
      "taken back to another revision",
      [old, ("superseded", "Upgrade complete"), ("deployed", "Rollback to 1")], planned: 2,
      deployed: 2, isResumed: true,
      overtaken([old, ("superseded", "Upgrade complete"), ("deployed", "Rollback to 1")])),
    Case(
      "somebody upgraded meanwhile", [old, ("deployed", "Upgrade complete")],
      overtaken([old, ("deployed", "Upgrade complete")])),
    Case(
      "somebody upgraded since an earlier try", [old, ("deployed", "Upgrade complete")],
      isResumed: true, overtaken([old, ("deployed", "Upgrade complete")])),
    Case(
      "the last revision had failed when the plan was made",
      [first, ("failed", "Upgrade \"web\" failed")], planned: 2, deployed: 1, .upgrade),
  ]

  @Test(arguments: cases) func itIsDecidedByTheHistory(_ sample: Case) {
    let release = ReleaseIdentity(
      name: "web", namespace: "mqtt", revision: sample.planned, status: "deployed",
      chartName: "backbone", chartVersion: "0.1.0",
      deployedRevision: sample.deployed ?? sample.planned)
    #expect(
      UpgradeDecision(
        sample.revisions, description: Self.ours, release: release, isResumed: sample.isResumed,
        replacesWorkload: sample.replaces) == sample.decision)
  }
}
