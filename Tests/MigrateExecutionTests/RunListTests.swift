import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateExecution
@testable import PlanSamples

/// The lists of steps that apply and rollback choose, and how a run goes through them.
@Suite struct RunListTests {
  private let cluster = FakeCluster()

  private static let options = RunOptions(
    timeout: .seconds(3), waits: true, rollsBackOnFailure: true)

  private func recorder(_ kind: RunDocument.Kind) -> RunRecorder {
    RunRecorder(
      RunDocument(
        id: "run-one", kind: kind, startedAt: "2026-03-01T10:00:00.000Z",
        release: RunDocument.Release(name: "web", namespace: "mqtt", fromRevision: 3)),
      context: cluster.context, timestamp: { "2026-03-01T10:00:00.000Z" }, save: { _ in },
      watch: { _ in }, warn: { _ in })
  }

  private func plan() async throws -> Plan {
    try await Planning.plan(SampleRelease(), chart: FakeChart())
  }

  private func backup(of plan: Plan) -> Backup {
    Backup(
      run: "run-old", plan: RunDocument.PlanReference(id: "plan-1", digest: "sha256:0"),
      options: [], values: plan.values, chartDigest: "", user: "me@here",
      createdAt: "2026-03-01T09:00:00.000Z", snapshot: plan.comparison.situation.snapshot,
      record: nil, created: [])
  }

  private func apply(
    _ plan: Plan, _ options: RunOptions = options, resuming earlier: Backup? = nil
  ) -> Apply {
    Apply(
      plan, RunDocument.PlanReference(id: "plan-1", digest: "sha256:0"), planOptions: [],
      chart: "./chart", options: options, context: cluster.context, recorder: recorder(.apply),
      resuming: earlier)
  }

  /// The types of the steps; a step that is skipped by the name under which it is recorded.
  private func names(_ steps: [any RunStep]) -> [String] {
    steps.map { ($0 as? SkippedStep).map { "no \($0.name.rawValue)" } ?? "\(type(of: $0))" }
  }

  @Test func inPlaceTheDeploymentIsHeldAroundHelm() async throws {
    let apply = apply(try await plan())
    #expect(!apply.input.replacesWorkload)
    #expect(
      names(apply.steps) == [
        "TakeLock", "Validate", "WriteBackup", "Hold", "Upgrade", "RestoreTemplate", "Resume",
        "WaitForPods", "Verify",
      ])
  }

  @Test func whatCannotBeChangedInPlaceIsReplaced() async throws {
    let plan = try await Planning.plan(SampleRelease(), chart: .foreign)
    let apply = apply(plan)
    #expect(apply.input.replacesWorkload)
    #expect(
      names(apply.steps) == [
        "TakeLock", "Validate", "WriteBackup", "ReplaceWorkload", "Upgrade", "Resume",
        "WaitForPods", "Verify",
      ])
  }

  @Test func goingOnNeedsNoOtherBackup() async throws {
    let plan = try await plan()
    #expect(
      names(apply(plan, resuming: backup(of: plan)).steps) == [
        "TakeLock", "no backup", "Hold", "Upgrade", "RestoreTemplate", "Resume", "WaitForPods",
        "Verify",
      ])
  }

  @Test func podsAreNotWaitedForWhereNobodyWants() async throws {
    var options = Self.options
    options.waits = false
    let plan = try await plan()
    #expect(names(apply(plan, options).steps).contains("no wait"))
    #expect(names(try rollback(backup(of: plan), options).steps).contains("no wait"))
  }

  private func rollback(
    _ backup: Backup, _ options: RunOptions = options
  ) throws -> Rollback {
    Rollback(
      backup, sensitivity: Sensitivity(backup.snapshot, try SampleRecipe.recipe()),
      options: options, context: cluster.context, recorder: recorder(.rollback))
  }

  @Test func aRollbackBringsEverythingBack() async throws {
    let rollback = try rollback(backup(of: try await plan()))
    #expect(
      names(rollback.steps) == [
        "TakeLock", "CompareWithBackup", "HoldOld", "HelmRollback", "RestoreObjects", "Resume",
        "WaitForPods", "VerifyBackup",
      ])
    // An apply that failed holds the lock already.
    #expect(names(rollback.stepsBack) == Array(names(rollback.steps).dropFirst(2)))
  }

  @Test func onlyDeploymentsThatServedAreWaitedFor() async throws {
    let backup = backup(of: try await plan())
    let wait = try #require(
      try rollback(backup).stepsBack.compactMap { $0 as? WaitForPods }.first)
    // The sample's Deployment has no status.
    #expect(wait.deployments.isEmpty)
    #expect(try await wait.perform()?.hasPrefix("not waited for") == true)
  }

  @Test func aRunThatIsRefusedLeavesEverythingAsItWas() async throws {
    let plan = try await plan()
    for object in plan.comparison.situation.snapshot.live.all { cluster.put(object) }
    cluster.put(
      ReleaseLock(
        release: "web", namespace: "mqtt", holder: "ann@there run-1",
        renewedAt: Timestamp(cluster.context.now()),
        journal: ReleaseLock.Journal(run: "run-1", kind: .apply, startedAt: "")
      ).lease)
    let run = await apply(plan).perform()
    #expect(run.state == .failed)
    #expect(run.message?.hasSuffix("nothing was changed") == true)
    #expect(run.steps.map(\.name) == [.lock])
    #expect(!cluster.calls.contains { ["patch", "delete"].contains($0.verb) })

    let preview = await apply(plan).preview()
    #expect(preview.state == .failed && preview.steps.isEmpty)
    #expect(preview.message?.hasSuffix("the real run would end here") == true)
  }

  @Test func oneThatWasEditedSinceIsNotPaused() async throws {
    let plan = try await plan()
    for object in plan.comparison.situation.snapshot.live.all {
      cluster.put(
        object["kind"] == "Deployment"
          ? object.replacing(["spec", "minReadySeconds"], with: 99) : object)
    }
    let apply = apply(plan)
    let paused = PausedDeployment()
    let failure = await #expect(throws: RunFailure.self) {
      try await Hold(apply: apply.input, paused: paused).perform()
    }
    #expect(failure?.kind == .refused)
    #expect(await paused.deployment == nil)
    #expect(await !apply.input.recorder.hasChanged)
  }

  @Test func aDeploymentIsPausedEvenWhereTheAnswerIsLost() async throws {
    let plan = try await plan()
    for object in plan.comparison.situation.snapshot.live.all { cluster.put(object) }
    let apply = apply(plan)
    let paused = PausedDeployment()
    cluster.loseAnswer(to: "patch")
    let words = try await Hold(apply: apply.input, paused: paused).perform()
    #expect(words?.hasPrefix("Deployment/web is held still with its new Pod template") == true)
    #expect(await paused.deployment?.isPaused == true)
    #expect(await apply.input.recorder.hasChanged)
  }
}
