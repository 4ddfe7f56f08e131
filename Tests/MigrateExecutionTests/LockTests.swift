import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateExecution

/// The lock: who gets it, who loses it, and what stays of it.
@Suite struct LockTests {
  private let cluster = FakeCluster()

  private func journal(_ run: String, backup: String? = nil) -> ReleaseLock.Journal {
    ReleaseLock.Journal(run: run, kind: .apply, backup: backup, startedAt: "2026-03-01T10:00:00Z")
  }

  private func acquire(
    _ run: String, pushingAside holder: String? = nil
  ) async throws -> LockKeeper {
    try await LockKeeper.acquire(
      release: "web", namespace: "mqtt", journal: journal(run), pushingAside: holder,
      with: cluster.context)
  }

  private func read() async throws -> ReleaseLock? {
    try await LockKeeper.read("web", with: cluster.context.cluster)
  }

  /// Somebody else writes the Lease.
  private func takeOver() throws {
    let lease = try #require(cluster.object("Lease", "backbone-migrate.web"))
    cluster.put(lease.replacing(["spec", "holderIdentity"], with: "somebody"))
  }

  @Test func theFirstGetsItAndTheSecondIsToldWhoHasIt() async throws {
    let keeper = try await acquire("run-one")
    #expect(try await read()?.holder == "me@here run-one")
    let failure = await #expect(throws: RunFailure.self) { try await acquire("run-two") }
    #expect(failure?.kind == .refused)
    #expect(failure?.description.contains("\"me@here run-one\"") == true)
    #expect(try await read()?.journal.run == "run-one")
    await keeper.release(.done, hasChanged: true)
    let second = try await acquire("run-two")
    await second.release(.done, hasChanged: true)
  }

