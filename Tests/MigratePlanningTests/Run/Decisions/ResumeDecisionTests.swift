import MigratePlanning
import Testing

/// Whether an apply can go on with an earlier one, and which backup a rollback means.
@Suite struct ResumeDecisionTests {
  private static func journal(
    _ state: RunDocument.State, of run: String = "run-1", kind: RunDocument.Kind = .apply,
    backup: String? = "run-1"
  ) -> ReleaseLock.Journal {
    ReleaseLock.Journal(
      run: run, kind: kind, state: state, backup: backup, startedAt: "2026-03-01T10:00:00.000Z")
  }

  private static func overtaken(_ journal: ReleaseLock.Journal?) -> (
    ReleaseLock.Journal?, ResumeDecision
  ) { (journal, .overtaken(by: journal)) }

  @Test(
    arguments: [
      (journal(.interrupted), .goOn), (journal(.failed), .goOn), (journal(.running), .goOn),
      // A try that went on with it, and was stopped as well.
      (journal(.interrupted, of: "run-2"), .goOn),
      overtaken(journal(.done)), overtaken(journal(.differs)), overtaken(journal(.rolledBack)),
      overtaken(journal(.interrupted, kind: .rollback)),
      overtaken(journal(.interrupted, of: "run-2", backup: "run-2")),
      overtaken(journal(.interrupted, of: "run-2", backup: nil)), overtaken(nil),
    ] as [(ReleaseLock.Journal?, ResumeDecision)])
  func theJournalTells(journal: ReleaseLock.Journal?, decision: ResumeDecision) {
    #expect(ResumeDecision(journal, run: "run-1", backup: "run-1") == decision)
  }

  private static func deployment(_ image: String) -> Deployment {
    Deployment(["spec": ["template": ["spec": ["containers": [["image": .string(image)]]]]]])
  }

  @Test(
    arguments: [
      ("old", .goOn), ("new", .goOn), ("edited", .changedSince),
    ] as [(String, ResumeDecision)])
  func aDeploymentThatRollsOutHasOneOfTwoTemplates(image: String, decision: ResumeDecision) {
    #expect(
      ResumeDecision(
        live: Self.deployment(image), planned: Self.deployment("old"),
        paused: Self.deployment("new")) == decision)
  }

  @Test(
    arguments: [
      (nil, true, .latest), (nil, false, .latest),
      (journal(.done), true, .named("run-1")), (journal(.done), false, .named("run-1")),
      (journal(.failed), true, .named("run-1")), (journal(.interrupted), true, .named("run-1")),
      (
        journal(.done, of: "run-2", kind: .rollback), true,
        .rolledBackAlready(by: journal(.done, of: "run-2", kind: .rollback))
      ),
      // What was uninstalled since can be brought back once more.
      (journal(.done, of: "run-2", kind: .rollback), false, .named("run-1")),
      (journal(.rolledBack), true, .rolledBackAlready(by: journal(.rolledBack))),
      (journal(.rolledBack), false, .named("run-1")),
      (journal(.failed, of: "run-2", kind: .rollback), true, .named("run-1")),
      (
        journal(.failed, backup: nil), true, .nothingChanged(by: journal(.failed, backup: nil))
      ),
      (
        journal(.failed, of: "run-2", kind: .rollback, backup: nil), true,
        .latestBefore(journal(.failed, of: "run-2", kind: .rollback, backup: nil))
      ),
    ] as [(ReleaseLock.Journal?, Bool, BackupDecision)])
  func aRollbackByNameGoesByTheJournal(
    journal: ReleaseLock.Journal?, isInstalled: Bool, decision: BackupDecision
  ) {
    #expect(BackupDecision(journal, isInstalled: isInstalled) == decision)
  }
}
