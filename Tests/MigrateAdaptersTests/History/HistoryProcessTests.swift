import Foundation
import GRDB
import Testing

@testable import MigrateAdapters

/// Several users of one file: other connections, and other processes (exit tests run their body in
/// a process of its own).
@Suite struct HistoryProcessTests {
  let folder: HistoryFolder
  var path: String { folder.file() }

  init() throws {
    folder = try HistoryFolder()
  }

  @Test func processesThatMakeOneHistoryAllSucceed() async throws {
    let path = folder.file("made/by/all.sqlite")
    await withTaskGroup(of: Void.self) { group in
      for process in 0..<4 {
        group.addTask {
          await #expect(processExitsWith: .success) {
            [path = path as String, process = process as Int] in
            for number in 0..<5 {
              let store = try HistoryStore.open(
                at: path, schema: historySchema(), busyTimeout: .seconds(600))
              try store.record(samplePlanRecord(id: "plan-\(process)-\(number)"))
              store.close()
            }
          }
        }
      }
    }
    let store = try HistoryStore.open(at: path, schema: historySchema())
    #expect(try store.plans().count == 20)
    #expect(try store.integrity().isEmpty)
  }

  @Test func storesThatMakeOneHistoryAllSucceed() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for store in 0..<8 {
        group.addTask {
          let opened = try HistoryStore.open(
            at: path, schema: historySchema(), busyTimeout: .seconds(600))
          for number in 0..<5 {
            try opened.record(samplePlanRecord(id: "plan-\(store)-\(number)"))
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try HistoryStore.openForReading(at: path, schema: historySchema()).plans().count == 40)
  }

  @Test func anUpgradeByTwoVersionsAtOnceHappensOnce() async throws {
    let path = path
    try HistoryStore.open(at: path, schema: historySchema()).record(samplePlanRecord())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<6 {
        group.addTask {
          try HistoryStore.open(
            at: path, schema: historySchema(adding: [HistorySchemaTests.second]),
            busyTimeout: .seconds(60)
          ).close()
        }
      }
      try await group.waitForAll()
    }
    let newer = try historySchema(adding: [HistorySchemaTests.second])
    #expect(try HistoryStore.open(at: path, schema: newer).plans().count == 1)
  }

  @Test func aProcessThatIsKilledWhileWritingLosesOnlyThatWrite() async throws {
    let path = path
    try HistoryStore.open(at: path, schema: historySchema()).record(
      samplePlanRecord(id: "plan-before"))
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try HistoryStore.open(at: path, schema: historySchema())
      try store.record(samplePlanRecord(id: "plan-done"))
      try store.write { database in
        try database.execute(sql: "UPDATE plan SET document = 'half'")
        kill(getpid(), SIGKILL)
      }
    }
    let store = try HistoryStore.open(at: path, schema: historySchema())
    #expect(try Set(store.ids(startingWith: "")) == ["plan-before", "plan-done"])
    #expect(try store.plan(id: "plan-before")?.document == "{}")
    #expect(try store.integrity().isEmpty)
  }

  @Test func aProcessThatIsKilledWhileMakingTheHistoryLeavesAUsableFile() async throws {
    let path = path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let schema = try HistorySchema(
        files: repositoryMigrations() + [HistorySchemaTests.second], version: "1.0.0",
        checksum: standInChecksum)
      _ = try HistoryStore.open(at: path, schema: schema) { database in
        database.trace { event in
          if "\(event)".contains("CREATE TABLE note") { kill(getpid(), SIGKILL) }
        }
      }
    }
    let store = try HistoryStore.open(at: path, schema: historySchema())
    #expect(try store.plans().isEmpty)
    try store.record(samplePlanRecord())
    #expect(try store.integrity().isEmpty)
  }

  @Test func aLockHeldForTooLongIsReported() throws {
    let store = try HistoryStore.open(
      at: path, schema: historySchema(), busyTimeout: .milliseconds(20))
    let other = try DatabaseQueue(path: path)
    try other.inDatabase { database in
      try database.execute(sql: "BEGIN IMMEDIATE")
      #expect(throws: HistoryError.locked(path: path)) { try store.record(samplePlanRecord()) }
      // Reading does not wait for a writer, and neither does opening.
      #expect(try store.plans().isEmpty)
      try HistoryStore.openForReading(at: path, schema: historySchema()).close()
      try HistoryStore.open(at: path, schema: historySchema()).close()
      try database.execute(sql: "ROLLBACK")
    }
    try store.record(samplePlanRecord())
    #expect(try store.plans().count == 1)
  }

  @Test func aNewHistoryThatIsLockedIsReported() throws {
    let other = try DatabaseQueue(path: path)
    try other.inDatabase { database in
      try database.execute(sql: "BEGIN EXCLUSIVE")
      #expect(throws: HistoryError.locked(path: path)) {
        try HistoryStore.open(at: path, schema: historySchema(), busyTimeout: .milliseconds(20))
      }
      try database.execute(sql: "ROLLBACK")
    }
    try HistoryStore.open(at: path, schema: historySchema()).record(samplePlanRecord())
  }

  @Test func pruningBesideAReaderSucceeds() throws {
    let store = try HistoryStore.open(
      at: path, schema: historySchema(), busyTimeout: .milliseconds(20))
    try store.record(samplePlanRecord())
    let other = try DatabaseQueue(path: path)
    try other.inDatabase { database in
      try database.execute(sql: "BEGIN; SELECT * FROM plan")
      let removed = try store.prune(
        olderThan: timestamp("2030-01-01T00:00:00.000Z"), keepingLatestPerRelease: 0)
      #expect(removed.plans == 1)
      try database.execute(sql: "ROLLBACK")
    }
    #expect(try store.plans().isEmpty)
  }
}
