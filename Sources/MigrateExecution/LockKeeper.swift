package import MigrateAdapters
package import MigratePlanning

/// Holds the lock on a release for as long as a run lasts, and keeps the journal in it.
///
/// Whoever creates the Lease, or replaces it as it was read, has the lock: the API server lets one
/// win. It is renewed every third of its duration; a run whose lock was lost ends before its next
/// step.
package actor LockKeeper {
  private let tools: Tools
  private var lock: ReleaseLock
  /// What the journal said before this run; it is put back when the run ends before it has changed
  /// anything.
  private let earlier: ReleaseLock.Journal?
  private var renewal: Task<Void, Never>?
  private var loss: RunFailure?

  private init(_ tools: Tools, _ lock: ReleaseLock, earlier: ReleaseLock.Journal?) {
    self.tools = tools
    self.lock = lock
    self.earlier = earlier
  }

  /// Reads the lock of a release; nil when no run ever took it.
  ///
  /// - Throws: ``ClientError``.
  package static func read(
    _ release: String, with kubectl: Kubectl
  ) async throws(ClientError) -> ReleaseLock? {
    let name = ReleaseLock.name(of: release)
    return try await kubectl.get(ObjectReference(kind: "Lease", name: name))
      .flatMap(ReleaseLock.init(lease:))
  }

  /// Takes the lock for a run.
  ///
  /// - Throws: ``RunFailure`` when somebody else has it and was not named to be pushed aside, or the
  ///   Lease cannot be written.
  package static func acquire(
    release: String, namespace: String, journal: ReleaseLock.Journal, pushingAside holder: String?,
    with tools: Tools
  ) async throws(RunFailure) -> LockKeeper {
    do {
      let found = try await read(release, with: tools.kubectl)
      let me = "\(tools.user) \(journal.run)"
      if let found, let other = found.holder, found.isHeld(at: tools.now()), other != holder {
        throw RunFailure(
          .refused,
          "release \"\(release)\" is locked by \"\(other)\" (step "
            + "\(found.journal.step?.rawValue ?? "unknown")); wait for it, or, when it is surely "
            + "gone, add --take-over-lock \"\(other)\"")
      }
      var journal = journal
      // What an earlier run left half-way is to be gone back to until there is something newer. What
      // came to its end is not: a run that is refused must not lead to undoing it.
      if journal.backup == nil, let earlier = found?.journal, earlier.state.needsHelp {
        journal.backup = earlier.backup
      }
      var lock = ReleaseLock(
        release: release, namespace: namespace, holder: me, renewedAt: tools.now(),
        transitions: (found?.transitions ?? -1) + 1, journal: journal,
        resourceVersion: found?.resourceVersion, uid: found?.uid)
      let lease =
        try await found == nil
        ? tools.kubectl.create(lock.lease) : tools.kubectl.replace(lock.lease)
      lock.resourceVersion = lease["metadata"]?["resourceVersion"]?.string
      lock.uid = lease["metadata"]?["uid"]?.string
      let keeper = LockKeeper(tools, lock, earlier: found?.journal)
      await keeper.startRenewing()
      return keeper
    } catch let failure as RunFailure {
      throw failure
    } catch let error as ClientError where error.isAlreadyExists || error.isConflict {
      throw RunFailure(
        .refused,
        "somebody else took the lock of release \"\(release)\" at this moment; "
          + "see \"backbone-migrate status \(release)\"")
    } catch {
      throw RunFailure(
        .refused, "the lock of release \"\(release)\" cannot be taken: \(error)")
    }
  }

  /// The journal as it was last written.
  package var journal: ReleaseLock.Journal { lock.journal }

  /// Writes into the journal, and by that renews the lock.
  ///
  /// - Throws: ``RunFailure`` when the lock was lost.
  func note(_ change: @Sendable (inout ReleaseLock.Journal) -> Void) async throws(RunFailure) {
    if let loss { throw loss }
    change(&lock.journal)
    try await write()
    if let loss { throw loss }
  }

  /// Gives the lock back, with the last word of the journal: the one from before when the run changed
  /// nothing. A lock that was lost stays as it is.
  func release(_ state: RunDocument.State, hasChanged: Bool) async {
    renewal?.cancel()
    guard loss == nil else { return }
    if !hasChanged, let earlier { lock.journal = earlier } else { lock.journal.state = state }
    lock.holder = nil
    try? await write()
  }

  private func startRenewing() {
    let pause = Duration.seconds(ReleaseLock.duration / 3)
    renewal = Task { [tools] in
      while !Task.isCancelled {
        await tools.sleep(pause)
        if Task.isCancelled { return }
        try? await self.write()
      }
    }
  }

  private var isWriting = false

  private func write() async throws(RunFailure) {
    // One write after the other: each needs the version that the last one made.
    while isWriting { await tools.sleep(.milliseconds(20)) }
    isWriting = true
    defer { isWriting = false }
    for attempt in 1...3 {
      lock.renewedAt = tools.now()
      do {
        let lease = try await tools.kubectl.replace(lock.lease)
        lock.resourceVersion = lease["metadata"]?["resourceVersion"]?.string
        return
      } catch {
        let isTaken = error.isConflict || error.isNotFound
        if isTaken || attempt == 3 {
          let failure = RunFailure(
            .lockLost,
            isTaken
              ? "the lock of release \"\(lock.release)\" was taken over by somebody else"
              : "the lock of release \"\(lock.release)\" cannot be renewed: \(error)")
          loss = failure
          throw failure
        }
        await tools.sleep(.seconds(1))
      }
    }
  }
}
