import MigrateAdapters
import MigratePlanning

extension GlobalOptions {
  /// Opens the history for reading and writing.
  ///
  /// - Throws: ``HistoryError``.
  func openHistory(_ context: CommandContext) throws -> HistoryStore {
    try HistoryStore.open(
      at: historyPath(context.environment),
      schema: try HistorySchema.embedded(version: BackboneMigrate.version))
  }

  /// A run as this machine's history has it; nil when it has none of that id.
  ///
  /// - Throws: ``HistoryError``, or an error of decoding.
  func knownRun(_ id: String, in context: CommandContext) throws -> RunDocument? {
    let store = try HistoryStore.openForReading(
      at: historyPath(context.environment),
      schema: try HistorySchema.embedded(version: BackboneMigrate.version))
    defer { store.close() }
    return try store.run(id: id).map { try $0.read() }
  }
}
