import MigrateAdapters
import MigratePlanning

/// What a rollback would change, object by object, of which only a dry run tells; and whether the
/// API server takes it.
struct CompareWithBackup: RunStep {
  let name = RunDocument.StepName.validate
  let records = RecordedStep.preview
  let rollback: RollbackInput

  func preview() async throws -> String? {
    let changes = try await changes()
    await rollback.recorder.change { $0.changes = changes }
    try await AskWayBack(rollback: rollback).perform()
    return "compared with the backup of \(rollback.backup.run)"
  }

  func perform() async throws -> String? {
    try await AskWayBack(rollback: rollback).perform()
    return nil
  }

  private func changes() async throws(ClusterError) -> [RunDocument.Change] {
    let (backup, cluster) = (rollback.backup, rollback.context.cluster)
    let live = try await cluster.get(backup.objects)
    var changes = backup.objects.compactMap { change(of: $0, from: live) }
    for object in backup.created {
      let created = rollback.reference(object)
      guard !rollback.kept.contains(created), try await cluster.get(created) != nil else {
        continue
      }
      changes.append(change(created, created.kind == "PersistentVolumeClaim" ? .keep : .delete))
    }
    return changes
  }

  /// What becomes of an object of the backup; nil when it is as it was.
  private func change(of object: JSON, from live: Objects) -> RunDocument.Change? {
    let reference = rollback.reference(object)
    guard let now = live.object(reference, in: rollback.release.namespace) else {
      return change(reference, .create)
    }
    let fields = FieldDifference.between(now.content, object.content)
    guard !fields.isEmpty else { return nil }
    let isReplaced =
      reference.kind == "Deployment" && Deployment(now).selector != Deployment(object).selector
    return change(reference, isReplaced ? .replace : .update, fields)
  }

  private func change(
    _ reference: ObjectReference, _ kind: ObjectChange.Kind, _ fields: [FieldDifference] = []
  ) -> RunDocument.Change {
    RunDocument.Change(
      object: PlanDocument.Object(reference, kind),
      fields: rollback.sensitivity.shown(fields, of: reference))
  }
}
