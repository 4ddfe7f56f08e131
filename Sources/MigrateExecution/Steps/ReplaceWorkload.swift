import MigrateAdapters
import MigratePlanning

/// Deletes the old Deployment with its Pods, where it cannot be changed in place.
struct ReplaceWorkload: RunStep {
  let name = RunDocument.StepName.prepare
  let apply: ApplyInput

  func perform() async throws -> String? {
    let words = try await replace()
    return ([words] + (try await apply.clearServices())).joined(separator: ", ")
  }

  private func replace() async throws -> String {
    let reference = apply.oldReference
    switch try await apply.prepareDecision() {
    case .alreadyGone:
      await apply.recorder.beginChanging()
      return "\(reference) is gone already"
    case .alreadyReplaced:
      await apply.recorder.beginChanging()
      return "\(reference) is the new one already"
    case .delete(let live):
      await apply.recorder.beginChanging()
      try await apply.context.cluster.delete(
        reference, timeout: apply.options.seconds(toEnd: live.object))
      return "\(reference) and its Pods are gone"
    case .pause, .changedSincePlan, .deletedBySomebody:
      throw RunFailure(.refused, "\(reference) is not one to be replaced")
    }
  }
}
