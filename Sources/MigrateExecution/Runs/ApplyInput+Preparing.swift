import MigrateAdapters
import MigratePlanning

extension ApplyInput {
  /// What is to be done with the old Deployment, by what there is of it now.
  ///
  /// - Throws: `RunFailure` when somebody has changed or deleted it.
  func prepareDecision() async throws -> PrepareDecision {
    let decision = PrepareDecision(
      live: try await oldDeployment.live(), planned: planned, target: target,
      keepsName: oldReference == newReference, replacesWorkload: replacesWorkload,
      isResumed: isResumed)
    switch decision {
    case .changedSincePlan:
      throw RunFailure(
        .refused, "\(oldReference) was changed by somebody since the plan was made")
    case .deletedBySomebody:
      throw RunFailure(.refused, "\(oldReference) is gone; somebody deleted it")
    case .pause, .delete, .alreadyGone, .alreadyReplaced: return decision
    }
  }

  /// Takes away what helm would leave on Services, and Kubernetes would refuse beside the new
  /// fields. Where helm applies on the server, it also gets the fields that were set by hand: the
  /// plan carries them, or has a finding for each that changes.
  ///
  /// - Returns: what was done, in words.
  func clearServices() async throws -> [String] {
    var words: [String] = []
    for rendered in comparison.rendered.all(kind: "Service") {
      let reference = rendered.objectReference(defaultNamespace: release.namespace)
      guard let live = snapshot.live.object(reference, in: release.namespace) else { continue }
      if let leftovers = leftovers(of: live, rendered) {
        _ = try await context.cluster.patch(reference, with: leftovers)
        words.append("\(reference) is rid of what was set by hand and goes")
      }
      if isServerSide {
        try await context.cluster.setManagers(of: reference, ManagedFields.withoutHandTools)
      }
    }
    return words
  }
}
