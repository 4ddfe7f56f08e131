import Foundation
import GRDB
import Testing

@testable import MigrateAdapters

@Suite struct HistoryFullDiskTests {
  static let document = String(repeating: "x", count: 40_000)

  @Test func aFileThatMayNotGrowKeepsWhatItHas() throws {
    let folder = try HistoryFolder()
    let path = folder.file()
    let store = try HistoryStore.open(at: path, schema: historySchema()) { database in
      try database.execute(sql: "PRAGMA max_page_count = 40")
    }
    let recorded = fill(store, path: path)
    #expect(recorded > 0)
    #expect(try store.plans().count == recorded)
    #expect(try store.integrity().isEmpty)
    // Removing makes room, and needs none.
    let later = timestamp("2030-01-01T00:00:00.000Z")
    #expect(try store.prune(olderThan: later, keepingLatestPerRelease: 0).plans == recorded)
    try store.record(samplePlanRecord(document: Self.document))
  }

  @Test func aNewFileThatMayNotGrowIsReported() throws {
    let folder = try HistoryFolder()
    #expect(throws: HistoryError.diskFull(path: folder.file())) {
      try HistoryStore.open(at: folder.file(), schema: historySchema()) { database in
        try database.execute(sql: "PRAGMA max_page_count = 3")
      }
    }
    try HistoryStore.open(at: folder.file(), schema: historySchema()).record(samplePlanRecord())
  }

  /// Needs the path of an empty file system of 1 MiB or less, such as a tmpfs.
  @Test(.enabled(if: smallDisk != nil, "HISTORY_SMALL_DISK names no folder"))
  func aFullDiskKeepsWhatItHas() throws {
    let disk = try #require(Self.smallDisk)
    let path = disk + "/history.sqlite"
    let filler = disk + "/filler"
    defer {
      for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
      unlink(filler)
    }
    let store = try HistoryStore.open(at: path, schema: historySchema())
    let recorded = fill(store, path: path)
    #expect(recorded > 0)
    #expect(try store.plans().count == recorded)
    #expect(throws: HistoryError.diskFull(path: path)) {
      try store.record(samplePlanRecord(id: "plan-last", document: Self.document))
    }
    store.close()
    occupy(filler)
    let reader = try HistoryStore.openForReading(at: path, schema: historySchema())
    #expect(try reader.plans().count == recorded)
    reader.close()
    #expect(throws: HistoryError.diskFull(path: disk + "/other.sqlite")) {
      try HistoryStore.open(at: disk + "/other.sqlite", schema: historySchema())
    }
    unlink(disk + "/other.sqlite")
    unlink(filler)
    let again = try HistoryStore.open(at: path, schema: historySchema())
    #expect(try again.plans().count == recorded)
    #expect(try again.integrity().isEmpty)
    again.close()
  }

  static var smallDisk: String? { ProcessInfo.processInfo.environment["HISTORY_SMALL_DISK"] }

  /// Records plans until the disk is full; returns how many were recorded.
  private func fill(_ store: HistoryStore, path: String) -> Int {
    for number in 0..<1000 {
      do {
        try store.record(samplePlanRecord(id: "plan-\(number)", document: Self.document))
      } catch {
        #expect(error == .diskFull(path: path))
        return number
      }
    }
    Issue.record("the disk was never full")
    return 1000
  }

  /// Takes all the space that is left.
  private func occupy(_ path: String) {
    let file = open(path, O_WRONLY | O_CREAT, 0o600)
    defer { close(file) }
    let page = [UInt8](repeating: 1, count: 4096)
    while write(file, page, page.count) > 0 {}
    while write(file, page, 1) > 0 {}
  }
}
