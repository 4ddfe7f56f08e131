import MigratePlanning
import Testing

/// What is done with a Deployment before helm, there and back.
@Suite struct PrepareDecisionTests {
  private static func deployment(
    uid: String = "u", generation: Int = 3, app: String = "web", isBeingDeleted: Bool = false,
    pausedBy manager: String? = nil
  ) -> Deployment {
    var metadata: [String: JSON] = [
      "name": "web", "uid": .string(uid), "generation": .integer(generation),
    ]
    if isBeingDeleted { metadata["deletionTimestamp"] = "2026-03-01T10:00:00Z" }
    var spec: [String: JSON] = [
      "selector": ["matchLabels": ["app": .string(app)]], "minReadySeconds": .integer(generation),
    ]
    if let manager {
      spec["paused"] = true
      metadata["managedFields"] = [
        ["manager": .string(manager), "fieldsV1": ["f:spec": ["f:paused": [:]]]]
      ]
    }
    return Deployment(["kind": "Deployment", "metadata": .object(metadata), "spec": .object(spec)])
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var live: Deployment?
    var target = deployment()
    var keepsName = true
    var replaces = false
    var isResumed = false
    var decision: PrepareDecision
  }

  private static let other = deployment(app: "new")

  static let cases = [
    Case(testDescription: "as planned", live: deployment(), decision: .pause(deployment())),
    Case(
      testDescription: "edited since", live: deployment(generation: 4),
      decision: .changedSincePlan),
    Case(
      testDescription: "another one of that name", live: deployment(uid: "v"),
      decision: .changedSincePlan),
    Case(testDescription: "gone since", decision: .changedSincePlan),
    Case(
      testDescription: "gone since, to be replaced", replaces: true, decision: .changedSincePlan),
    Case(
      testDescription: "to be replaced", live: deployment(), target: other, replaces: true,
      decision: .delete(deployment())),
    Case(
      testDescription: "to be replaced by another name", live: deployment(), keepsName: false,
      replaces: true, decision: .delete(deployment())),
    Case(
      testDescription: "resumed, as an earlier try left it", live: deployment(generation: 5),
      isResumed: true, decision: .pause(deployment(generation: 5))),
    Case(testDescription: "resumed, and gone", isResumed: true, decision: .deletedBySomebody),
    Case(
      testDescription: "resumed, deleted by an earlier try", replaces: true, isResumed: true,
      decision: .alreadyGone),
    Case(
      testDescription: "resumed, replaced by an earlier try", live: other, target: other,
      replaces: true, isResumed: true, decision: .alreadyReplaced),
    Case(
      testDescription: "resumed, the old one is there still", live: deployment(), target: other,
      replaces: true, isResumed: true, decision: .delete(deployment())),
    Case(
      testDescription: "resumed, the new one is on its way out",
      live: deployment(app: "new", isBeingDeleted: true), target: other, replaces: true,
      isResumed: true, decision: .delete(deployment(app: "new", isBeingDeleted: true))),
    Case(
      testDescription: "resumed, the old one of another name is there still", live: other,
      target: other, keepsName: false, replaces: true, isResumed: true, decision: .delete(other)),
  ]

  @Test(arguments: cases) func anApplyDecidesByWhatThereIs(_ sample: Case) {
    #expect(
      PrepareDecision(
        live: sample.live, planned: Self.deployment(), target: sample.target,
        keepsName: sample.keepsName, replacesWorkload: sample.replaces,
        isResumed: sample.isResumed) == sample.decision)
  }

  @Test(
    arguments: [
      (deployment(), .sendAgain(deployment())),
      (
        deployment(generation: 4, pausedBy: "backbone-migrate"),
        .paused(deployment(generation: 4, pausedBy: "backbone-migrate"))
      ),
      (deployment(generation: 4, pausedBy: "kubectl-rollout"), .changedBySomebody),
      (deployment(generation: 4), .changedBySomebody), (deployment(uid: "v"), .deletedBySomebody),
      (nil, .deletedBySomebody),
    ] as [(Deployment?, LostPauseDecision)])
  func aLostAnswerIsLookedUp(now: Deployment?, decision: LostPauseDecision) {
    #expect(
      LostPauseDecision(sent: Self.deployment(), now: now, manager: "backbone-migrate")
        == decision)
  }

  @Test(
    arguments: [
      (deployment(), .pause(deployment())),
      (deployment(generation: 9), .pause(deployment(generation: 9))),
      (other, .replace(other)),
      (deployment(isBeingDeleted: true), .replace(deployment(isBeingDeleted: true))),
      (nil, .create),
    ] as [(Deployment?, ReturnDecision)])
  func aRollbackDecidesByWhatThereIs(live: Deployment?, decision: ReturnDecision) {
    #expect(ReturnDecision(Self.deployment(), live: live) == decision)
  }
}
