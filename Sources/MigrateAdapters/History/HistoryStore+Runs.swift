import GRDB
import MigratePlanning

extension HistoryStore {
  /// Records a run, or how far it has come since it was recorded: the whole document is replaced.
  /// Recording the same again changes nothing.
  ///
  /// - Throws: ``HistoryError/runExists(id:)`` when the id belongs to another run,
  ///   ``HistoryError/runIsOver(id:)`` when the run had ended otherwise,
  ///   ``HistoryError/unstorableRun(id:reason:)`` for text that the database does not take.
  package func record(_ run: RunRecord) throws(HistoryError) {
    let summary = run.summary
    try run.validate()
    try write { database in
      if let known = try Self.run(summary.id, in: database) {
        guard known != run else { return }
        guard known.summary.isSameRun(as: summary) else {
          throw HistoryError.runExists(id: summary.id)
        }
        guard !known.summary.state.isOver else { throw HistoryError.runIsOver(id: summary.id) }
      }
      try database.execute(
        sql: """
          INSERT INTO run (
            id, plan_id, kind, dry_run, state, release_name, namespace, cluster_id, context,
            from_revision, to_revision, started_at, finished_at, document
          ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET
            plan_id = excluded.plan_id, state = excluded.state, cluster_id = excluded.cluster_id,
            context = excluded.context, from_revision = excluded.from_revision,
            to_revision = excluded.to_revision, finished_at = excluded.finished_at,
            document = excluded.document
          """,
        arguments: [
          summary.id, summary.planID, summary.kind.rawValue, summary.dryRun,
          summary.state.rawValue, summary.release, summary.namespace, summary.clusterID,
          summary.context, summary.fromRevision, summary.toRevision, summary.startedAt.text,
          summary.finishedAt?.text, run.document,
        ])
    }
  }

  /// The recorded runs, newest first.
  ///
  /// - Parameters:
  ///   - release: only runs on releases of this name.
  ///   - namespace: only runs on releases in this namespace.
  ///   - clusterID: only runs in this cluster.
  ///   - limit: the most runs to return; nil for all.
  /// - Returns: the runs without their documents.
  /// - Throws: ``HistoryError`` when the history cannot be read.
  package func runs(
    release: String? = nil, namespace: String? = nil, clusterID: String? = nil, limit: Int? = nil
  ) throws(HistoryError) -> [RunSummary] {
    try summaries(
      "SELECT \(Self.runColumns) FROM run", newestBy: "started_at", release: release,
      namespace: namespace, clusterID: clusterID, limit: limit, RunSummary.init)
  }

  /// The run of this id; nil when none is recorded.
  package func run(id: String) throws(HistoryError) -> RunRecord? {
    try read(whenAbsent: nil) { try Self.run(id, in: $0) }
  }

  /// The run on a release that began last; nil when none is recorded.
  ///
  /// - Parameters:
  ///   - release: the release's name.
  ///   - namespace: its namespace; nil for any.
  ///   - clusterID: its cluster; nil for any.
  ///   - includingDryRuns: whether a run that changed nothing counts.
  /// - Returns: the run with its document.
  /// - Throws: ``HistoryError`` when the history cannot be read.
  package func latestRun(
    release: String, namespace: String? = nil, clusterID: String? = nil,
    includingDryRuns: Bool = false
  ) throws(HistoryError) -> RunRecord? {
    try read(whenAbsent: nil) { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT \(Self.runColumns), document FROM run
          WHERE release_name = :release
            AND (:namespace IS NULL OR namespace = :namespace)
            AND (:cluster IS NULL OR cluster_id = :cluster)
            AND (dry_run = 0 OR :dryRuns)
          ORDER BY started_at DESC, sequence DESC
          LIMIT 1
          """,
        arguments: [
          "release": release, "namespace": namespace, "cluster": clusterID,
          "dryRuns": includingDryRuns,
        ]
      ).map { try RunRecord($0) }
    }
  }

  private static let runColumns = """
    id, plan_id, kind, dry_run, state, release_name, namespace, cluster_id, context,
    from_revision, to_revision, started_at, finished_at
    """

  private static func run(_ id: String, in database: Database) throws -> RunRecord? {
    try Row.fetchOne(
      database, sql: "SELECT \(runColumns), document FROM run WHERE id = ?", arguments: [id]
    ).map { try RunRecord($0) }
  }
}

extension RunRecord {
  fileprivate init(_ row: Row) throws {
    self.init(
      summary: try RunSummary(row), document: try row.decode(String.self, forColumn: "document"))
  }
}
