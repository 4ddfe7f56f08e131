import Foundation
import GRDB
import MigrateAdapters
import MigratePlanning
import Testing

@Suite struct HistoryRunsTests {
  let folder: HistoryFolder
  let store: HistoryStore

  init() throws {
    folder = try HistoryFolder()
    store = try HistoryStore.open(at: folder.file(), schema: historySchema())
  }

  @Test(arguments: RunDocument.Kind.allCases, RunDocument.State.allCases)
  func aRunComesBackAsItWas(kind: RunDocument.Kind, state: RunDocument.State) throws {
    let run = sampleRunRecord(
      kind: kind, dryRun: state == .previewed, state: state,
      document: #"{"schema":"backbone-migrate/run/v1"}"#)
    try store.record(run)
    store.close()
    let again = try HistoryStore.open(at: folder.file(), schema: historySchema())
    #expect(try again.run(id: "run-1") == run)
    #expect(try again.runs() == [run.summary])
  }

  @Test func aRunOfWhichLittleIsKnownComesBackAsThat() throws {
    let run = sampleRunRecord(
      planID: nil, state: .running, clusterID: nil, context: nil, fromRevision: 0, toRevision: nil,
      finishedAt: nil)
    try store.record(run)
    #expect(try store.run(id: "run-1") == run)
  }

  @Test(arguments: [
    "", " ", "'); DROP TABLE run; --", "\"quoted\" \\ \\u0000", "line\r\nline\n\ttab\u{1}\u{7f}",
    "e\u{301} \u{e9}", "👩‍👩‍👧 مرحبا 漢字 \u{202e}rtl", "?1 :name @x $y",
  ])
  func awkwardTextComesBackToTheByte(text: String) throws {
    let run = sampleRunRecord(
      release: text, namespace: text, clusterID: text, context: text, document: text)
    try store.record(run)
    let found = try #require(try store.run(id: "run-1"))
    #expect(Array(found.document.utf8) == Array(text.utf8))
    #expect(try store.runs(release: text, namespace: text, clusterID: text).count == 1)
    #expect(try store.latestRun(release: text, namespace: text, clusterID: text) == found)
  }

  @Test(arguments: [
    (sampleRunRecord(id: ""), "its id does not begin with \"run-\""),
    (sampleRunRecord(id: "run-"), "its id does not begin with \"run-\""),
    (sampleRunRecord(id: "plan-1"), "its id does not begin with \"run-\""),
    (sampleRunRecord(planID: "plan-"), "its plan's id does not begin with \"plan-\""),
    (sampleRunRecord(planID: "web"), "its plan's id does not begin with \"plan-\""),
    (sampleRunRecord(fromRevision: -1), "its revision is negative"),
    (sampleRunRecord(toRevision: -1), "its revision is negative"),
    (sampleRunRecord(release: "a\u{0}"), "it holds a NUL character"),
    (sampleRunRecord(document: "{\u{0}}"), "it holds a NUL character"),
  ])
  func aRunThatBreaksARuleIsRefused(run: RunRecord, reason: String) throws {
    #expect(throws: HistoryError.unstorableRun(id: run.summary.id, reason: reason)) {
      try store.record(run)
    }
    #expect(try store.runs().isEmpty)
  }

  @Test func aRunNeedsNoPlanInThisHistory() throws {
    try store.record(sampleRunRecord(planID: "plan-of-another-machine"))
    #expect(try store.run(id: "run-1")?.summary.planID == "plan-of-another-machine")
    #expect(try store.integrity().isEmpty)
  }

  // MARK: Step by step

  @Test func everyStepReplacesTheWholeDocument() throws {
    try store.record(
      sampleRunRecord(
        planID: nil, state: .running, clusterID: nil, context: nil, toRevision: nil,
        finishedAt: nil, document: "[1]"))
    let second = sampleRunRecord(
      state: .running, toRevision: nil, finishedAt: nil, document: "[1,2]")
    try store.record(second)
    #expect(try store.run(id: "run-1") == second)
    let last = sampleRunRecord(state: .done, document: "[1,2,3]")
    try store.record(last)
    #expect(try store.run(id: "run-1") == last)
    #expect(try store.runs().count == 1)
  }

