import MigrateAdapters
import MigratePlanning

/// Pauses the Deployment with its new Pod template, so that helm's merge has nothing to decide.
struct Hold: RunStep {
  let name = RunDocument.StepName.prepare
  let apply: ApplyInput
  /// Where the steps that follow find the Deployment as it is paused.
  let paused: PausedDeployment

  private var reference: ObjectReference { apply.oldReference }

  func perform() async throws -> String? {
    guard case .pause(let live) = try await apply.prepareDecision() else {
      throw RunFailure(.refused, "\(reference) cannot be changed in its place")
    }
    await paused.set(try await pause(live))
    let words = ["\(reference) is held still with its new Pod template"]
    return (words + (try await apply.clearServices())).joined(separator: ", ")
  }

  /// Pauses it, and finds out whether it is when no answer comes.
  private func pause(_ live: Deployment) async throws -> Deployment {
    let problem: ClusterError
    do {
      let paused = try await send(to: live)
      await apply.recorder.beginChanging()
      return paused
    } catch {
      problem = error
    }
    if problem.isConflict {
      throw RunFailure(.refused, "\(reference) was changed by somebody at this moment")
    }
    guard problem.leavesOpen else { throw problem }
    await apply.recorder.beginChanging()
    let now = try await apply.oldDeployment.live()
    switch LostPauseDecision(sent: live, now: now, manager: Cluster.fieldManager) {
    case .sendAgain(let now): return try await send(to: now)
    case .paused(let now): return now
    case .deletedBySomebody:
      throw RunFailure(.failed, "\(reference) is gone; somebody deleted it")
    case .changedBySomebody:
      throw RunFailure(.overtaken, "\(reference) was changed by somebody at this moment")
    }
  }

  private func send(to live: Deployment) async throws(ClusterError) -> Deployment {
    try await apply.oldDeployment.pause(
      live, as: apply.target,
      // Helm would stop at a field that people set and that changes.
      managers: apply.isServerSide ? ManagedFields.withoutHandsOnSpec(live.object) : nil)
  }
}

/// The Deployment as a run paused it; nil until then, and where there is none to be paused.
actor PausedDeployment {
  private(set) var deployment: Deployment?

  func set(_ deployment: Deployment) { self.deployment = deployment }
}
