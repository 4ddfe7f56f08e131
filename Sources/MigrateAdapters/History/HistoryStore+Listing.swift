import GRDB

extension HistoryStore {
  /// The rows of a table as summaries, newest first: those of a release, a namespace and a cluster,
  /// where they are named.
  func summaries<Summary>(
    _ selection: String, newestBy moment: String, release: String?, namespace: String?,
    clusterID: String?, limit: Int?, _ summary: (Row) throws -> Summary
  ) throws(HistoryError) -> [Summary] {
    try read(whenAbsent: []) { database in
      try Row.fetchAll(
        database,
        sql: """
          \(selection)
          WHERE (:release IS NULL OR release_name = :release)
            AND (:namespace IS NULL OR namespace = :namespace)
            AND (:cluster IS NULL OR cluster_id = :cluster)
          ORDER BY \(moment) DESC, sequence DESC
          LIMIT :limit
          """,
        arguments: [
          "release": release, "namespace": namespace, "cluster": clusterID,
          "limit": limit.map { max(0, $0) } ?? -1,
        ]
      ).map(summary)
    }
  }
}
