import MigratePlanning

extension HistorySchema {
  /// The schema that the binary carries.
  ///
  /// - Parameter version: this program's version.
  /// - Returns: the migrations of migrations/history/.
  /// - Throws: ``HistoryError/unusableMigrations(reason:)``.
  package static func embedded(version: String) throws(HistoryError) -> HistorySchema {
    try HistorySchema(files: EmbeddedFiles.history, version: version) {
      ContentDigest.sha256(Array($0.utf8))
    }
  }
}
