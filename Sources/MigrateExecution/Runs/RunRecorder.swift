package import MigratePlanning

/// Keeps the record of a run: every step before and after it, in the history, in the journal of the
/// lock, and for whoever watches.
package actor RunRecorder {
  package private(set) var run: RunDocument
  private let context: RunContext
  private let timestamp: @Sendable () -> DocumentTime
  /// Writes the run into the history.
  private let save: @Sendable (RunDocument) throws -> Void
  private let watch: @Sendable (RunDocument.Step) -> Void
  private let warn: @Sendable (String) -> Void
  private var lock: LockKeeper?
  private var mayLoseHistory = false
  private(set) var hasChanged = false
  /// Why the run ended, when it was not done.
  package private(set) var failure: RunFailure.Kind?

  package init(
    _ run: RunDocument, context: RunContext, timestamp: @escaping @Sendable () -> DocumentTime,
    save: @escaping @Sendable (RunDocument) throws -> Void,
    watch: @escaping @Sendable (RunDocument.Step) -> Void,
    warn: @escaping @Sendable (String) -> Void
  ) {
    self.run = run
    self.context = context
    self.timestamp = timestamp
    self.save = save
    self.watch = watch
    self.warn = warn
  }

  /// Counts the run's time from now on: a question may have stood open before.
  func start() { run.startedAt = timestamp() }

  /// Does the work of a step, which returns what there is to say of it.
  ///
  /// - Throws: `RunFailure`; the step is recorded as failed then.
  func step(
    _ name: RunDocument.StepName,
    _ work: () async throws -> String?
  ) async throws(RunFailure) {
    try context.stop.heed()
    let index = run.steps.count
    run.steps.append(
      RunDocument.Step(name: name, state: .running, startedAt: timestamp()))
    try record()
    do {
      try await lock?.note { $0.step = name }
      watch(run.steps[index])
      let detail = try await work()
      finish(index, .done, detail)
    } catch {
      var failure = RunFailure(error)
      // A program that was asked to end says so by failing.
      if context.stop.isMade, failure.kind == .failed {
        failure = RunFailure(
          .interrupted, "stopped on request, within \(name.rawValue): \(failure)")
      }
      finish(index, .failed, failure.description)
      throw failure
    }
    try record()
  }

  /// Says how the step that is being done goes on.
  func progress(_ words: String) {
    guard let index = run.steps.indices.last, run.steps[index].state == .running else { return }
    run.steps[index].detail = context.redactor.redacting(words)
    watch(run.steps[index])
  }

  /// Notes a step that needs no doing, and why.
  func skip(_ name: RunDocument.StepName, because reason: String) {
    let moment = timestamp()
    let step = RunDocument.Step(
      name: name, state: .skipped, startedAt: moment, finishedAt: moment, detail: reason)
    run.steps.append(step)
    watch(step)
  }

  private func finish(_ index: Int, _ state: RunDocument.Step.State, _ detail: String?) {
    run.steps[index].state = state
    run.steps[index].finishedAt = timestamp()
    run.steps[index].detail = detail.map(context.redactor.shown)
    watch(run.steps[index])
  }

  /// Takes the lock for this run.
  func lock(pushingAside holder: String?) async throws(RunFailure) {
    let journal = ReleaseLock.Journal(
      run: run.id, kind: run.kind, plan: run.plan?.id, startedAt: run.startedAt)
    lock = try await LockKeeper.acquire(
      release: run.release.name, namespace: run.release.namespace, journal: journal,
      pushingAside: holder, with: context)
  }

  /// What the journal said before this run; nil when there was none, and without a lock.
  var earlierJournal: ReleaseLock.Journal? { lock?.earlier }

  /// Notes the backup that there now is.
  func note(backup: String) async throws(RunFailure) {
    run.backup = backup
    try await lock?.note { $0.backup = backup }
  }

  /// Goes on from the backup of an earlier run. All that the run needs is in the cluster, so that a
  /// history that cannot be written is no reason to stop.
  func goOn(from backup: String) async throws(RunFailure) {
    mayLoseHistory = true
    try await note(backup: backup)
  }

  /// Something was changed: from now on the cluster counts, and a history that cannot be written is
  /// no reason to stop half-way.
  func beginChanging() {
    mayLoseHistory = true
    hasChanged = true
  }

  /// Notes the findings that the operator went ahead with.
  package func note(findings: [PlanDocument.FindingEntry]) { run.findings = findings }

  /// Says in the journal that the way leads back from here.
  func turnBack() async throws(RunFailure) { try await lock?.note { $0.kind = .rollback } }

  func change(_ change: @Sendable (inout RunDocument) -> Void) { change(&run) }

  /// Ends the run, gives the lock back, and records the end.
  package func end(_ ending: RunEnding) async -> RunDocument {
    failure = ending.failure
    run.state = ending.state
    run.message = context.redactor.shown(ending.message)
    run.next = ending.next
    run.back = ending.back
    run.finishedAt = timestamp()
    mayLoseHistory = true
    try? record()
    await lock?.release(ending.state, hasChanged: hasChanged)
    return run
  }

  private func record() throws(RunFailure) {
    do {
      try save(run)
    } catch {
      guard mayLoseHistory else {
        throw RunFailure(.refused, "the run cannot be recorded, so nothing was begun: \(error)")
      }
      warn("the history does not know of this step: \(error)")
    }
  }
}
