/// The schema of the history that this binary knows: its migrations, from the first to the last.
package struct HistorySchema: Sendable {
  /// The migrations in the order of their numbers: 1, 2, 3 and so on.
  package let migrations: [HistoryMigration]
  /// This binary's version, recorded with each migration that it applies.
  package let version: String

  /// Reads the files of `migrations/history/`, in any order.
  ///
  /// - Parameters:
  ///   - files: the path and the text of each file.
  ///   - version: this binary's version, for the error that another binary may have to write.
  ///   - checksum: a digest of a file's text; always the same for the same text.
  /// - Throws: ``HistoryError/unusableMigrations(reason:)`` when there are none, a number is
  ///   missing or taken twice, or a name breaks the rule.
  package init(
    files: [(path: String, text: String)], version: String, checksum: (String) -> String
  ) throws(HistoryError) {
    var migrations: [HistoryMigration] = []
    for file in files {
      migrations.append(
        try HistoryMigration(path: file.path, text: file.text, checksum: checksum))
    }
    migrations.sort { ($0.number, $0.name) < ($1.number, $1.name) }
    guard !migrations.isEmpty else {
      throw .unusableMigrations(reason: "there are none")
    }
    for (index, migration) in migrations.enumerated() where migration.number != index + 1 {
      throw .unusableMigrations(reason: "\"\(migration.name)\" is not number \(index + 1)")
    }
    self.migrations = migrations
    self.version = version
  }

  /// A migration as a history says that it was applied.
  struct Applied: Hashable, Sendable {
    var number: Int
    var name: String
    var checksum: String
    /// The version of the binary that applied it.
    var version: String
  }

  /// The migrations that a history still needs.
  ///
  /// - Parameters:
  ///   - applied: what the history says was applied, by number.
  ///   - path: the history's path, for the errors.
  /// - Returns: the migrations to apply, in their order; empty when the history is up to date.
  /// - Throws: ``HistoryError/newerSchema(path:writtenBy:)``,
  ///   ``HistoryError/changedMigration(path:name:)`` or
  ///   ``HistoryError/missingMigration(path:name:)``.
  func pending(
    after applied: [Applied], path: String
  ) throws(HistoryError) -> ArraySlice<HistoryMigration> {
    // A newer history is called newer even when it also differs: upgrading is the remedy then.
    if let last = applied.last, last.number > migrations.count {
      throw .newerSchema(path: path, writtenBy: last.version)
    }
    for (index, record) in applied.enumerated() {
      let migration = migrations[index]
      guard record.number == migration.number else {
        throw .missingMigration(path: path, name: migration.name)
      }
      guard record.name == migration.name, record.checksum == migration.checksum else {
        throw .changedMigration(path: path, name: record.name)
      }
    }
    return migrations[applied.count...]
  }
}
