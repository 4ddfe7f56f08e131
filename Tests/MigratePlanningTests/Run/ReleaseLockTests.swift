import Foundation
import MigratePlanning
import Testing

@Suite struct ReleaseLockTests {
  private static let moment = Timestamp(Date(timeIntervalSince1970: 1_772_359_200.125))

  private static func lock(holder: String? = "ann@there run-1") -> ReleaseLock {
    ReleaseLock(
      release: "web", namespace: "mqtt", holder: holder, renewedAt: moment, transitions: 4,
      journal: ReleaseLock.Journal(
        run: "run-1", kind: .apply, state: .running, step: .helm, plan: "plan-1", backup: "run-1",
        startedAt: "2026-03-01T10:00:00.000Z"),
      resourceVersion: "42", uid: "u-1")
  }

  @Test func itIsALeaseThatKubernetesTakes() {
    let lease = Self.lock().lease
    #expect(lease["apiVersion"] == "coordination.k8s.io/v1")
    #expect(lease["metadata"]?["name"] == "backbone-migrate.web")
    #expect(lease["metadata"]?["resourceVersion"] == "42")
    #expect(lease["metadata"]?["uid"] == "u-1")
    #expect(lease["spec"]?["holderIdentity"] == "ann@there run-1")
    #expect(lease["spec"]?["leaseTransitions"] == 4)
    // Kubernetes wants exactly six digits.
    #expect(lease["spec"]?["renewTime"] == "2026-03-01T10:00:00.125000Z")
  }

  @Test(arguments: [lock(), lock(holder: nil)])
  func aLeaseIsReadAsItWasWritten(lock: ReleaseLock) throws {
    let read = try #require(ReleaseLock(lease: lock.lease))
    #expect(read.renewedAt == lock.renewedAt)
    var same = read
    same.renewedAt = lock.renewedAt
    #expect(same == lock)
    #expect(lock.lease["spec"]?["holderIdentity"] == lock.holder.map(JSON.string))
  }

  /// Whoever may write a Lease may write what they like: none of it gets into a command.
  @Test(
    arguments: [
      "run-1;id", "$(id)", "--yes", "run-1\nREADY", "run-1,x!=y", "\u{1B}]52;c;aWQ=\u{7}", "",
    ])
  func whatIsNoIDIsNotTakenForOne(text: String) throws {
    func lease(_ key: String) -> JSON {
      Self.lock().lease.replacing(
        ["metadata", "annotations", "backbone-migrate/\(key)"], with: .string(text))
    }
    #expect(ReleaseLock(lease: lease("run")) == nil)
    #expect(try #require(ReleaseLock(lease: lease("backup"))).journal.backup == nil)
    #expect(try #require(ReleaseLock(lease: lease("plan"))).journal.plan == nil)
  }

  @Test func anEmptyJournalIsReadAsWell() throws {
    var lock = Self.lock()
    lock.journal = ReleaseLock.Journal(run: "run-2", kind: .rollback, startedAt: "")
    lock.resourceVersion = nil
    lock.uid = nil
    #expect(lock.lease["metadata"]?["uid"] == nil)
    #expect(try #require(ReleaseLock(lease: lock.lease)).journal == lock.journal)
  }

  @Test(
    arguments: [
      (0, true), (59, true), (59.9, true), (60, false), (3600, false), (-3600, true),
    ] as [(TimeInterval, Bool)])
  func itEndsByItself(seconds: TimeInterval, isHeld: Bool) {
    #expect(Self.lock().isHeld(at: Self.moment.adding(seconds: seconds)) == isHeld)
    for holder in [nil, ""] {
      #expect(!Self.lock(holder: holder).isHeld(at: Self.moment.adding(seconds: seconds)))
    }
  }

  @Test(
    arguments: [
      ("2026-03-01T10:00:00.123456Z", 1_772_359_200.123), ("2026-03-01T10:00:00Z", 1_772_359_200),
      ("soon", nil), ("", nil),
    ] as [(String, TimeInterval?)])
  func theTimesOfOthersAreRead(text: String, seconds: TimeInterval?) throws {
    var lease = Self.lock().lease.members
    var spec = lease["spec"]?.members ?? [:]
    spec["renewTime"] = .string(text)
    lease["spec"] = .object(spec)
    let lock = try #require(ReleaseLock(lease: .object(lease)))
    guard let seconds else {
      // A time that cannot be read locks nobody out.
      #expect(!lock.isHeld(at: Timestamp(Date())))
      return
    }
    #expect(lock.renewedAt == Timestamp(Date(timeIntervalSince1970: seconds)))
  }

