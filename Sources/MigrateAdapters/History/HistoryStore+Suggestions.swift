import GRDB
import MigratePlanning

extension HistoryStore {
  /// The ids that a mistyped one may have meant, the likeliest first: those that begin with it,
  /// then those that differ in a third of their letters or fewer. `plan-` or `run-` says which are
  /// looked at; without it, both are.
  ///
  /// Looks at the 500 newest plans and the 500 newest runs.
  package func suggestions(
    for mistyped: String, limit: Int = 3
  ) throws(HistoryError) -> [String] {
    let kinds = ["plan-", "run-"]
    let named = kinds.first(where: mistyped.hasPrefix)
    let wanted = String(mistyped.dropFirst(named?.count ?? 0))
    guard !wanted.isEmpty else { return [] }
    let recent = try read(whenAbsent: []) { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT id FROM (
            SELECT * FROM (
              SELECT id, created_at AS moment, sequence FROM plan
              ORDER BY moment DESC, sequence DESC LIMIT 500
            )
            UNION ALL
            SELECT * FROM (
              SELECT id, started_at AS moment, sequence FROM run
              ORDER BY moment DESC, sequence DESC LIMIT 500
            )
          ) ORDER BY moment DESC, sequence DESC
          """)
    }
    let ids = recent.filter { id in named.map(id.hasPrefix) ?? true }
    // Compared without what they all begin with, which would make every two of them near.
    func rest(_ id: String) -> String {
      String(id.dropFirst(kinds.first(where: id.hasPrefix)?.count ?? 0))
    }
    var meant: [String] = []
    for near in Suggestions.near(wanted, among: ids.map(rest), limit: limit) {
      meant += ids.filter { rest($0) == near && !meant.contains($0) }
    }
    return Array(meant.prefix(max(0, limit)))
  }
}
