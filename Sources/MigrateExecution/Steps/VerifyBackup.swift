import MigrateAdapters
import MigratePlanning

/// Compares what there is after a rollback with the backup. What the cluster changes in an object
/// whenever it is written cannot be brought back, and is said.
struct VerifyBackup: RunStep {
  let name = RunDocument.StepName.verify
  let rollback: RollbackInput

  private var cluster: Cluster { rollback.context.cluster }

  func perform() async throws -> String? {
    let objects = rollback.backup.objects
    let live = try await cluster.get(objects)
    let all = rollback.backup.differences(from: live, hiding: rollback.sensitivity)
    let byAdmission = await changedByAdmission(objects, live: live)
    let differences = all.filter { !byAdmission.contains($0) }
    await rollback.recorder.change { $0.differences = differences }
    let words =
      differences.isEmpty
      ? "\(objects.count) objects are as they were"
      : "\(differences.count) fields are otherwise than they were"
    guard differences.count < all.count else { return words }
    let fields = byAdmission.map { "\($0.path) of \($0.object.kind)/\($0.object.name)" }
    return "\(words), but for what the cluster changes as it is written: "
      + fields.joined(separator: ", ")
  }

  /// The fields that come out as they are now when an object is written as it was.
  private func changedByAdmission(
    _ objects: [JSON], live: Objects
  ) async -> [RunDocument.Difference] {
    var found: [RunDocument.Difference] = []
    for object in objects {
      let reference = rollback.reference(object)
      guard let now = live.object(reference, in: rollback.release.namespace),
        case let differences = FieldDifference.between(object.content, now.content),
        !differences.isEmpty,
        let version = now["metadata"]?["resourceVersion"],
        // Whoever may not ask is not told.
        let answer = try? await cluster.replace(
          object.content.replacing(["metadata", "resourceVersion"], with: version), dryRun: true)
      else { continue }
      let made = Set(FieldDifference.between(object.content, answer.content))
      found += differences.filter(made.contains).map {
        RunDocument.Difference($0, of: reference, hiding: rollback.sensitivity)
      }
    }
    return found
  }
}