  @Test(arguments: RunDocument.State.allCases.filter(\.isOver))
  func aRunThatIsOverStaysAsItIs(state: RunDocument.State) throws {
    let run = sampleRunRecord(state: state, document: "{}")
    try store.record(run)
    try store.record(run)
    for changed in [
      sampleRunRecord(state: .running, document: "{}"),
      sampleRunRecord(state: state, document: "[]"),
      sampleRunRecord(state: state, toRevision: 9, document: "{}"),
    ] {
      #expect(throws: HistoryError.runIsOver(id: "run-1")) { try store.record(changed) }
    }
    #expect(try store.run(id: "run-1") == run)
  }

  @Test(arguments: [
    sampleRunRecord(kind: .rollback), sampleRunRecord(dryRun: true),
    sampleRunRecord(release: "iot"), sampleRunRecord(namespace: "b"),
    sampleRunRecord(startedAt: "2026-05-04T03:02:01.008Z"),
  ])
  func anotherRunUnderTheSameIdIsRefusedAndTheFirstStays(other: RunRecord) throws {
    let first = sampleRunRecord(state: .running)
    try store.record(first)
    #expect(throws: HistoryError.runExists(id: "run-1")) { try store.record(other) }
    #expect(try store.run(id: "run-1") == first)
  }

  @Test func aDocumentBecomesItsRecord() throws {
    var document = RunDocument(
      id: "run-1", kind: .rollback, dryRun: true, state: .previewed,
      startedAt: "2026-05-04T03:02:01.007Z",
      release: RunDocument.Release(
        name: "web", namespace: "mqtt", clusterID: "uid-1", context: "kind", fromRevision: 3),
      plan: RunDocument.PlanReference(id: "plan-1", digest: "sha256:abc"))
    document.finishedAt = "2026-05-04T03:02:09.123Z"
    let run = try RunRecord(document)
    try store.record(run)
    let found = try #require(try store.run(id: "run-1"))
    #expect(try RunDocument(text: found.document) == document)
    #expect(found.summary.planID == "plan-1" && found.summary.namespace == "mqtt")
    #expect(found.summary.kind == .rollback && found.summary.dryRun && !found.summary.needsHelp)
    #expect(found.summary.finishedAt == timestamp("2026-05-04T03:02:09.123Z"))

    document.finishedAt = "later"
    #expect(throws: HistoryError.unstorableRun(id: "run-1", reason: "\"later\" is no time in UTC"))
    {
      try RunRecord(document)
    }
  }

  // MARK: Finding them

  @Test func runsAreListedNewestFirstAndFoundByReleaseNamespaceAndCluster() throws {
    let runs = [
      sampleRunRecord(id: "run-1", namespace: "a", startedAt: "2026-01-01T00:00:00.002Z"),
      sampleRunRecord(
        id: "run-2", namespace: "b", clusterID: nil, startedAt: "2026-01-01T00:00:00.010Z"),
      sampleRunRecord(id: "run-3", release: "iot", startedAt: "2026-01-01T00:00:00.002Z"),
    ]
    for run in runs { try store.record(run) }
    #expect(try store.runs().map(\.id) == ["run-2", "run-3", "run-1"])
    #expect(try store.runs(limit: 2).map(\.id) == ["run-2", "run-3"])
    #expect(try store.runs(limit: 0).isEmpty)
    #expect(try store.runs(release: "web").map(\.id) == ["run-2", "run-1"])
    #expect(try store.runs(release: "web", namespace: "a").map(\.id) == ["run-1"])
    #expect(try store.runs(clusterID: "uid-1").map(\.id) == ["run-3", "run-1"])
    #expect(try store.runs(release: "WEB").isEmpty)
  }

