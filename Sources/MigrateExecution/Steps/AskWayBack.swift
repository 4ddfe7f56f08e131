import MigrateAdapters
import MigratePlanning

/// Asks the API server, by dry runs, whether it takes every object as it was, before anything is
/// changed: admission that came since may refuse it.
struct AskWayBack: Sendable {
  let rollback: RollbackInput

  private var cluster: Cluster { rollback.context.cluster }

  /// Requires that it takes them all.
  ///
  /// - Throws: `RunFailure` with each object that it refuses, and its words; ``ClusterError`` when
  ///   it cannot be asked.
  func perform() async throws {
    let objects = rollback.backup.objects.filter { $0["kind"] != "PersistentVolumeClaim" }
    let live = try await cluster.get(objects)
    let answers = await cluster.sideBySide(objects) { object throws(ClusterError) in
      try await refusal(of: object, live: live)
    }
    var refusals: [String] = []
    for (object, answer) in zip(objects, answers) {
      if let refusal = try answer.get() {
        refusals.append("\(rollback.reference(object)): \(refusal.clientWords)")
      }
    }
    guard !refusals.isEmpty else { return }
    throw RunFailure(
      .refused,
      "the API server would not take back "
        + refusals.joined(separator: "; ") + "; mend what it says, then go back")
  }

  /// Why the server would refuse an object; nil when it takes it, and where it does not say.
  private func refusal(
    of object: JSON, live: Objects
  ) async throws(ClusterError) -> ClusterError? {
    let now = live.object(rollback.reference(object), in: rollback.release.namespace)
    do {
      try await ask(RestoreDecision(object, live: now), now)
      return nil
    } catch {
      guard error.isRefusal else { throw error }
      // A quota may have room again when what the apply made is gone.
      let says = !error.isAlreadyExists && !error.isConflict && !error.leavesUnsaid
      return says && !error.isQuotaExceeded ? error : nil
    }
  }

  private func ask(_ decision: RestoreDecision, _ live: JSON?) async throws(ClusterError) {
    switch decision {
    case .none: return
    case .create(let wanted), .recreate(let wanted):
      _ = try await cluster.create(wanted.asAsked(insteadOf: nil), dryRun: true)
    case .replace(let wanted):
      do {
        _ = try await cluster.replace(wanted.asAsked(insteadOf: live), dryRun: true)
      } catch {
        // What cannot be changed in its place is made anew.
        guard error.isInvalidDeployment else { throw error }
        _ = try await cluster.create(
          wanted.without("metadata", "resourceVersion").replacing(
            ["metadata", "name"], with: .string("\(wanted.objectName)-dry-run")), dryRun: true)
      }
    }
  }
}
