import MigratePlanning

/// Puts the Pod template back where helm's merge made another one of it.
struct RestoreTemplate: RunStep {
  let name = RunDocument.StepName.restore
  let apply: ApplyInput
  let paused: PausedDeployment

  func perform() async throws -> String? {
    guard let deployment = await paused.deployment else { return nil }
    return try await apply.oldDeployment.restore(deployment)
      ? "helm's merge had made another Pod template" : "helm left the Pod template as it was"
  }
}
