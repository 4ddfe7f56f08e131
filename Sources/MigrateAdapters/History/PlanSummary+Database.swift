import GRDB
import MigratePlanning

extension PlanSummary {
  /// Reads a row of the table `plan`.
  ///
  /// - Throws: `RowDecodingError` or `DatabaseError` for a value that the schema does not allow.
  init(_ row: Row) throws {
    let created = try row.decode(String.self, forColumn: "created_at")
    let word = try row.decode(String.self, forColumn: "verdict")
    guard let createdAt = Timestamp(text: created), let verdict = Plan.Verdict(rawValue: word)
    else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "a plan has an impossible time or verdict")
    }
    self.init(
      id: try row.decode(String.self, forColumn: "id"),
      digest: try row.decode(String.self, forColumn: "digest"),
      createdAt: createdAt,
      release: try row.decode(String.self, forColumn: "release_name"),
      namespace: try row.decode(String.self, forColumn: "namespace"),
      revision: try row.decode(Int.self, forColumn: "revision"),
      context: try row.decode(String?.self, forColumn: "context"),
      clusterID: try row.decode(String?.self, forColumn: "cluster_id"),
      target: Target(
        chart: try row.decode(String.self, forColumn: "target_chart"),
        version: try row.decode(String.self, forColumn: "target_version"),
        digest: try row.decode(String.self, forColumn: "target_digest")),
      verdict: verdict)
  }
}

extension PlanRecord {
  /// Verifies the rules that the table `plan` also has, for an error that names them.
  ///
  /// A NUL character would end the text on its way into the database, and the rest would be lost.
  func validate() throws(HistoryError) {
    let id = summary.id
    guard id.hasPrefix("plan-"), id != "plan-" else {
      throw .unstorablePlan(id: id, reason: "its id does not begin with \"plan-\"")
    }
    guard summary.digest.hasPrefix("sha256:"), summary.digest != "sha256:" else {
      throw .unstorablePlan(id: id, reason: "its digest does not begin with \"sha256:\"")
    }
    guard summary.revision >= 0 else {
      throw .unstorablePlan(id: id, reason: "its revision is negative")
    }
    let texts = [
      id, summary.digest, summary.release, summary.namespace, summary.context ?? "",
      summary.clusterID ?? "", summary.target.chart, summary.target.version,
      summary.target.digest, document,
    ]
    guard texts.allSatisfy({ !$0.utf8.contains(0) }) else {
      throw .unstorablePlan(id: id, reason: "it holds a NUL character")
    }
  }
}
