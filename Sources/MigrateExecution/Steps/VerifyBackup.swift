import MigrateAdapters
import MigratePlanning

/// Compares what there is after a rollback with the backup.
struct VerifyBackup: RunStep {
  let name = RunDocument.StepName.verify
  let rollback: RollbackInput

  func perform() async throws -> String? {
    let objects = rollback.backup.objects
    let live = try await rollback.context.cluster.get(objects)
    let differences = objects.flatMap { self.differences(of: $0, in: live) }
    await rollback.recorder.change { $0.differences = differences }
    return differences.isEmpty
      ? "\(objects.count) objects are as they were"
      : "\(differences.count) fields are otherwise than they were"
  }

  private func differences(of object: JSON, in live: Objects) -> [RunDocument.Difference] {
    let (reference, sensitivity) = (rollback.reference(object), rollback.sensitivity)
    let now = live.object(reference, in: rollback.release.namespace)
    return FieldDifference.between(object.content, now?.content ?? .null).map { difference in
      RunDocument.Difference(
        object: PlanDocument.Subject(reference), path: difference.pathText,
        expected: sensitivity.redacting(difference.before, at: difference.path, of: reference),
        found: sensitivity.redacting(difference.after, at: difference.path, of: reference))
    }
  }
}
