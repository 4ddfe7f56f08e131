/// One step of the history's schema: a file of `migrations/history/`, applied once to each history
/// and never edited after a release.
package struct HistoryMigration: Hashable, Sendable {
  /// The number in the file's name, from 1.
  package let number: Int
  /// The file's name without its folder and ending, such as `V0001__plans`.
  package let name: String
  /// The statements. The runner puts them into a transaction; they must not end it themselves.
  package let sql: String
  /// The checksum of ``sql``, as recorded in the database and compared on every opening.
  package let checksum: String

  /// Reads a migration from its file.
  ///
  /// - Parameters:
  ///   - path: the file's path or name: `V`, four digits, `__`, words in lower case with `_`,
  ///     `.sql`.
  ///   - text: the file's text; the checksum is over this text, byte for byte.
  ///   - checksum: SHA-256 in the real program, as `sha256:` and hexadecimal digits.
  /// - Throws: ``HistoryError/unusableMigrations(reason:)`` when the name breaks the rule.
  package init(
    path: String, text: String, checksum: (String) -> String
  ) throws(HistoryError) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    guard let match = file.wholeMatch(of: /(V([0-9]{4})__[a-z0-9]+(?:_[a-z0-9]+)*)\.sql/),
      let number = Int(match.2), number > 0
    else {
      throw .unusableMigrations(reason: "\"\(file)\" is not named like V0001__plans.sql")
    }
    self.number = number
    self.name = String(match.1)
    self.sql = text
    self.checksum = checksum(text)
  }
}
