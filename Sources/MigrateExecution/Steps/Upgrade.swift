import MigrateAdapters
import MigratePlanning

/// Has helm make its revision with the target chart and the plan's values.
struct Upgrade: RunStep {
  let name = RunDocument.StepName.helm
  let apply: ApplyInput
  let paused: PausedDeployment

  private var helm: Helm { apply.context.helm }
  private var release: ReleaseIdentity { apply.release }
  private var description: String { "backbone-migrate \(apply.reference.id)" }

  func perform() async throws -> String? {
    let history = try await apply.context.releases.history(of: release.name)
    switch UpgradeDecision(
      history, description: description, release: release, isResumed: apply.isResumed,
      replacesWorkload: apply.replacesWorkload)
    {
    case .done(let revision):
      await apply.recorder.change { $0.release.toRevision = revision }
      return "revision \(revision) is there already"
    case .upgrade: break
    case .rollBackFirst: try await rollBack()
    case .stuckWithoutDeployment:
      throw RunFailure(.failed, "helm was stopped while the Deployment was being replaced")
    case .overtaken(let last):
      throw RunFailure(
        .overtaken,
        "somebody made revision \(last.number) of the release meanwhile (\(last.description))")
    }
    try await helm.upgrade(
      Helm.Upgrade(
        release: release.name, chart: apply.chart, values: apply.plan.values,
        description: description, keptRevisions: apply.keptRevisions,
        applyMethod: release.applyMethod, timeout: apply.options.timeout))
    let revision = try await apply.context.releases.status(of: release.name).revision
    await apply.recorder.change { $0.release.toRevision = revision }
    return "helm made revision \(revision)"
  }

  /// Helm upgrades only from a revision that it finished.
  private func rollBack() async throws {
    try await helm.rollback(
      release.name, to: release.deployedRevision, keptRevisions: apply.keptRevisions,
      forcesConflicts: apply.isServerSide, applying: nil, timeout: apply.options.timeout)
    if let deployment = await paused.deployment {
      _ = try await apply.oldDeployment.restore(deployment)
    }
  }
}
