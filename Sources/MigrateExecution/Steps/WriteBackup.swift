import MigrateAdapters
import MigratePlanning

/// Keeps the state from before in Secrets of the release's namespace: what a rollback goes by.
struct WriteBackup: RunStep {
  let name = RunDocument.StepName.backup
  let records: RecordedStep = [.preview, .performance]
  let apply: ApplyInput

  private var cluster: Cluster { apply.context.cluster }

  func preview() async throws -> String? {
    let count = try await BackupStore.write(try await backup(), dryRun: true, with: cluster)
    return "would be kept in \(count) Secret\(count == 1 ? "" : "s")"
  }

  func perform() async throws -> String? {
    let recorder = apply.recorder
    if let died = await recorder.earlierJournal, died.kind == .apply, died.backup == nil {
      try await BackupStore.sweep(died.run, with: cluster)
    }
    let backup = try await backup()
    let count = try await BackupStore.write(backup, with: cluster)
    try await recorder.note(backup: backup.run)
    return "kept in \(count) Secret\(count == 1 ? "" : "s") of this namespace"
  }

  private func backup() async throws(RunFailure) -> Backup {
    let run = await apply.recorder.run
    let (plan, release) = (apply.plan, apply.release)
    let created = Set(plan.objects.filter { $0.change == .create }.map(\.object))
    do {
      return Backup(
        run: run.id, plan: apply.reference, options: apply.planOptions, values: plan.values,
        chartDigest: apply.comparison.situation.target.digest, user: apply.context.user,
        createdAt: run.startedAt, snapshot: apply.snapshot,
        record: try await BackupStore.record(
          of: release.name, revision: release.deployedRevision, with: cluster),
        created: apply.comparison.rendered.all.filter {
          created.contains($0.objectReference(defaultNamespace: release.namespace))
        }.map(\.identity), foretold: Foretold(plan))
    } catch {
      throw RunFailure(.refused, "what is to be backed up cannot be read: \(error)")
    }
  }
}
