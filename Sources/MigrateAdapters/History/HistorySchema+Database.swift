import GRDB

extension HistorySchema {
  /// Marks a database as a history: the header's application id, the bytes `BbMg`.
  /// Source: <https://www.sqlite.org/pragma.html#pragma_application_id>.
  static let applicationID = 0x4262_4D67

  /// What a database is, as far as the schema is concerned.
  enum Found: Hashable {
    /// A database without any table: one that was just made.
    case empty
    /// A history, and the migrations that it has.
    case history([Applied])
  }

  /// Reads what a database is, without changing it.
  ///
  /// - Throws: ``HistoryError/notAHistory(path:)`` for a database of another program, or an error
  ///   of SQLite.
  func inspect(_ database: Database, path: String) throws -> Found {
    let mark = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    if mark == Self.applicationID {
      guard try database.tableExists("history_migration") else {
        throw HistoryError.damaged(path: path, detail: "its list of migrations is missing")
      }
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT number, name, checksum, applied_by FROM history_migration ORDER BY number
          """)
      return .history(
        try rows.map { row in
          Applied(
            number: try row.decode(Int.self, forColumn: "number"),
            name: try row.decode(String.self, forColumn: "name"),
            checksum: try row.decode(String.self, forColumn: "checksum"),
            version: try row.decode(String.self, forColumn: "applied_by"))
        })
    }
    let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard mark == 0, objects == 0 else { throw HistoryError.notAHistory(path: path) }
    return .empty
  }

  /// Applies what is missing. Must run in one immediate transaction, so that two processes never
  /// apply the same file and a failure leaves the database as it was.
  ///
  /// - Throws: a ``HistoryError``, or an error of SQLite that is not the migration's fault.
  func apply(to database: Database, path: String) throws {
    // Looked at again inside the transaction: another process may have been faster.
    let applied: [Applied]
    switch try inspect(database, path: path) {
    case .history(let found):
      applied = found
    case .empty:
      applied = []
      try database.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
      try database.execute(
        sql: """
          CREATE TABLE history_migration (
            number     INTEGER PRIMARY KEY,
            name       TEXT NOT NULL,
            checksum   TEXT NOT NULL,
            applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
            applied_by TEXT NOT NULL
          ) STRICT
          """)
    }
    for migration in try pending(after: applied, path: path) {
      try apply(migration, to: database, path: path)
    }
  }

  private func apply(
    _ migration: HistoryMigration, to database: Database, path: String
  ) throws {
    do {
      try database.execute(sql: migration.sql)
      try database.checkForeignKeys()
    } catch let error as DatabaseError where Self.isMigrationsFault(error) {
      throw HistoryError.failedMigration(
        path: path, name: migration.name,
        reason: error.message ?? error.resultCode.description)
    }
    guard database.isInsideTransaction else {
      throw HistoryError.failedMigration(
        path: path, name: migration.name, reason: "it ended its transaction")
    }
    try database.execute(
      sql: """
        INSERT INTO history_migration (number, name, checksum, applied_by) VALUES (?, ?, ?, ?)
        """,
      arguments: [migration.number, migration.name, migration.checksum, version])
  }

  /// An abort is what GRDB reports for a statement after the transaction was ended.
  private static func isMigrationsFault(_ error: DatabaseError) -> Bool {
    [.SQLITE_ERROR, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_ABORT]
      .contains(error.resultCode)
  }
}