  @Test func oneThatIsNamedIsPushedAside() async throws {
    let first = try await acquire("run-one")
    let second = try await acquire("run-two", pushingAside: "me@here run-one")
    let failure = await #expect(throws: RunFailure.self) {
      try await first.note { $0.step = .helm }
    }
    #expect(failure?.kind == .overtaken)
    await first.release(.failed, hasChanged: true)
    #expect(try await read()?.journal.run == "run-two")
    #expect(try await read()?.journal.state == .running)
    await second.release(.done, hasChanged: true)
  }

  @Test func anotherNameThanTheHoldersPushesNobodyAside() async throws {
    let keeper = try await acquire("run-one")
    await #expect(throws: RunFailure.self) { try await acquire("run-two", pushingAside: "you") }
    await keeper.release(.done, hasChanged: true)
  }

  @Test func oneThatIsNotRenewedForAMinuteIsFree() async throws {
    cluster.put(
      ReleaseLock(
        release: "web", namespace: "mqtt", holder: "gone@there run-gone",
        renewedAt: Timestamp(cluster.context.now()), journal: journal("run-gone")
      ).lease)
    cluster.wait(59)
    await #expect(throws: RunFailure.self) { try await acquire("run-two") }
    cluster.wait(2)
    let keeper = try await acquire("run-two")
    #expect(try await read()?.transitions == 1)
    await keeper.release(.done, hasChanged: true)
  }

  /// The refusal shows a command with the holder's name, and anybody may have written that.
  @Test(arguments: [
    ("ada@desk run-1", #"--take-over-lock "ada@desk run-1""#),
    ("$(touch /tmp/x)", "--take-over-lock '$(touch /tmp/x)'"),
    (#""; touch x; ""#, #"--take-over-lock '"; touch x; "'"#),
  ])
  func theHolderIsOneWordOfTheCommand(holder: String, words: String) async throws {
    cluster.put(
      ReleaseLock(
        release: "web", namespace: "mqtt", holder: holder,
        renewedAt: Timestamp(cluster.context.now()),
        journal: journal("run-1")
      ).lease)
    let failure = await #expect(throws: RunFailure.self) { try await acquire("run-two") }
    #expect(failure?.description.hasSuffix(words) == true)
  }

  @Test func whoIsSlowerAtTheSameMomentIsRefused() async throws {
    cluster.onCall { [cluster] call in
      guard call.verb == "create" else { return }
      cluster.onCall { _ in }
      cluster.put(
        ReleaseLock(
          release: "web", namespace: "mqtt", holder: "fast@there run-fast",
          renewedAt: Timestamp(Date(timeIntervalSince1970: 0)),
          journal: ReleaseLock.Journal(run: "run-fast", kind: .apply, startedAt: "")
        ).lease)
    }
    let failure = await #expect(throws: RunFailure.self) { try await acquire("run-slow") }
    #expect(failure?.kind == .refused)
    #expect(try await read()?.journal.run == "run-fast")
  }

  @Test func aLeaseThatWasDeletedIsNotMadeAgainByItsHolder() async throws {
    let keeper = try await acquire("run-one")
    cluster.remove("Lease", "backbone-migrate.web")
    let failure = await #expect(throws: RunFailure.self) {
      try await keeper.note { $0.step = .helm }
    }
    #expect(failure?.kind == .overtaken)
    #expect(cluster.object("Lease", "backbone-migrate.web") == nil)
    await keeper.release(.failed, hasChanged: true)
  }

  @Test func aLostLockIsNotWrittenAnyMore() async throws {
    let keeper = try await acquire("run-one")
    try takeOver()
    await #expect(throws: RunFailure.self) { try await keeper.note { $0.step = .helm } }
    await keeper.release(.done, hasChanged: true)
    #expect(try await read()?.holder == "somebody")
  }

  @Test func theJournalOutlivesTheRun() async throws {
    let keeper = try await acquire("run-one")
    try await keeper.note {
      $0.step = .helm
      $0.backup = "run-one"
    }
    await keeper.release(.interrupted, hasChanged: true)
    let lock = try #require(try await read())
    #expect(lock.holder == nil)
    #expect(lock.journal.state == .interrupted)
    #expect(lock.journal.step == .helm)
    #expect(lock.journal.backup == "run-one")
  }

  @Test func aRunThatChangedNothingLeavesTheJournalAsItWas() async throws {
    let first = try await acquire("run-one")
    try await first.note { $0.backup = "run-one" }
    await first.release(.done, hasChanged: true)
    let second = try await acquire("run-two")
    #expect(try await read()?.journal.backup == nil)
    await second.release(.failed, hasChanged: false)
    #expect(try await read()?.journal.run == "run-one")
    #expect(try await read()?.journal.state == .done)
    #expect(try await read()?.holder == nil)
  }

  @Test func whatWasLeftHalfWayCanBeGoneBackToUntilThereIsSomethingNewer() async throws {
    let first = try await acquire("run-one")
    try await first.note { $0.backup = "run-one" }
    await first.release(.interrupted, hasChanged: true)
    let second = try await acquire("run-two")
    #expect(try await read()?.journal.backup == "run-one")
    await second.release(.done, hasChanged: true)
  }

  @Test func aServerThatIsAwayForAMomentCostsNoLock() async throws {
    let keeper = try await acquire("run-one")
    cluster.answer(
      "replace", with: .refusal(500, "", "etcdserver: request timed out"))
    cluster.onCall { [cluster] call in
      if call.verb == "replace", cluster.calls.filter({ $0.verb == "replace" }).count == 1 {
        cluster.answer("replace", with: nil)
      }
    }
    try await keeper.note { $0.step = .wait }
    #expect(try await read()?.journal.step == .wait)
    await keeper.release(.done, hasChanged: true)
  }

  @Test func whoMayNotWriteLeasesIsToldSo() async throws {
    cluster.answer("create", with: .refusal(403, "Forbidden", "leases is forbidden"))
    let failure = await #expect(throws: RunFailure.self) { try await acquire("run-one") }
    #expect(failure?.kind == .refused)
    #expect(failure?.description.contains("cannot be taken") == true)
  }

  @Test(arguments: [true, false])
  func whatTheLastHolderStartedIsWaitedForOrRefused(ends: Bool) async throws {
    cluster.put(
      ReleaseLock(
        release: "web", namespace: "mqtt", holder: "gone@there run-gone",
        renewedAt: Timestamp(cluster.context.now()), journal: journal("run-gone")
      ).lease)
    let helm = RunningChild(process: 4242, name: "helm")
    cluster.run([helm], of: "run-gone")
    if ends {
      var context = cluster.context
      let sleep = context.sleep
      context.sleep = { [cluster] pause in
        if cluster.told.count == 1 { cluster.run([], of: "run-gone") }
        await sleep(pause)
      }
      let keeper = try await LockKeeper.acquire(
        release: "web", namespace: "mqtt", journal: journal("run-two"),
        pushingAside: "gone@there run-gone", with: context)
      #expect(cluster.told == ["waiting for helm (process 4242), which run-gone started, to end"])
      await keeper.release(.done, hasChanged: true)
    } else {
      let failure = await #expect(throws: RunFailure.self) {
        try await acquire("run-two", pushingAside: "gone@there run-gone")
      }
      #expect(failure?.kind == .refused)
      #expect(failure?.description.contains("kill 4242") == true)
      #expect(try await read()?.journal.run == "run-gone")
    }
  }

  @Test(arguments: [true, false])
  func aLockFromTheFutureIsLookedAtTwice(isRenewed: Bool) async throws {
    @Sendable func put(_ ahead: TimeInterval) {
      cluster.put(
        ReleaseLock(
          release: "web", namespace: "mqtt", holder: "fast@clock run-fast",
          renewedAt: Timestamp(cluster.context.now()).adding(seconds: ahead),
          journal: journal("run-fast")
        ).lease)
    }
    put(3600)
    guard isRenewed else {
      let keeper = try await acquire("run-two")
      #expect(try await read()?.journal.run == "run-two")
      await keeper.release(.done, hasChanged: true)
      return
    }
    var context = cluster.context
    let sleep = context.sleep
    context.sleep = { pause in
      put(3620)
      await sleep(pause)
    }
    await #expect(throws: RunFailure.self) {
      try await LockKeeper.acquire(
        release: "web", namespace: "mqtt", journal: journal("run-two"), pushingAside: nil,
        with: context)
    }
    #expect(try await read()?.journal.run == "run-fast")
  }

  @Test(arguments: ["create", "replace"])
  func aLockWhoseAnswerWasLostIsOurs(verb: String) async throws {
    if verb == "replace" {
      let first = try await acquire("run-one")
      await first.release(.done, hasChanged: true)
    }
    cluster.loseAnswer(to: verb)
    let keeper = try await acquire("run-two")
    #expect(try await read()?.holder == "me@here run-two")
    try await keeper.note { $0.step = .helm }
    await keeper.release(.done, hasChanged: true)
    #expect(try await read()?.journal.state == .done)
  }

  @Test func aClusterThatIsGoneDoesNotKeepTheEndWaiting() async throws {
    let keeper = try await acquire("run-one")
    cluster.answer("replace", with: .silence("dial tcp 10.0.0.1:6443: connection refused"))
    let before = cluster.context.now()
    await keeper.release(.failed, hasChanged: true)
    // The renewal's own pause counts as well in a world where sleeping makes time go by.
    #expect(cluster.context.now().timeIntervalSince(before) < 45)
  }
}