  @Test(arguments: ["run", "kind", "state"])
  func aLeaseOfSomebodyElseIsNone(key: String) {
    let lease = Self.lock().lease
    #expect(ReleaseLock(lease: lease.without("metadata", "labels")) == nil)
    #expect(
      ReleaseLock(lease: lease.without("metadata", "annotations", "backbone-migrate/\(key)")) == nil
    )
    #expect(ReleaseLock(lease: [:]) == nil)
  }
}

@Suite struct RunStatusTests {
  private static let now = Timestamp(Date(timeIntervalSince1970: 1_772_359_200))

  /// A journal at a moment, and what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var kind = RunDocument.Kind.apply
    var state = RunDocument.State.running
    var step = RunDocument.StepName.helm
    var backup: String? = "run-1"
    var isHeld = false
    let message: String?
    let next: NextCommand?
    var back: NextCommand? = nil
  }

  private static let back: NextCommand = "backbone-migrate rollback run-1 --namespace mqtt"
  private static let resume: NextCommand =
    "backbone-migrate apply --resume run-1 --namespace mqtt"
  private static let rollback: NextCommand =
    "backbone-migrate rollback web --namespace mqtt"

  static let cases = [
    Case(
      testDescription: "at it", isHeld: true, message: "ann@there run-1 is at step helm",
      next: "backbone-migrate status web --namespace mqtt"),
    Case(
      testDescription: "dead",
      message: "the run ended at step helm without a word: its lock was not renewed", next: resume,
      back: back),
    Case(
      testDescription: "dead before its backup", step: .validate, backup: nil,
      message: "the run ended at step validate without a word: its lock was not renewed; "
        + "nothing was changed", next: nil),
    Case(
      testDescription: "dead while it went on with another", backup: "run-0",
      message: "the run ended at step helm without a word: its lock was not renewed",
      next: "backbone-migrate apply --resume run-0 --namespace mqtt",
      back: "backbone-migrate rollback run-0 --namespace mqtt"),
    Case(
      testDescription: "dead at the beginning, after another that was left half-way", step: .lock,
      backup: "run-0",
      message: "the run ended at step lock without a word: its lock was not renewed",
      next: rollback),
    Case(
      testDescription: "a dead rollback", kind: .rollback,
      message: "the run ended at step helm without a word: its lock was not renewed",
      next: rollback),
    Case(
      testDescription: "stopped", state: .interrupted,
      message: "the run was stopped on request; the last step that it began was helm",
      next: resume, back: back),
    Case(
      testDescription: "a stopped rollback", kind: .rollback, state: .interrupted,
      message: "the run was stopped on request; the last step that it began was helm",
      next: rollback),
    Case(
      testDescription: "failed", state: .failed, message: "the run failed at step helm",
      next: rollback),
    Case(
      testDescription: "failed before its backup", state: .failed, backup: nil,
      message: "the run failed at step helm", next: nil),
    Case(testDescription: "done", state: .done, message: nil, next: nil, back: back),
    Case(
      testDescription: "done without a backup", state: .done, backup: nil, message: nil, next: nil),
    Case(
      testDescription: "a rollback that is done", kind: .rollback, state: .done, message: nil,
      next: nil),
    Case(testDescription: "rolled back", state: .rolledBack, message: nil, next: nil),
    Case(
      testDescription: "differs", state: .differs,
      message: "the run is done, and something is otherwise than it was meant to be",
      next: rollback),
    Case(
      testDescription: "a rollback that differs", kind: .rollback, state: .differs,
      message: "the run is done, and something is otherwise than it was meant to be", next: nil),
  ]

  private static func lock(_ sample: Case) -> ReleaseLock {
    ReleaseLock(
      release: "web", namespace: "mqtt", holder: sample.isHeld ? "ann@there run-1" : nil,
      renewedAt: now,
      journal: ReleaseLock.Journal(
        run: "run-1", kind: sample.kind, state: sample.state, step: sample.step,
        backup: sample.backup,
        startedAt: "2026-03-01T10:00:00.000Z"))
  }

  @Test(arguments: cases)
  func aMachineWithoutHistoryGoesByTheJournal(sample: Case) {
    let run = RunDocument(Self.lock(sample), known: nil, place: " --namespace mqtt", at: Self.now)
    #expect(run.id == "run-1" && run.kind == sample.kind && run.state == sample.state)
    #expect(run.release.name == "web" && run.release.namespace == "mqtt")
    #expect(run.backup == sample.backup)
    #expect(run.message == sample.message)
    #expect(run.next == sample.next)
    #expect(run.back == sample.back)
    #expect(run.startedAt == "2026-03-01T10:00:00.000Z")
  }

  @Test func whatIsKnownHereIsKept() {
    var known = RunDocument(
      id: "run-1", kind: .apply, startedAt: "2026-03-01T10:00:00.000Z",
      release: RunDocument.Release(name: "web", namespace: "mqtt", fromRevision: 3))
    known.message = "helm had no luck"
    known.steps = [RunDocument.Step(name: .helm, state: .failed, startedAt: "x")]
    let failed = Case(testDescription: "", state: .failed, message: nil, next: nil)
    let run = RunDocument(
      Self.lock(failed), known: known, place: " --namespace mqtt", at: Self.now)
    #expect(run.state == .failed)
    #expect(run.message == "helm had no luck")
    #expect(run.steps == known.steps && run.release.fromRevision == 3)
    #expect(run.next == Self.rollback)
  }

  /// What is there, beside a journal, and whether it is told to go back.
  struct Uninstalled: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let journal: Case
    var now = RunDocument.Now(revision: nil, status: nil, heldStill: [], programs: [])
    let message: String?
    let next: NextCommand?
  }

  static let uninstalled = [
    Uninstalled(
      testDescription: "with its history kept",
      journal: Case(testDescription: "", state: .done, message: nil, next: nil),
      now: RunDocument.Now(revision: 2, status: "uninstalled", heldStill: [], programs: []),
      message: "the release was uninstalled since", next: rollback),
    Uninstalled(
      testDescription: "after an apply that went back",
      journal: Case(testDescription: "", state: .rolledBack, message: nil, next: nil),
      message: "the release was uninstalled since",
      next: "backbone-migrate rollback run-1 --namespace mqtt"),
    Uninstalled(
      testDescription: "after an apply that was done",
      journal: Case(testDescription: "", state: .done, message: nil, next: nil),
      message: "the release was uninstalled since", next: rollback),
    Uninstalled(
      testDescription: "after a run that was stopped",
      journal: Case(testDescription: "", state: .interrupted, message: nil, next: nil),
      message:
        "the run was stopped on request; the last step that it began was helm; the release was "
        + "uninstalled since",
      next: rollback),
    Uninstalled(
      testDescription: "without a backup",
      journal: Case(testDescription: "", state: .failed, backup: nil, message: nil, next: nil),
      message: "the run failed at step helm; the release was uninstalled since", next: nil),
    Uninstalled(
      testDescription: "while a run is at it",
      journal: Case(testDescription: "", isHeld: true, message: nil, next: nil),
      message: "ann@there run-1 is at step helm",
      next: "backbone-migrate status web --namespace mqtt"),
  ]

  @Test(arguments: uninstalled)
  func aReleaseThatIsGoneCanBeBroughtBack(sample: Uninstalled) {
    let run = RunDocument(
      Self.lock(sample.journal), known: nil, now: sample.now, place: " --namespace mqtt",
      at: Self.now)
    #expect(run.message == sample.message)
    #expect(run.next == sample.next)
    #expect(run.back == nil)
    #expect(run.now == sample.now)
  }

  @Test func whatIsThereChangesNothingOfWhatTheJournalSays() {
    for sample in Self.cases {
      let now = RunDocument.Now(
        revision: 2, status: "pending-upgrade", heldStill: ["Deployment/web"],
        programs: ["helm (process 7)"])
      let run = RunDocument(
        Self.lock(sample), known: nil, now: now, place: " --namespace mqtt", at: Self.now)
      #expect(run.message == sample.message && run.next == sample.next)
      #expect(run.now == now)
    }
  }
}
