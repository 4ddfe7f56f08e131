import Foundation
import GRDB
import SystemPackage
import Testing

@testable import MigrateAdapters

@Suite struct HistoryFileTests {
  let folder: HistoryFolder
  var path: String { folder.file() }

  init() throws {
    folder = try HistoryFolder()
  }

  // MARK: Making it

  @Test func everyFileIsPrivateUnderAnOpenUmask() throws {
    let before = umask(0)
    defer { umask(before) }
    let path = folder.file("a/b/history.sqlite")
    let store = try HistoryStore.open(at: path, schema: historySchema())
    try store.record(samplePlanRecord())
    for suffix in ["", "-wal", "-shm"] {
      #expect(try permissionBits(path + suffix) == 0o600, "\(suffix)")
    }
    #expect(try permissionBits(folder.file("a")) == 0o700)
    #expect(try permissionBits(folder.file("a/b")) == 0o700)
    store.close()
    #expect(try permissionBits(path) == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("a/b")).count == 1)
  }

  @Test func anExistingFolderKeepsItsMode() throws {
    chmod(folder.path, 0o755)
    try HistoryStore.open(at: path, schema: historySchema()).close()
    #expect(try permissionBits(folder.path) == 0o755)
  }

  @Test(arguments: [0o644, 0o666, 0o660, 0o604])
  func anExistingHistoryIsTakenFromOthers(found: Int) throws {
    let first = try HistoryStore.open(at: path, schema: historySchema())
    try first.record(samplePlanRecord())
    for suffix in ["", "-wal", "-shm"] {
      chmod(path + suffix, mode_t(found))
    }
    #expect(try first.integrity().count == 1)
    let second = try HistoryStore.open(at: path, schema: historySchema())
    for suffix in ["", "-wal", "-shm"] {
      #expect(try permissionBits(path + suffix) == 0o600, "\(suffix)")
    }
    #expect(try second.integrity().isEmpty)
    #expect(try second.plans().count == 1)
  }

  @Test func anEmptyFileBecomesAPrivateHistory() throws {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    chmod(path, 0o644)
    try HistoryStore.open(at: path, schema: historySchema()).record(samplePlanRecord())
    #expect(try permissionBits(path) == 0o600)
  }

  @Test func theFileSurvivesAndSyncsEachCommit() throws {
    let store = try HistoryStore.open(at: path, schema: historySchema())
    let settings = try store.read(whenAbsent: []) { database in
      try ["journal_mode", "synchronous", "foreign_keys", "secure_delete", "auto_vacuum"]
        .map { try String.fetchOne(database, sql: "PRAGMA \($0)") ?? "" }
    }
    #expect(settings == ["wal", "2", "1", "1", "2"])
  }

  @Test(arguments: [":memory:", "file:x?mode=memory", "a b'\"%?#.sqlite", "é.sqlite"])
  func aStrangeNameIsAFileLikeAnyOther(name: String) throws {
    let store = try HistoryStore.open(at: folder.file(name), schema: historySchema())
    try store.record(samplePlanRecord())
    store.close()
    #expect(try folder.names() == [name])
    let again = try HistoryStore.openForReading(at: folder.file(name), schema: historySchema())
    #expect(try again.plans().count == 1)
  }

  @Test(arguments: [":memory:", "history.sqlite"])
  func aRelativePathIsMadeAbsolute(name: String) throws {
    let file = try HistoryFile(name)
    #expect(file.path.string.hasPrefix("/"))
    #expect(file.path.string.hasSuffix("/" + name))
    #expect(file.shown == name)
  }

  // MARK: What is no history

