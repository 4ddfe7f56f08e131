package import FoundationEssentials

extension RunDocument {
  /// A run as the journal in its lock has it, with what this machine's history knows beside.
  package init(_ lock: ReleaseLock, known: RunDocument?, now: Date) {
    let journal = lock.journal
    var run =
      known
      ?? RunDocument(
        id: journal.run, kind: journal.kind, startedAt: journal.startedAt,
        release: Release(name: lock.release, namespace: lock.namespace, fromRevision: 0))
    run.state = journal.state
    run.backup = journal.backup
    let place = "\(lock.release) --namespace \(lock.namespace)"
    let step = journal.step.map { " at step \($0.rawValue)" } ?? ""
    switch journal.state {
    case .running where lock.isHeld(at: now):
      run.message = "\(lock.holder ?? "somebody") is at it\(step)"
      run.next = "backbone-migrate status \(place)"
    case .running, .interrupted:
      run.message =
        journal.state == .running
        ? "the run ended\(step) without a word: its lock was not renewed"
        : "the run was stopped\(step)"
      run.next = Self.wayOn(journal, place, lock)
    case .failed:
      run.message = known?.message ?? "the run failed\(step)"
      run.next = journal.backup == nil ? nil : "backbone-migrate rollback \(place)"
    case .done, .differs, .rolledBack, .foretold:
      break
    }
    self = run
  }

  private static func wayOn(
    _ journal: ReleaseLock.Journal, _ place: String, _ lock: ReleaseLock
  ) -> String? {
    guard journal.backup == journal.run || journal.kind == .rollback else { return nil }
    return journal.kind == .rollback
      ? "backbone-migrate rollback \(place)"
      : "backbone-migrate apply --resume \(journal.run) --namespace \(lock.namespace)"
  }
}
