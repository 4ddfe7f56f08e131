import MigrateAdapters
import MigratePlanning

/// What a rollback goes by, shared by its steps.
struct RollbackInput: Sendable {
  let backup: Backup
  let sensitivity: Sensitivity
  let options: RunOptions
  let context: RunContext
  let recorder: RunRecorder

  var release: ReleaseIdentity { backup.snapshot.release }
  var isServerSide: Bool { release.applyMethod == .serverSide }
  /// The Deployments of the backup.
  var deployments: [Deployment] { backup.snapshot.live.deployments }
  /// The references of every object of the backup.
  var kept: Set<ObjectReference> { Set(backup.objects.map(reference)) }

  /// The Deployments before the apply, and after it.
  var brokers: [ObjectReference] {
    deployments.map { reference($0.object) }
      + backup.created.filter { $0["kind"] == "Deployment" }.map(reference)
  }

  func reference(_ object: JSON) -> ObjectReference {
    object.objectReference(defaultNamespace: release.namespace)
  }

  func live(_ deployment: Deployment) -> LiveDeployment {
    LiveDeployment(reference(deployment.object), in: context)
  }

  /// Requires that what there is now can be read, and says what the user needs to go back from it.
  ///
  /// - Throws: `RunFailure`, `ClusterError`.
  func permissions() async throws -> [Permission] {
    do {
      let live = try await context.cluster.get(backup.objects + backup.created)
      return RunPermissions.rollback(to: backup, from: live)
    } catch {
      guard error.isForbidden else { throw error }
      throw RunFailure(.refused, "what is there now cannot be read: \(error)")
    }
  }

  /// Deletes an object that the apply created, where it is to go.
  ///
  /// - Returns: whether there was something to delete.
  func deleteCreated(_ object: JSON) async throws -> Bool {
    let created = reference(object)
    // Neither a claim nor what the backup has, too, is even looked at.
    guard created.kind != "PersistentVolumeClaim", !kept.contains(created),
      let live = try await context.cluster.get(created),
      CreatedDecision(live, isInBackup: false, release: release) == .delete
    else { return false }
    try await context.cluster.delete(created, timeout: options.seconds(toEnd: live))
    return true
  }
}
