import MigrateAdapters
import MigratePlanning

/// Ends the new broker where it has another Deployment, and pauses the old Deployment with its own
/// Pod template.
struct HoldOld: RunStep {
  let name = RunDocument.StepName.prepare
  let rollback: RollbackInput
  let found: FoundDeployments

  private var cluster: Cluster { rollback.context.cluster }

  func perform() async throws -> String? {
    await rollback.recorder.beginChanging()
    var words: [String] = []
    for object in rollback.backup.created where object["kind"] == "Deployment" {
      guard try await rollback.deleteCreated(object) else { continue }
      words.append("\(rollback.reference(object)) and its Pods are gone")
    }
    for deployment in rollback.deployments { words += try await hold(deployment) }
    return words.joined(separator: ", ")
  }

  /// Brings one Deployment back, paused.
  ///
  /// - Returns: what was done, in words.
  private func hold(_ deployment: Deployment) async throws -> [String] {
    let live = rollback.live(deployment)
    var words: [String] = []
    switch ReturnDecision(deployment, live: try await live.live()) {
    case .pause(let now):
      await found.note(now, of: live.reference)
      if try await pause(live, as: deployment) {
        await found.noteHeld(live.reference)
        return ["\(live.reference) is held still with its old Pod template"]
      }
      words.append(try await delete(now, for: deployment))
    case .replace(let now): words.append(try await delete(now, for: deployment))
    case .create: break
    }
    _ = try await cluster.create(
      Deployment(takenByHelm(deployment).object.content).paused.object)
    await found.noteHeld(live.reference)
    return words + ["the old \(live.reference) is made again, held still"]
  }

  /// Deletes what stands in the place of the old Deployment, which the API server would take.
  private func delete(_ now: Deployment, for deployment: Deployment) async throws -> String {
    let reference = rollback.reference(deployment.object)
    let copy = takenByHelm(deployment).object.content.replacing(
      ["metadata", "name"], with: .string("\(reference.name)-dry-run"))
    _ = try await cluster.create(copy, dryRun: true)
    try await cluster.delete(reference, timeout: rollback.options.seconds(toEnd: now.object))
    return "the new \(reference) and its Pods are gone"
  }

  /// The old Deployment as helm can meet it: where it applies on the server, it refuses a variable
  /// that stands twice. The exact one follows after helm.
  private func takenByHelm(_ deployment: Deployment) -> Deployment {
    rollback.isServerSide ? deployment.withVariablesOnce : deployment
  }

  /// Whether the live Deployment could be paused in its place; not when the API server refuses the
  /// change as such.
  private func pause(_ live: LiveDeployment, as deployment: Deployment) async throws -> Bool {
    for attempt in 1...5 {
      guard let now = try await live.live() else { return false }
      do {
        // Helm would take away the fields that its older manifest lacks, and the server refuses
        // what may be left of a probe.
        let managers =
          rollback.isServerSide ? ManagedFields.withoutHelmsTemplate(now.object) : nil
        _ = try await live.pause(now, as: takenByHelm(deployment), managers: managers)
        return true
      } catch {
        // Somebody was faster, such as an autoscaler, or no answer came: look again.
        if error.isConflict || error.leavesOpen, attempt < 5 { continue }
        guard error.isInvalidDeployment else { throw error }
        return false
      }
    }
    return false
  }
}
