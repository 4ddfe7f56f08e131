import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@Suite struct HistoryPlansTests {
  let folder: HistoryFolder
  let store: HistoryStore

  init() throws {
    folder = try HistoryFolder()
    store = try HistoryStore.open(at: folder.file(), schema: historySchema())
  }

  @Test(arguments: Plan.Verdict.allCases)
  func aPlanComesBackAsItWas(verdict: Plan.Verdict) throws {
    let plan = samplePlanRecord(
      verdict: verdict, document: #"{"schema":"backbone-migrate/plan/v1"}"#)
    try store.record(plan)
    store.close()
    let again = try HistoryStore.open(at: folder.file(), schema: historySchema())
    #expect(try again.plan(id: "plan-1") == plan)
    #expect(try again.plans() == [plan.summary])
  }

  @Test func aPlanWithoutAClusterComesBackWithoutOne() throws {
    let plan = samplePlanRecord(context: nil, clusterID: nil)
    try store.record(plan)
    #expect(try store.plan(id: "plan-1") == plan)
  }

  @Test(arguments: [
    "", " ", "'); DROP TABLE plan; --", "\"quoted\" \\ \\u0000", "line\r\nline\n\ttab\u{1}\u{7f}",
    "\u{feff}bom", "e\u{301} \u{e9}", "👩‍👩‍👧 مرحبا 漢字 \u{202e}rtl", "?1 :name @x $y %s %n",
    "\u{10ffff}\u{fffd}", String(repeating: "[", count: 5000),
  ])
  func awkwardTextComesBackToTheByte(text: String) throws {
    let plan = samplePlanRecord(
      release: text, namespace: text, context: text, clusterID: text, document: text)
    try store.record(plan)
    let found = try #require(try store.plan(id: "plan-1"))
    #expect(Array(found.document.utf8) == Array(text.utf8))
    #expect(Array(found.summary.release.utf8) == Array(text.utf8))
    #expect(try store.plans(release: text, namespace: text, clusterID: text).count == 1)
  }

  @Test func aDocumentOfAMebibyteComesBack() throws {
    let text = String((0..<(1 << 18)).map { ["a", "\"", "\n", "é"][$0 % 4] }.joined())
    let document = String(repeating: text, count: 4)
    #expect(document.utf8.count > 1 << 20)
    try store.record(samplePlanRecord(document: document))
    store.close()
    let again = try HistoryStore.open(at: folder.file(), schema: historySchema())
    #expect(try again.plan(id: "plan-1")?.document == document)
  }

  @Test(arguments: ["id\u{0}", "document"])
  func aNULCharacterIsRefusedInsteadOfLost(place: String) throws {
    let plan =
      place == "document"
      ? samplePlanRecord(document: "{\u{0}}") : samplePlanRecord(id: "plan-" + place)
    #expect(
      throws: HistoryError.unstorablePlan(
        id: plan.summary.id, reason: "it holds a NUL character")
    ) {
      try store.record(plan)
    }
    #expect(try store.plans().isEmpty)
  }

  @Test(arguments: ["", "plan-", "run-1", "PLAN-1"])
  func anIdThatIsNoPlansIsRefused(id: String) throws {
    #expect(throws: HistoryError.self) { try store.record(samplePlanRecord(id: id)) }
    #expect(try store.plans().isEmpty)
  }

  @Test func theSamePlanMayBeRecordedTwice() throws {
    try store.record(samplePlanRecord())
    try store.record(samplePlanRecord())
    #expect(try store.plans().count == 1)
  }

  @Test func anotherPlanUnderTheSameIdIsRefusedAndTheFirstStays() throws {
    try store.record(samplePlanRecord(document: "{}"))
    #expect(throws: HistoryError.planExists(id: "plan-1")) {
      try store.record(samplePlanRecord(document: "[]"))
    }
    #expect(try store.plan(id: "plan-1")?.document == "{}")
  }

  @Test func plansAreListedNewestFirstAndOfOneMillisecondLastRecordedFirst() throws {
    try store.record(samplePlanRecord(id: "plan-b", createdAt: "2026-01-01T00:00:00.002Z"))
    try store.record(samplePlanRecord(id: "plan-d", createdAt: "2026-01-01T00:00:00.010Z"))
    try store.record(samplePlanRecord(id: "plan-c", createdAt: "2026-01-01T00:00:00.002Z"))
    try store.record(samplePlanRecord(id: "plan-a", createdAt: "2025-12-31T23:59:59.999Z"))
    #expect(try store.plans().map(\.id) == ["plan-d", "plan-c", "plan-b", "plan-a"])
    #expect(try store.plans(limit: 2).map(\.id) == ["plan-d", "plan-c"])
    #expect(try store.plans(limit: 0).isEmpty)
    #expect(try store.plans(limit: -1).isEmpty)
  }

  @Test func plansAreFoundByReleaseNamespaceAndCluster() throws {
    try store.record(samplePlanRecord(id: "plan-1", release: "web", namespace: "a", clusterID: "x"))
    try store.record(samplePlanRecord(id: "plan-2", release: "web", namespace: "b", clusterID: "x"))
    try store.record(samplePlanRecord(id: "plan-3", release: "iot", namespace: "a", clusterID: nil))
    #expect(try store.plans(release: "web").map(\.id) == ["plan-2", "plan-1"])
    #expect(try store.plans(namespace: "a").map(\.id) == ["plan-3", "plan-1"])
    #expect(try store.plans(release: "web", namespace: "a").map(\.id) == ["plan-1"])
    #expect(try store.plans(clusterID: "x").map(\.id) == ["plan-2", "plan-1"])
    #expect(try store.plans(release: "WEB").isEmpty)
  }

  @Test(arguments: [
    ("plan-7f3", ["plan-7f3a2"]), ("7f3a2", ["plan-7f3a2"]), ("plan-7fa32", ["plan-7f3a2"]),
    ("plan-7F3A2", ["plan-7f3a2"]), ("plan-7f3a", ["plan-7f3a2"]), ("plan-zzzzz", []), ("", []),
    ("plan-", []), ("c0", ["plan-c0ffe", "plan-c0ffd"]),
    ("plan-c0ffe", ["plan-c0ffe", "plan-c0ffd"]),
    ("%", []), ("_____", []),
  ])
  func aMistypedIdIsSuggested(mistyped: String, meant: [String]) throws {
    for id in ["plan-7f3a2", "plan-c0ffd", "plan-c0ffe", "plan-19b4d"] {
      try store.record(samplePlanRecord(id: id))
    }
    #expect(try store.suggestions(for: mistyped) == meant)
  }

  @Test func idsAreFoundByTheirBeginning() throws {
    for id in ["plan-a1", "plan-a2", "plan-b1", "plan-%1"] {
      try store.record(samplePlanRecord(id: id))
    }
    #expect(try store.ids(startingWith: "plan-a") == ["plan-a2", "plan-a1"])
    #expect(try store.ids(startingWith: "plan-%") == ["plan-%1"])
    #expect(try store.ids(startingWith: "").count == 4)
    #expect(try store.ids(startingWith: "plan-a123456789").isEmpty)
  }

  @Test(arguments: [(0, ["plan-5"]), (1, ["plan-5", "plan-4", "plan-3", "plan-2"])])
  func pruningKeepsTheLatestOfEachRelease(kept: Int, left: [String]) throws {
    try store.record(samplePlanRecord(id: "plan-1", createdAt: "2026-01-01T00:00:00.000Z"))
    try store.record(samplePlanRecord(id: "plan-2", createdAt: "2026-01-02T00:00:00.000Z"))
    try store.record(
      samplePlanRecord(id: "plan-3", createdAt: "2026-01-03T00:00:00.000Z", namespace: "b"))
    try store.record(
      samplePlanRecord(id: "plan-4", createdAt: "2026-01-04T00:00:00.000Z", clusterID: nil))
    try store.record(
      samplePlanRecord(id: "plan-5", createdAt: "2026-02-01T00:00:00.000Z", release: "iot"))
    let moment = timestamp("2026-02-01T00:00:00.000Z")
    let count = try store.prune(
      olderThan: moment, keepingLatestPerRelease: kept, dryRun: true)
    #expect(count == HistoryStore.Pruned(plans: 5 - left.count, runs: 0))
    #expect(try store.plans().count == 5)
    #expect(try store.prune(olderThan: moment, keepingLatestPerRelease: kept) == count)
    #expect(try store.plans().map(\.id) == left)
    #expect(try store.prune(olderThan: moment, keepingLatestPerRelease: kept).plans == 0)
  }

  @Test func whatIsPrunedLeavesNoTraceInTheFile() throws {
    let trace = "a-name-that-appears-nowhere-else"
    let document = String(repeating: trace, count: 20_000)
    try store.record(samplePlanRecord(document: document))
    #expect(
      try store.prune(
        olderThan: timestamp("2027-01-01T00:00:00.000Z"), keepingLatestPerRelease: 0
      ).plans == 1)
    for name in try folder.names() {
      let content = try fileBytes(folder.file(name))
      #expect(content.range(of: Data(trace.utf8)) == nil, "\(name)")
    }
    #expect(try fileBytes(folder.file()).count < 200_000)
  }

  @Test func aClosedStoreSaysSo() throws {
    store.close()
    store.close()
    #expect(throws: HistoryError.closed(path: folder.file())) { try store.plans() }
    #expect(throws: HistoryError.closed(path: folder.file())) {
      try store.record(samplePlanRecord())
    }
  }

  @Test func aSoundHistoryHasNoProblems() throws {
    try store.record(samplePlanRecord())
    #expect(try store.integrity().isEmpty)
  }
}
