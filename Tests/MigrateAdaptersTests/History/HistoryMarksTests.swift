import Foundation
import MigrateAdapters
import Testing

@Suite struct HistoryMarksTests {
  let folder: HistoryFolder
  let store: HistoryStore

  init() throws {
    folder = try HistoryFolder()
    store = try HistoryStore.open(at: folder.file(), schema: historySchema())
  }

  @Test func aMarkTellsWhetherASecretIsStillTheSame() throws {
    try store.record(samplePlanRecord())
    let before = ["TOKEN": "hunter2", "PASSWORD": "correct horse", "EMPTY": ""]
    try store.record(marks: try store.marks(of: before), forPlan: "plan-1")
    store.close()
    let again = try HistoryStore.open(at: folder.file(), schema: historySchema())
    let kept = try again.marks(ofPlan: "plan-1")
    #expect(kept == (try again.marks(of: before)))
    let now = try again.marks(of: ["TOKEN": "hunter3", "PASSWORD": "correct horse", "EMPTY": " "])
    #expect(Set(kept.filter { now[$0.key] != $0.value }.keys) == ["TOKEN", "EMPTY"])
  }

  @Test func aMarkSaysNothingElse() throws {
    let marks = try store.marks(of: ["A": "same", "B": "same", "C": "AB"])
    #expect(Set(marks.values).count == 3)
    #expect(marks.values.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
    let other = try HistoryStore.open(at: folder.file("other.sqlite"), schema: historySchema())
    #expect(try other.marks(of: ["A": "same"])["A"] != marks["A"])
    // Not even spellings that Swift takes for the same text are.
    #expect(try store.marks(of: ["A": "\u{e9}"]) != store.marks(of: ["A": "e\u{301}"]))
  }

  @Test func noSecretIsWrittenAnywhere() throws {
    try store.record(samplePlanRecord())
    let secret = "hunter2-that-appears-nowhere-else"
    try store.record(marks: try store.marks(of: ["TOKEN": secret]), forPlan: "plan-1")
    for name in try folder.names() {
      #expect(try fileBytes(folder.file(name)).range(of: Data(secret.utf8)) == nil, "\(name)")
    }
  }

  @Test func marksReplaceThoseThatThePlanHad() throws {
    try store.record(samplePlanRecord())
    let mark = try #require(try store.marks(of: ["A": "a"])["A"])
    try store.record(marks: ["A": mark, "B": mark], forPlan: "plan-1")
    try store.record(marks: ["C": mark], forPlan: "plan-1")
    #expect(try store.marks(ofPlan: "plan-1") == ["C": mark])
    try store.record(marks: [:], forPlan: "plan-1")
    #expect(try store.marks(ofPlan: "plan-1").isEmpty)
  }

  @Test func marksWithoutAPlanAreRefused() throws {
    #expect(throws: HistoryError.unknownPlan(id: "plan-1")) {
      try store.record(marks: [:], forPlan: "plan-1")
    }
  }

  @Test func marksGoWithTheirPlan() throws {
    try store.record(samplePlanRecord())
    let marks = try store.marks(of: ["A": "a", "B": "b"])
    try store.record(marks: marks, forPlan: "plan-1")
    let pruned = try store.prune(
      olderThan: timestamp("2027-01-01T00:00:00.000Z"), keepingLatestPerRelease: 0)
    #expect(pruned == HistoryStore.Pruned(plans: 1, runs: 0))
    #expect(try store.marks(ofPlan: "plan-1").isEmpty)
    #expect(try store.integrity().isEmpty)
    let mark = try #require(marks["A"])
    for name in try folder.names() {
      #expect(try fileBytes(folder.file(name)).range(of: Data(mark.utf8)) == nil, "\(name)")
    }
  }

  @Test func nothingToMarkNeedsNoKey() throws {
    let reader = try HistoryStore.openForReading(at: folder.file(), schema: historySchema())
    #expect(try reader.marks(of: [:]).isEmpty)
    #expect(throws: HistoryError.readOnly(path: folder.file())) {
      try reader.marks(of: ["A": "a"])
    }
    let marks = try store.marks(of: ["A": "a"])
    #expect(try reader.marks(of: ["A": "a"]) == marks)
  }

  @Test func storesThatNeedTheFirstKeyAtOnceAgreeOnIt() async throws {
    let path = folder.file()
    let marks = try await withThrowingTaskGroup(of: [String: String].self) { group in
      for _ in 0..<6 {
        group.addTask {
          try HistoryStore.open(at: path, schema: historySchema(), busyTimeout: .seconds(60))
            .marks(of: ["A": "a"])
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(marks.count == 1)
  }
}
