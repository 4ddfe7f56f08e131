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
    let decision = try await apply.prepareDecision()
    await apply.recorder.beginChanging()
    switch decision {
    case .alreadyGone: return "\(reference) is gone already"
    case .alreadyReplaced: return "\(reference) is the new one already"
    case .delete(let live), .pause(let live):
      try await apply.context.kubectl.delete(
        reference, timeout: apply.options.seconds(toEnd: live.object))
      return "\(reference) and its Pods are gone"
    case .changedSincePlan, .deletedBySomebody: return "\(reference) is as it was"
    }
  }
}
