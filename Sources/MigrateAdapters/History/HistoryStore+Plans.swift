import GRDB
import MigratePlanning

extension HistoryStore {
  /// Records a plan. Recording the same plan again changes nothing.
  ///
  /// - Throws: ``HistoryError/planExists(id:)`` when the id belongs to a plan that differs,
  ///   ``HistoryError/unstorablePlan(id:reason:)`` for text that the database does not take.
  package func record(_ plan: PlanRecord) throws(HistoryError) {
    let summary = plan.summary
    try plan.validate()
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO plan (
            id, digest, created_at, release_name, namespace, revision, context, cluster_id,
            target_chart, target_version, target_digest, verdict, document
          ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO NOTHING
          """,
        arguments: [
          summary.id, summary.digest, summary.createdAt.text, summary.release, summary.namespace,
          summary.revision, summary.context, summary.clusterID, summary.target.chart,
          summary.target.version, summary.target.digest, summary.verdict.rawValue, plan.document,
        ])
      guard try database.changesCount > 0 || Self.plan(summary.id, in: database) == plan else {
        throw HistoryError.planExists(id: summary.id)
      }
    }
  }

  /// The recorded plans, newest first.
  ///
  /// - Parameters:
  ///   - release: only plans for releases of this name.
  ///   - namespace: only plans for releases in this namespace.
  ///   - clusterID: only plans for this cluster.
  ///   - limit: the most plans to return; nil for all.
  /// - Returns: the plans without their documents.
  /// - Throws: ``HistoryError`` when the history cannot be read.
  package func plans(
    release: String? = nil, namespace: String? = nil, clusterID: String? = nil, limit: Int? = nil
  ) throws(HistoryError) -> [PlanSummary] {
    try summaries(
      "SELECT \(Self.summaryColumns) FROM plan", newestBy: "created_at", release: release,
      namespace: namespace, clusterID: clusterID, limit: limit, PlanSummary.init)
  }

  /// The plan of this id; nil when none is recorded.
  package func plan(id: String) throws(HistoryError) -> PlanRecord? {
    try read(whenAbsent: nil) { try Self.plan(id, in: $0) }
  }

  /// The ids of plans that begin with a text, newest first; all ids for an empty text.
  package func ids(startingWith prefix: String) throws(HistoryError) -> [String] {
    try read(whenAbsent: []) { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT id FROM plan WHERE substr(id, 1, length(:prefix)) = :prefix
          ORDER BY created_at DESC, sequence DESC
          """,
        arguments: ["prefix": prefix])
    }
  }

  private static let summaryColumns = """
    id, digest, created_at, release_name, namespace, revision, context, cluster_id,
    target_chart, target_version, target_digest, verdict
    """

  private static func plan(_ id: String, in database: Database) throws -> PlanRecord? {
    try Row.fetchOne(
      database, sql: "SELECT \(summaryColumns), document FROM plan WHERE id = ?", arguments: [id]
    ).map { row in
      PlanRecord(
        summary: try PlanSummary(row),
        document: try row.decode(String.self, forColumn: "document"))
    }
  }
}
