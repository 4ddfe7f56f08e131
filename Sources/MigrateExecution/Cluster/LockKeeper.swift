package import MigrateAdapters
import Foundation
package import MigratePlanning

/// Holds the lock on a release for as long as a run lasts, and keeps the journal in it.
///
/// Whoever creates the Lease, or replaces it as it was read, has the lock: the API server lets one
/// win. It is renewed every third of its duration; a run whose lock was lost ends before its next
/// step.
package actor LockKeeper {
  private let context: RunContext
  private var lock: ReleaseLock
  /// What the journal said before this run; it is put back when the run ends before it has changed
  /// anything.
  let earlier: ReleaseLock.Journal?
  private var renewal: Task<Void, Never>?
  private var loss: RunFailure?

  private init(_ context: RunContext, _ lock: ReleaseLock, earlier: ReleaseLock.Journal?) {
    self.context = context
    self.lock = lock
    self.earlier = earlier
  }

  /// Reads the lock of a release; nil when no run ever took it.
  ///
  /// - Throws: ``ClusterError``.
  package static func read(
    _ release: String, with cluster: Cluster
  ) async throws(ClusterError) -> ReleaseLock? {
    let name = ReleaseLock.name(of: release)
    return try await cluster.get(ObjectReference(kind: "Lease", name: name))
      .flatMap(ReleaseLock.init(lease:))
  }

  /// Requires that nobody holds the lock, but for one who was named to be pushed aside.
  ///
  /// - Throws: `RunFailure`, `ClusterError`.
  package static func requireFree(
    _ release: String, but holder: String?, with context: RunContext
  ) async throws {
    guard let lock = try await read(release, with: context.cluster) else { return }
    try lock.requireFree(at: context.now(), but: holder)
  }

  /// The lock as it is read. One whose time is over without its holder having given it back, or
  /// lies ahead of ours, is looked at twice, a renewal apart: one of the two clocks is wrong, and a
  /// holder that is there renews.
  private static func settled(
    _ release: String, pushingAside holder: String?, with context: RunContext
  ) async throws(ClusterError) -> ReleaseLock? {
    let found = try await read(release, with: context.cluster)
    guard let found, found.holder != nil, found.holder != holder else { return found }
    let isAhead = found.renewedAt.date > context.now().addingTimeInterval(clockTolerance)
    guard isAhead || !found.isHeld(at: Timestamp(context.now())) else { return found }
    context.tell("looking whether \"\(found.holder ?? "")\" still has the lock")
    await context.sleep(.seconds(ReleaseLock.duration / 3 + 5))
    guard var now = try await read(release, with: context.cluster) else { return nil }
    // Renewed meanwhile or not: that counts, whatever the clocks say.
    let isRenewed = now.resourceVersion != found.resourceVersion
    now.renewedAt = isRenewed ? Timestamp(context.now()) : .distantPast
    return now
  }

  /// By how many seconds the clocks of two machines may differ without a doubt about the lock.
  private static let clockTolerance: TimeInterval = 10

  /// Requires that no program of the run that had the lock is still at it on this machine: what it
  /// goes on writing would meet what we write. It is waited for a while.
  private static func requireNoChildren(
    of lock: ReleaseLock?, with context: RunContext
  ) async throws(RunFailure) {
    guard let run = lock?.journal.run else { return }
    let end = context.now().addingTimeInterval(
      TimeInterval(context.childrenTimeout.components.seconds))
    var isTold = false
    while let child = context.children(run).first {
      try context.stop.heed()
      guard context.now() < end else {
        throw RunFailure(
          .refused,
          "\(child), which \(run) started on this machine, is still at it; wait for its end, or "
            + "end it with \"kill \(child.process)\"")
      }
      if !isTold { context.tell("waiting for \(child), which \(run) started, to end") }
      isTold = true
      await context.sleep(.seconds(1))
    }
  }

  /// Takes the lock for a run.
  ///
  /// - Throws: `RunFailure` when somebody else has it and was not named to be pushed aside, or
  ///   the Lease cannot be written.
  package static func acquire(
    release: String, namespace: String, journal: ReleaseLock.Journal, pushingAside holder: String?,
    with context: RunContext
  ) async throws(RunFailure) -> LockKeeper {
    do {
      let found = try await settled(release, pushingAside: holder, with: context)
      let me = "\(context.user) \(journal.run)"
      try found?.requireFree(at: context.now(), but: holder)
      try await requireNoChildren(of: found, with: context)
      var journal = journal
      // What an earlier run left half-way is to be gone back to until there is something newer.
      // What came to its end is not: a run that is refused must not lead to undoing it.
      if journal.backup == nil, let earlier = found?.journal, earlier.state.needsHelp {
        journal.backup = earlier.backup
      }
      var lock = ReleaseLock(
        release: release, namespace: namespace, holder: me, renewedAt: Timestamp(context.now()),
        transitions: (found?.transitions ?? -1) + 1, journal: journal,
        resourceVersion: found?.resourceVersion, uid: found?.uid)
      let lease = try await write(lock, isNew: found == nil, with: context)
      lock.resourceVersion = lease["metadata"]?["resourceVersion"]?.string
      lock.uid = lease["metadata"]?["uid"]?.string
      let keeper = LockKeeper(context, lock, earlier: found?.journal)
      await keeper.startRenewing()
      return keeper
    } catch let failure as RunFailure {
      throw failure
    } catch let error as ClusterError where error.isAlreadyExists || error.isConflict {
      throw RunFailure(
        .refused,
        "somebody else took the lock of release \"\(release)\" at this moment; "
          + "see \"\(NextCommand(.status, release, options: context.place))\"")
    } catch {
      throw RunFailure(
        .refused, "the lock of release \"\(release)\" cannot be taken: \(error)")
    }
  }

  /// Writes the Lease of a lock that is taken. Where no answer came, it is read whether it is ours.
  private static func write(
    _ lock: ReleaseLock, isNew: Bool, with context: RunContext
  ) async throws(ClusterError) -> JSON {
    do {
      return try await isNew
        ? context.cluster.create(lock.lease) : context.cluster.replace(lock.lease)
    } catch {
      guard error.leavesOpen else { throw error }
      let reference = ObjectReference(kind: "Lease", name: ReleaseLock.name(of: lock.release))
      guard let lease = try await context.cluster.get(reference),
        lease["spec"]?["holderIdentity"]?.string == lock.holder
      else { throw error }
      return lease
    }
  }

  /// Writes into the journal, and by that renews the lock.
  ///
  /// - Throws: `RunFailure` when the lock was lost.
  func note(_ change: @Sendable (inout ReleaseLock.Journal) -> Void) async throws(RunFailure) {
    if let loss { throw loss }
    change(&lock.journal)
    try await write()
    if let loss { throw loss }
  }

  /// Gives the lock back, with the last word of the journal: the one from before when the run
  /// changed nothing, or one without a backup, for there is nothing to go back from. A lock that
  /// was lost stays as it is.
  func release(_ state: RunDocument.State, hasChanged: Bool) async {
    renewal?.cancel()
    guard loss == nil else { return }
    lock.journal.state = state
    if !hasChanged {
      lock.journal.backup = nil
      if let earlier { lock.journal = earlier }
    }
    lock.holder = nil
    // Whoever waits for this process should not wait for a cluster that is gone: the lock runs out.
    try? await write(within: 10)
  }

  private func startRenewing() {
    let pause = Duration.seconds(ReleaseLock.duration / 3)
    renewal = Task { [context] in
      while !Task.isCancelled {
        await context.sleep(pause)
        if Task.isCancelled { return }
        try? await self.write()
      }
    }
  }

  private var isWriting = false
  private var writersInLine: [CheckedContinuation<Void, Never>] = []

  /// Waits for its turn: each write needs the version that the last one made.
  private func takeTurn() async {
    guard isWriting else {
      isWriting = true
      return
    }
    await withCheckedContinuation { writersInLine.append($0) }
  }

  private func passTurn() {
    if writersInLine.isEmpty {
      isWriting = false
    } else {
      writersInLine.removeFirst().resume()
    }
  }

  /// Writes the Lease, and goes on trying while the cluster is away: for the given seconds, or for
  /// as long as the lock is good.
  private func write(within seconds: TimeInterval? = nil) async throws(RunFailure) {
    await takeTurn()
    defer { passTurn() }
    let end =
      seconds.map { context.now().addingTimeInterval($0) }
      ?? lock.renewedAt.date.addingTimeInterval(TimeInterval(ReleaseLock.duration))
    // Several tries have to fit into the time for which the lock is good.
    let cluster = context.cluster.hasty(.seconds(ReleaseLock.duration / 4))
    while true {
      lock.renewedAt = Timestamp(context.now())
      do {
        let lease = try await cluster.replace(lock.lease)
        lock.resourceVersion = lease["metadata"]?["resourceVersion"]?.string
        return
      } catch {
        let isOurs = error.isConflict ? await adopts() : !error.isNotFound
        // A renewal that is not wanted any more leaves the last word to whoever ends it.
        let isOver = Task.isCancelled && isOurs
        if !isOurs || isOver || context.now() > end {
          let failure = RunFailure(
            .overtaken,
            isOurs
              ? "the lock of release \"\(lock.release)\" could not be renewed in time: \(error)"
              : "the lock of release \"\(lock.release)\" was taken over by somebody else")
          if !isOver { loss = failure }
          throw failure
        }
        if !error.isConflict { await context.sleep(.seconds(1)) }
      }
    }
  }

  /// Whether the Lease is still ours, though its version is another: a write whose answer was lost,
  /// or an annotation of somebody's. Its version is then the one to go on from.
  private func adopts() async -> Bool {
    let cluster = context.cluster.hasty(.seconds(ReleaseLock.duration / 4))
    guard let now = try? await Self.read(lock.release, with: cluster),
      now.holder == lock.holder, now.uid == lock.uid
    else { return false }
    lock.resourceVersion = now.resourceVersion
    return true
  }
}

extension ReleaseLock {
  /// Requires that nobody holds the lock, but for one who was named to be pushed aside.
  fileprivate func requireFree(at moment: Date, but named: String?) throws(RunFailure) {
    guard let holder, isHeld(at: Timestamp(moment)), holder != named else { return }
    throw RunFailure(
      .refused,
      "release \"\(release)\" is locked by \"\(holder)\" (step "
        + "\(journal.step?.rawValue ?? "unknown")); wait for it, or, when it is surely gone, add "
        + "--take-over-lock \(holder.inDoubleQuotes)")
  }
}
