import Foundation
import GRDB
import Synchronization

/// The history: the local SQLite record of plans and runs.
///
/// Several processes may use one file at a time. Each change is one immediate transaction that is
/// on the disk when the call returns; a process that ends in the middle leaves the file as it was
/// before the change. Calls block for at most the busy timeout while another process writes.
package final class HistoryStore: Sendable {
  /// The path that the store was opened with.
  package let path: String
  private let file: HistoryFile
  private let isWritable: Bool
  private let state: Mutex<State>

  private enum State {
    /// There is no file, which only a store for reading allows.
    case absent
    case open(DatabaseQueue)
    case closed
  }

  private init(file: HistoryFile, connection: DatabaseQueue?, isWritable: Bool) {
    self.path = file.shown
    self.file = file
    self.isWritable = isWritable
    self.state = Mutex(connection.map(State.open) ?? .absent)
  }

  /// How long a call waits for another process by default.
  package static let defaultBusyTimeout: Duration = .seconds(5)

  /// Opens a history for reading and writing; makes the file (0600) and its folders (0700) when
  /// they are not there, applies the migrations that it lacks, and takes others' permissions from
  /// it.
  ///
  /// A file that is no history, or a history of a newer version, is not touched.
  ///
  /// - Parameters:
  ///   - path: absolute, or relative to the working directory; links are followed when they belong
  ///     to the user.
  ///   - schema: the migrations that this binary knows.
  ///   - busyTimeout: how long a call waits for another process.
  /// - Returns: the open history, with all migrations applied.
  /// - Throws: ``HistoryError``; the file is then as it was before.
  package static func open(
    at path: String, schema: HistorySchema, busyTimeout: Duration = defaultBusyTimeout
  ) throws(HistoryError) -> HistoryStore {
    try open(at: path, schema: schema, busyTimeout: busyTimeout, prepare: { _ in })
  }

  /// ``open(at:schema:busyTimeout:)`` with a last word on the connection, for a test that sets
  /// limits.
  static func open(
    at path: String, schema: HistorySchema, busyTimeout: Duration = defaultBusyTimeout,
    prepare: @escaping @Sendable (Database) throws -> Void
  ) throws(HistoryError) -> HistoryStore {
    let file = try HistoryFile(path)
    try file.create()
    try file.checkWritable()
    return HistoryStore(
      file: file,
      connection: try connect(file, schema: schema, busyTimeout: busyTimeout, prepare: prepare),
      isWritable: true)
  }

  /// Opens a history for reading. When there is no file the store is empty and none is made; a file
  /// or a folder that cannot be written to is read as it is.
  ///
  /// A writable history of an older version is brought up to date, as by
  /// ``open(at:schema:busyTimeout:)``. A read-only one that no process has open is read from a
  /// private copy, because SQLite needs to write beside the file that it reads.
  package static func openForReading(
    at path: String, schema: HistorySchema, busyTimeout: Duration = defaultBusyTimeout
  ) throws(HistoryError) -> HistoryStore {
    let file = try HistoryFile(path)
    guard let size = try file.size(), size > 0 else {
      return HistoryStore(file: file, connection: nil, isWritable: false)
    }
    do {
      try file.checkWritable()
    } catch {
      return try openReadOnly(file, schema: schema, busyTimeout: busyTimeout)
    }
    return HistoryStore(
      file: file,
      connection: try connect(file, schema: schema, busyTimeout: busyTimeout, prepare: { _ in }),
      isWritable: false)
  }

  /// Ends the use of the file, after the calls that still run; later calls throw
  /// ``HistoryError/closed(path:)``. The last process that closes the file moves the `-wal` into
  /// it.
  package func close() {
    // The connection closes with its last reference. Closing it outright would pull it away from a
    // call in another thread, for which GRDB has a trap and no error.
    state.withLock { $0 = .closed }
  }

  /// What is wrong with the history, one line each; empty when nothing is.
  ///
  /// Looks at the structure of the whole file, at the references between its tables and at its
  /// permissions; the time grows with the size of the file.
  ///
  /// - Throws: ``HistoryError`` when the file cannot be looked at. Damage is a line and no error.
  package func integrity() throws(HistoryError) -> [String] {
    var problems: [String] = []
    do {
      problems = try read(whenAbsent: []) { database in
        let lines = try String.fetchAll(database, sql: "PRAGMA quick_check")
          .filter { $0 != "ok" }
        let broken = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
        return lines + (broken == 0 ? [] : ["\(broken) rows refer to rows that do not exist"])
      }
    } catch .damaged(_, let detail) {
      problems = [detail]
    }
    if file.isOpenToOthers {
      problems.append("\"\(path)\" is readable or writable by other users")
    }
    return problems
  }

  private func connection() throws(HistoryError) -> DatabaseQueue? {
    switch state.withLock({ $0 }) {
    case .absent: return nil
    case .open(let connection): return connection
    case .closed: throw .closed(path: path)
    }
  }

  /// Reads in one transaction; what is read belongs to one state of the history.
  func read<Value>(
    whenAbsent absent: @autoclosure () -> Value, _ body: (Database) throws -> Value
  ) throws(HistoryError) -> Value {
    guard let connection = try connection() else { return absent() }
    do {
      return try connection.read(body)
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// Writes in one immediate transaction: all of it or nothing.
  func write<Value>(_ body: (Database) throws -> Value) throws(HistoryError) -> Value {
    guard isWritable, let connection = try connection() else { throw .readOnly(path: path) }
    do {
      return try connection.write(body)
    } catch {
      throw HistoryError(error, path: path)
    }
  }

  /// Runs statements that SQLite refuses inside a transaction.
  func maintain(_ body: (Database) throws -> Void) throws(HistoryError) {
    guard isWritable, let connection = try connection() else { throw .readOnly(path: path) }
    do {
      try connection.writeWithoutTransaction(body)
    } catch {
      throw HistoryError(error, path: path)
    }
  }
}

extension HistoryStore {
  private static func connect(
    _ file: HistoryFile, schema: HistorySchema, busyTimeout: Duration,
    prepare: @escaping @Sendable (Database) throws -> Void
  ) throws(HistoryError) -> DatabaseQueue {
    do {
      var configuration = configuration(busyTimeout: busyTimeout)
      configuration.prepareDatabase { database in
        // A commit that was reported must survive a loss of power, also on Apple's disks.
        try database.execute(
          sql: """
            PRAGMA synchronous = FULL;
            PRAGMA fullfsync = ON;
            PRAGMA checkpoint_fullfsync = ON;
            """)
        try prepare(database)
      }
      let connection = try DatabaseQueue(path: file.resolved, configuration: configuration)
      let found = try connection.read { try schema.inspect($0, path: file.shown) }
      var needsMigration = true
      if case .history(let applied) = found {
        needsMigration = try !schema.pending(after: applied, path: file.shown).isEmpty
      }
      // Only now is the file known to be ours to change.
      file.tighten()
      try connection.writeWithoutTransaction { database in
        // What is pruned is overwritten, not only forgotten.
        try database.execute(sql: "PRAGMA secure_delete = ON")
        if found == .empty { try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
        try useWriteAheadLog(database)
      }
      if needsMigration {
        try connection.write { try schema.apply(to: $0, path: file.shown) }
      }
      return connection
    } catch {
      throw HistoryError(error, path: file.shown)
    }
  }

  /// Readers then go on while another process writes. The mode is stored in the file.
  ///
  /// SQLite does not wait for other processes here whatever the timeout. One that is busy with a
  /// new file makes the same switch, and the other mode is slower but as safe, so the next opening
  /// may make it. For the same reason a file system without shared memory is left in the other
  /// mode.
  private static func useWriteAheadLog(_ database: Database) throws {
    do {
      try database.execute(sql: "PRAGMA journal_mode = WAL")
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {}
  }

  private static func openReadOnly(
    _ file: HistoryFile, schema: HistorySchema, busyTimeout: Duration
  ) throws(HistoryError) -> HistoryStore {
    do {
      let connection: DatabaseQueue
      if file.hasSharedMemory {
        var configuration = configuration(busyTimeout: busyTimeout)
        configuration.readonly = true
        connection = try DatabaseQueue(path: file.resolved, configuration: configuration)
      } else {
        connection = try copyInMemory(file)
      }
      switch try connection.read({ try schema.inspect($0, path: file.shown) }) {
      case .empty:
        return HistoryStore(file: file, connection: nil, isWritable: false)
      case .history(let applied):
        guard try schema.pending(after: applied, path: file.shown).isEmpty else {
          throw HistoryError.olderSchema(path: file.shown)
        }
        return HistoryStore(file: file, connection: connection, isWritable: false)
      }
    } catch {
      throw HistoryError(error, path: file.shown)
    }
  }

  private static func copyInMemory(_ file: HistoryFile) throws -> DatabaseQueue {
    let copy = try file.copyToTemporaryFolder()
    defer { try? FileManager.default.removeItem(at: copy.folder) }
    let source = try DatabaseQueue(path: copy.file)
    // The copy's own log is moved into it, and it leaves the mode that memory does not have.
    try source.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    let memory = try DatabaseQueue()
    try source.backup(to: memory)
    try source.close()
    return memory
  }

  private static func configuration(busyTimeout: Duration) -> Configuration {
    var configuration = Configuration()
    configuration.label = "history"
    configuration.foreignKeysEnabled = true
    let (seconds, attoseconds) = busyTimeout.components
    configuration.busyMode = .timeout(Double(seconds) + Double(attoseconds) / 1e18)
    return configuration
  }
}