  @Test func theLatestRunOfAReleaseIsTheLastThatChangedSomething() throws {
    #expect(try store.latestRun(release: "web") == nil)
    let dry = sampleRunRecord(
      id: "run-3", dryRun: true, state: .previewed, startedAt: "2026-01-03T00:00:00.000Z")
    let second = sampleRunRecord(id: "run-2", startedAt: "2026-01-02T00:00:00.000Z")
    for run in [
      dry, second, sampleRunRecord(id: "run-1", startedAt: "2026-01-01T00:00:00.000Z"),
      sampleRunRecord(id: "run-4", namespace: "b", startedAt: "2026-01-04T00:00:00.000Z"),
      sampleRunRecord(id: "run-5", clusterID: "x", startedAt: "2026-01-05T00:00:00.000Z"),
    ] { try store.record(run) }
    #expect(
      try store.latestRun(release: "web", namespace: "default", clusterID: "uid-1") == second)
    #expect(
      try store.latestRun(
        release: "web", namespace: "default", clusterID: "uid-1", includingDryRuns: true) == dry)
    #expect(try store.latestRun(release: "web", namespace: "b")?.summary.id == "run-4")
    #expect(try store.latestRun(release: "web")?.summary.id == "run-5")
    #expect(try store.latestRun(release: "iot") == nil)
  }

  @Test(arguments: [
    ("run-7f3", ["run-7f3a2"]), ("run-7fa32", ["run-7f3a2"]), ("RUN-7f3a2", []),
    ("plan-7f3", []), ("7f3a2", ["run-7f3a2"]), ("c0ffe", ["run-c0ffe", "plan-c0ffd"]),
    ("run-", []), ("run-zzzzz", []), ("run-c0ffd", ["run-c0ffe"]),
  ])
  func aMistypedIdIsSuggested(mistyped: String, meant: [String]) throws {
    for id in ["run-7f3a2", "run-c0ffe", "run-19b4d"] {
      try store.record(sampleRunRecord(id: id))
    }
    try store.record(samplePlanRecord(id: "plan-c0ffd"))
    #expect(try store.suggestions(for: mistyped) == meant)
  }

  @Test func anAbsentHistoryHasNoRuns() throws {
    let path = folder.file("none/history.sqlite")
    let store = try HistoryStore.openForReading(at: path, schema: historySchema())
    #expect(try store.runs().isEmpty)
    #expect(try store.run(id: "run-1") == nil)
    #expect(try store.latestRun(release: "web") == nil)
    #expect(try store.marks(ofPlan: "plan-1").isEmpty)
    #expect(throws: HistoryError.readOnly(path: path)) { try store.record(sampleRunRecord()) }
  }

  // MARK: Pruning

  private static let late = timestamp("2027-01-01T00:00:00.000Z")

  @Test(arguments: [(0, 0), (1, 2), (2, 3), (5, 3)])
  func pruningKeepsTheLatestRunsOfEachReleaseAndDryRunsApart(kept: Int, left: Int) throws {
    for number in 1...3 {
      for (dryRun, release) in [(false, "web"), (true, "web"), (false, "iot")] {
        try store.record(
          sampleRunRecord(
            id: "run-\(release)-\(dryRun)-\(number)", planID: nil, dryRun: dryRun,
            state: dryRun ? .failed : .done, release: release,
            startedAt: "2026-01-0\(number)T00:00:00.000Z"))
      }
    }
    let count = try store.prune(olderThan: Self.late, keepingLatestPerRelease: kept, dryRun: true)
    #expect(count == HistoryStore.Pruned(plans: 0, runs: 9 - 3 * min(kept, 3)))
    #expect(try store.runs().count == 9)
    #expect(try store.prune(olderThan: Self.late, keepingLatestPerRelease: kept) == count)
    let newest = Set((0..<min(kept, 3)).map { "\(3 - $0)" })
    #expect(
      try Set(store.runs().compactMap { $0.id.split(separator: "-").last }.map(String.init))
        == newest)
  }

  @Test func aRunIsNotPrunedBeforeItsTime() throws {
    try store.record(sampleRunRecord(planID: nil))
    let moment = timestamp("2026-05-04T03:02:01.007Z")
    #expect(try store.prune(olderThan: moment, keepingLatestPerRelease: 0).runs == 0)
    let later = timestamp("2026-05-04T03:02:01.008Z")
    #expect(try store.prune(olderThan: later, keepingLatestPerRelease: 0).runs == 1)
  }

  @Test(arguments: RunDocument.State.allCases, [false, true])
  func aRunThatNeedsHelpIsNeverPruned(state: RunDocument.State, dryRun: Bool) throws {
    try store.record(sampleRunRecord(dryRun: dryRun, state: state))
    try store.record(samplePlanRecord())
    try store.record(samplePlanRecord(id: "plan-2"))
    let stays = state == .running || state.needsHelp && !dryRun
    let pruned = try store.prune(olderThan: Self.late, keepingLatestPerRelease: 0)
    #expect(pruned == HistoryStore.Pruned(plans: stays ? 1 : 2, runs: stays ? 0 : 1))
    // The plan of a run that stays, stays.
    #expect(try store.plans().map(\.id) == (stays ? ["plan-1"] : []))
  }

  @Test func aPlanStaysAsLongAsOneOfItsRuns() throws {
    for id in ["plan-1", "plan-2"] { try store.record(samplePlanRecord(id: id)) }
    try store.record(sampleRunRecord(id: "run-1", planID: "plan-1"))
    try store.record(
      sampleRunRecord(id: "run-2", planID: "plan-1", startedAt: "2026-06-01T00:00:00.000Z"))
    let between = timestamp("2026-05-20T00:00:00.000Z")
    #expect(
      try store.prune(olderThan: between, keepingLatestPerRelease: 0)
        == HistoryStore.Pruned(plans: 1, runs: 1))
    #expect(try store.plans().map(\.id) == ["plan-1"])
    #expect(try store.runs().map(\.id) == ["run-2"])
    #expect(
      try store.prune(olderThan: Self.late, keepingLatestPerRelease: 0)
        == HistoryStore.Pruned(plans: 1, runs: 1))
  }

  @Test func whatIsPrunedLeavesNoTraceInTheFile() throws {
    let trace = "a-name-that-appears-nowhere-else"
    let document = String(repeating: trace, count: 20_000)
    try store.record(sampleRunRecord(state: .running, document: document))
    try store.record(sampleRunRecord(document: "{}"))
    #expect(try store.prune(olderThan: Self.late, keepingLatestPerRelease: 0).runs == 1)
    for name in try folder.names() {
      let content = try fileBytes(folder.file(name))
      #expect(content.range(of: Data(trace.utf8)) == nil, "\(name)")
    }
  }

  // MARK: Several at once

  @Test func processesThatRecordRunsAtOnceAllSucceed() async throws {
    let path = folder.file("made/by/all.sqlite")
    await withTaskGroup(of: Void.self) { group in
      for process in 0..<3 {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [path = path as String, process = process as Int] in
            for step in 0..<5 {
              let store = try HistoryStore.open(
                at: path, schema: historySchema(), busyTimeout: .seconds(600))
              try store.record(
                sampleRunRecord(
                  id: "run-\(process)", state: step < 4 ? .running : .done,
                  document: "[\(step)]"))
              _ = try store.marks(of: ["TOKEN": "hunter2"])
              store.close()
            }
          }
        }
      }
    }
    let store = try HistoryStore.open(at: path, schema: historySchema())
    #expect(try store.runs().map(\.state) == [.done, .done, .done])
    #expect(try store.run(id: "run-2")?.document == "[4]")
    #expect(try store.integrity().isEmpty)
  }

  @Test func aProcessThatIsKilledInAStepLeavesTheStepBefore() async throws {
    let path = folder.file()
    let before = sampleRunRecord(state: .running, document: "[1]")
    try store.record(before)
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let schema = try historySchema()
      let store = try HistoryStore.open(at: path, schema: schema)
      let connection = try DatabaseQueue(path: path)
      try connection.inDatabase { database in
        try database.execute(sql: "BEGIN IMMEDIATE; UPDATE run SET document = 'half'")
        store.close()
        kill(getpid(), SIGKILL)
      }
    }
    #expect(try store.run(id: "run-1") == before)
    try store.record(sampleRunRecord(document: "[1,2]"))
    #expect(try store.integrity().isEmpty)
  }
}
