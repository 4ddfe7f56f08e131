import Foundation
import Testing

@testable import MigrateAdapters

/// What happens to a user whom the file system refuses. The administrator is refused nothing, so
/// that there these run with the file system's identity of somebody else, which Linux has per
/// thread.
@Suite(.enabled(if: Unprivileged.isPossible))
struct HistoryPermissionTests {
  let folder: HistoryFolder
  var path: String { folder.file() }

  init() throws {
    // The clone may lie where only the administrator gets to.
    _ = try repositoryMigrations()
    folder = try HistoryFolder()
    try Unprivileged.own(folder.path)
  }

  private func makeHistory() throws {
    let store = try HistoryStore.open(at: path, schema: historySchema())
    try store.record(samplePlanRecord())
    store.close()
    try Unprivileged.own(path)
  }

  @Test func aReadOnlyFileIsReadAndNotWritten() throws {
    try makeHistory()
    chmod(path, 0o400)
    try Unprivileged.run {
      let store = try HistoryStore.openForReading(at: path, schema: historySchema())
      #expect(try store.plans().count == 1)
      #expect(throws: HistoryError.permissionDenied(path: path)) {
        try HistoryStore.open(at: path, schema: historySchema())
      }
    }
    #expect(try permissionBits(path) == 0o400)
  }

  @Test func aReadOnlyFolderIsReadAndNotWritten() throws {
    try makeHistory()
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    try Unprivileged.run {
      let store = try HistoryStore.openForReading(at: path, schema: historySchema())
      #expect(try store.plans().count == 1)
      #expect(try store.plan(id: "plan-1") == samplePlanRecord())
      #expect(throws: HistoryError.permissionDenied(path: path)) {
        try HistoryStore.open(at: path, schema: historySchema())
      }
      #expect(throws: HistoryError.permissionDenied(path: folder.file("other"))) {
        try HistoryStore.open(at: folder.file("other"), schema: historySchema())
      }
      let below = folder.file("below/history.sqlite")
      #expect(throws: HistoryError.folderNotMade(path: below, reason: "permission denied")) {
        try HistoryStore.open(at: below, schema: historySchema())
      }
    }
    #expect(try folder.names() == ["history.sqlite"])
  }

  @Test(arguments: [false, true])
  func whatACrashLeftInAReadOnlyFolderIsReadWhole(withSharedMemory: Bool) throws {
    // The files as they are while a writer has them open: the plan is in the `-wal` alone.
    let open = try HistoryFolder()
    let writer = try HistoryStore.open(at: open.file(), schema: historySchema())
    try writer.record(samplePlanRecord())
    for suffix in withSharedMemory ? ["", "-wal", "-shm"] : ["", "-wal"] {
      try fileBytes(open.file() + suffix).write(to: URL(fileURLWithPath: path + suffix))
      try Unprivileged.own(path + suffix)
    }
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    let before = try folder.names()
    try Unprivileged.run {
      let store = try HistoryStore.openForReading(at: path, schema: historySchema())
      #expect(try store.plans().count == 1)
    }
    #expect(try folder.names() == before)
  }

  @Test func aReadOnlyHistoryOfAnOlderVersionSaysSo() throws {
    try makeHistory()
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    try Unprivileged.run {
      #expect(throws: HistoryError.olderSchema(path: path)) {
        try HistoryStore.openForReading(
          at: path, schema: historySchema(adding: [HistorySchemaTests.second]))
      }
    }
  }

  @Test func anUnreadableFileIsDenied() throws {
    try makeHistory()
    chmod(path, 0)
    try Unprivileged.run {
      #expect(throws: HistoryError.permissionDenied(path: path)) {
        try HistoryStore.open(at: path, schema: historySchema())
      }
      #expect(throws: HistoryError.permissionDenied(path: path)) {
        try HistoryStore.openForReading(at: path, schema: historySchema())
      }
    }
  }

  @Test func anUnreachableFolderIsDeniedAndNotTakenForAbsent() throws {
    try makeHistory()
    chmod(folder.path, 0)
    defer { chmod(folder.path, 0o700) }
    try Unprivileged.run {
      #expect(throws: HistoryError.permissionDenied(path: path)) {
        try HistoryStore.openForReading(at: path, schema: historySchema())
      }
    }
  }

  @Test func theTemporaryCopyIsRemoved() throws {
    try makeHistory()
    chmod(folder.path, 0o500)
    defer { chmod(folder.path, 0o700) }
    try Unprivileged.run {
      let copy = try HistoryFile(path).copyToTemporaryFolder()
      #expect(try permissionBits(copy.folder.path) == 0o700)
      #expect(try permissionBits(copy.file) == 0o600)
      try FileManager.default.removeItem(at: copy.folder)
    }
  }
}

/// Somebody whom the file system refuses things.
enum Unprivileged {
  private typealias SetUser = @convention(c) (UInt32) -> Int32
  private static let nobody: UInt32 = 65534

  /// Linux's `setfsuid`, which changes the calling thread alone and which the C module leaves out.
  private static let setFileSystemUser: SetUser? = {
    #if os(Linux)
      guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "setfsuid") else { return nil }
      return unsafeBitCast(symbol, to: SetUser.self)
    #else
      return nil
    #endif
  }()

  static var isPossible: Bool { geteuid() != 0 || setFileSystemUser != nil }

  /// Gives a file to whom ``run(_:)`` runs as.
  static func own(_ path: String) throws {
    if geteuid() == 0 { try #require(chown(path, nobody, nobody) == 0) }
  }

  static func run(_ body: () throws -> Void) throws {
    guard geteuid() == 0, let setFileSystemUser else { return try body() }
    _ = setFileSystemUser(nobody)
    defer { _ = setFileSystemUser(0) }
    try body()
  }
}