  @Test(arguments: ["x", "just some text\n", String(repeating: "secret: 1\n", count: 2000)])
  func anotherFileIsRefusedAndLeftAsItWas(text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o644)
    for reading in [true, false] {
      #expect(throws: HistoryError.notADatabase(path: path)) {
        _ =
          reading
          ? try HistoryStore.openForReading(at: path, schema: historySchema())
          : try HistoryStore.open(at: path, schema: historySchema())
      }
    }
    #expect(try fileBytes(path) == Data(text.utf8))
    #expect(try permissionBits(path) == 0o644)
    #expect(try folder.names() == ["history.sqlite"])
  }

  @Test(arguments: ["CREATE TABLE moz_places (id INTEGER)", "PRAGMA application_id = 7"])
  func aDatabaseOfAnotherProgramIsRefusedAndLeftAsItWas(sql: String) throws {
    try executeSQL(sql, on: path)
    chmod(path, 0o644)
    let before = try fileBytes(path)
    for reading in [true, false] {
      #expect(throws: HistoryError.notAHistory(path: path)) {
        _ =
          reading
          ? try HistoryStore.openForReading(at: path, schema: historySchema())
          : try HistoryStore.open(at: path, schema: historySchema())
      }
    }
    #expect(try fileBytes(path) == before)
    #expect(try permissionBits(path) == 0o644)
    #expect(try folder.names() == ["history.sqlite"])
  }

  @Test func aDamagedHistoryIsReportedAndLeftAsItWas() throws {
    let store = try HistoryStore.open(at: path, schema: historySchema())
    for number in 0..<50 {
      let document = String(repeating: "x", count: 3000)
      try store.record(samplePlanRecord(id: "plan-\(number)", document: document))
    }
    store.close()
    var content = try fileBytes(path)
    // All but the first page, which holds the schema.
    content.replaceSubrange(4096..., with: Data(repeating: 0xff, count: content.count - 4096))
    try content.write(to: URL(fileURLWithPath: path))
    let error = #expect(throws: HistoryError.self) {
      try HistoryStore.open(at: path, schema: historySchema()).plans()
    }
    guard case .damaged = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try fileBytes(path) == content)
  }

  @Test func theIntegrityNamesDamagedPages() throws {
    let store = try HistoryStore.open(at: path, schema: historySchema())
    for number in 0..<50 {
      let document = String(repeating: "x", count: 3000)
      try store.record(samplePlanRecord(id: "plan-\(number)", document: document))
    }
    store.close()
    var content = try fileBytes(path)
    content.replaceSubrange(
      (content.count - 8192)..., with: Data(repeating: 0xff, count: 8192))
    try content.write(to: URL(fileURLWithPath: path))
    #expect(try !HistoryStore.open(at: path, schema: historySchema()).integrity().isEmpty)
  }

  @Test func aTruncatedHistoryIsNeverTakenForANewOne() throws {
    let store = try HistoryStore.open(at: path, schema: historySchema())
    try store.record(samplePlanRecord(document: String(repeating: "x", count: 50_000)))
    store.close()
    let content = try fileBytes(path).prefix(10_000)
    try content.write(to: URL(fileURLWithPath: path))
    #expect(throws: HistoryError.self) {
      try HistoryStore.open(at: path, schema: historySchema()).plans()
    }
    #expect(try fileBytes(path).prefix(10_000) == content)
  }

  // MARK: Where it cannot be

  @Test func aFolderIsRefused() throws {
    #expect(throws: HistoryError.notAFile(path: folder.path, kind: "a folder")) {
      try HistoryStore.open(at: folder.path, schema: historySchema())
    }
  }

  @Test func aPipeIsRefusedWithoutWaitingForIt() throws {
    mkfifo(path, 0o600)
    for reading in [true, false] {
      #expect(throws: HistoryError.notAFile(path: path, kind: "a pipe")) {
        _ =
          reading
          ? try HistoryStore.openForReading(at: path, schema: historySchema())
          : try HistoryStore.open(at: path, schema: historySchema())
      }
    }
  }

  @Test func aFileInThePlaceOfAFolderIsRefused() throws {
    try Data("text".utf8).write(to: URL(fileURLWithPath: path))
    let below = path + "/below/history.sqlite"
    #expect(
      throws: HistoryError.folderNotMade(path: below, reason: "a file is in its place")
    ) {
      try HistoryStore.open(at: below, schema: historySchema())
    }
  }

  @Test func anEmptyPathIsRefused() throws {
    #expect(throws: HistoryError.self) { try HistoryStore.open(at: "", schema: historySchema()) }
  }

  @Test func aLinkToAHistoryIsFollowed() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("real"), withIntermediateDirectories: true)
    let real = folder.file("real/history.sqlite")
    try HistoryStore.open(at: real, schema: historySchema()).close()
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: real)
    let store = try HistoryStore.open(at: path, schema: historySchema())
    try store.record(samplePlanRecord())
    #expect(try folder.names() == ["history.sqlite", "real"])
    #expect(try permissionBits(real + "-wal") == 0o600)
    store.close()
    #expect(try HistoryStore.open(at: real, schema: historySchema()).plans().count == 1)
  }

  @Test func aLinkToNothingIsRefusedAndNothingIsMade() throws {
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: folder.file("elsewhere"))
    for reading in [true, false] {
      #expect(throws: HistoryError.danglingLink(path: path)) {
        _ =
          reading
          ? try HistoryStore.openForReading(at: path, schema: historySchema())
          : try HistoryStore.open(at: path, schema: historySchema())
      }
    }
    #expect(try folder.names() == ["history.sqlite"])
  }

  /// Between two looks at the path another process may make the file.
  @Test func aFileThatIsMadeMeanwhileIsNoLinkToNothing() async throws {
    let path = path
    let file = try HistoryFile(path)
    let other = Task.detached {
      while !Task.isCancelled {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        unlink(path)
      }
    }
    defer { other.cancel() }
    for _ in 0..<20_000 { _ = try file.size() }
  }

  @Test func aFileOfAnotherUserIsRefusedForWriting() throws {
    try HistoryStore.open(at: path, schema: historySchema()).close()
    let me = geteuid()
    let file = try HistoryFile(path, user: me + 1)
    #expect(throws: HistoryError.foreignOwner(path: path, user: me)) { try file.checkWritable() }
    // The administrator may use everybody's.
    try HistoryFile(path, user: 0).checkWritable()
  }

  // MARK: Reading

  @Test func readingAnAbsentHistoryIsEmptyAndMakesNothing() throws {
    let path = folder.file("a/history.sqlite")
    let store = try HistoryStore.openForReading(at: path, schema: historySchema())
    #expect(try store.plans().isEmpty)
    #expect(try store.plan(id: "plan-1") == nil)
    #expect(try store.ids(startingWith: "").isEmpty)
    #expect(try store.suggestions(for: "plan-1").isEmpty)
    #expect(try store.integrity().isEmpty)
    #expect(throws: HistoryError.readOnly(path: path)) { try store.record(samplePlanRecord()) }
    store.close()
    #expect(try folder.names().isEmpty)
  }

  @Test func readingAnEmptyFileLeavesItEmpty() throws {
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let store = try HistoryStore.openForReading(at: path, schema: historySchema())
    #expect(try store.plans().isEmpty)
    #expect(try fileBytes(path).isEmpty)
  }

  @Test func aStoreForReadingDoesNotWrite() throws {
    try HistoryStore.open(at: path, schema: historySchema()).record(samplePlanRecord())
    let store = try HistoryStore.openForReading(at: path, schema: historySchema())
    #expect(throws: HistoryError.readOnly(path: path)) {
      try store.record(samplePlanRecord(id: "plan-2"))
    }
    #expect(throws: HistoryError.readOnly(path: path)) {
      try store.prune(olderThan: timestamp("2030-01-01T00:00:00.000Z"), keepingLatestPerRelease: 0)
    }
    #expect(try store.plans().count == 1)
  }

  @Test func readingSeesWhatAnotherStoreHasJustWritten() throws {
    let writer = try HistoryStore.open(at: path, schema: historySchema())
    let reader = try HistoryStore.openForReading(at: path, schema: historySchema())
    try writer.record(samplePlanRecord())
    #expect(try reader.plans().count == 1)
  }
}
