extension RunDocument {
  /// A run as the journal in its lock has it, with what this machine's history knows beside, and
  /// with what there is now where that was looked at. Next commands reach the release by the
  /// options of `place`, such as ` --namespace mqtt`.
  package init(
    _ lock: ReleaseLock, known: RunDocument?, now present: Now? = nil, place: String,
    at now: Timestamp
  ) {
    let journal = lock.journal
    var run =
      known
      ?? RunDocument(
        id: journal.run, kind: journal.kind, startedAt: journal.startedAt,
        release: Release(name: lock.release, namespace: lock.namespace, fromRevision: 0))
    run.state = journal.state
    run.backup = journal.backup
    run.now = present
    run.back = nil
    let rollback = NextCommand(.rollback, lock.release, options: place)
    // By the backup, so that it means this run also when others came after it.
    let back = journal.backup.map { NextCommand(.rollback, $0, options: place) }
    let step = journal.step.map { " at step \($0.rawValue)" } ?? ""
    // It may have come to the end of that step.
    let began = journal.step.map { "; the last step that it began was \($0.rawValue)" } ?? ""
    switch journal.state {
    case .running where lock.isHeld(at: now):
      run.message = "\(lock.holder ?? "somebody") is at step \(journal.step?.rawValue ?? "none")"
      run.next = NextCommand(.status, lock.release, options: place)
    case .running, .interrupted:
      run.message =
        journal.state == .running
        ? "the run ended\(step) without a word: its lock was not renewed"
        : "the run was stopped on request\(began)"
      run.next = Self.wayOn(lock, place)
      run.back = run.next == nil || run.next == rollback ? nil : back
      if run.next == nil { run.message? += "; nothing was changed" }
    case .failed:
      run.message = known?.message ?? "the run failed\(step)"
      run.next = journal.backup == nil ? nil : rollback
    case .differs:
      run.message =
        known?.message ?? "the run is done, and something is otherwise than it was meant to be"
      run.next = journal.kind == .apply && journal.backup != nil ? rollback : nil
    case .done:
      run.back = journal.kind == .apply ? back : nil
    case .rolledBack, .previewed:
      break
    }
    if let present, present.isUninstalled, journal.state != .running || !lock.isHeld(at: now) {
      // Whatever was to be gone on with: there is nothing to go on from.
      run.message =
        (run.message.map { "\($0); " } ?? "") + "the release was uninstalled since"
      // To the state that a rollback had brought back, its backup leads, and not the release's
      // name.
      let isBack =
        journal.state == .rolledBack || journal.kind == .rollback && journal.state == .done
      run.back = nil
      run.next = journal.backup.map {
        isBack ? NextCommand(.rollback, $0, options: place) : rollback
      }
    }
    self = run
  }

  /// The command that finishes what was begun; nil when nothing was changed yet.
  private static func wayOn(_ lock: ReleaseLock, _ place: String) -> NextCommand? {
    let journal = lock.journal
    guard let backup = journal.backup else { return nil }
    // Before it changed anything, the backup is that of another run, which was left half-way.
    let early: [StepName?] = [nil, .lock, .validate]
    return journal.kind == .rollback || early.contains(journal.step)
      ? NextCommand(.rollback, lock.release, options: place)
      : NextCommand(.apply, "--resume", backup, options: place)
  }
}
