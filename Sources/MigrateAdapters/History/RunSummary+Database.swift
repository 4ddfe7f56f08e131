import GRDB
import MigratePlanning

extension RunSummary {
  /// Reads a row of the table `run`.
  ///
  /// - Throws: `RowDecodingError` or `DatabaseError` for a value that the schema does not allow.
  init(_ row: Row) throws {
    let started = try row.decode(String.self, forColumn: "started_at")
    let finished = try row.decode(String?.self, forColumn: "finished_at")
    guard let startedAt = Timestamp(text: started),
      let kind = RunDocument.Kind(rawValue: try row.decode(String.self, forColumn: "kind")),
      let state = RunDocument.State(rawValue: try row.decode(String.self, forColumn: "state"))
    else {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "a run has an impossible time, kind or state")
    }
    self.init(
      id: try row.decode(String.self, forColumn: "id"),
      planID: try row.decode(String?.self, forColumn: "plan_id"),
      kind: kind, dryRun: try row.decode(Bool.self, forColumn: "dry_run"), state: state,
      release: try row.decode(String.self, forColumn: "release_name"),
      namespace: try row.decode(String.self, forColumn: "namespace"),
      clusterID: try row.decode(String?.self, forColumn: "cluster_id"),
      context: try row.decode(String?.self, forColumn: "context"),
      fromRevision: try row.decode(Int.self, forColumn: "from_revision"),
      toRevision: try row.decode(Int?.self, forColumn: "to_revision"),
      startedAt: startedAt, finishedAt: finished.flatMap(Timestamp.init(text:)))
  }

  /// Whether another record may be a later state of this run: what is known from the start stays.
  func isSameRun(as other: RunSummary) -> Bool {
    (id, release, namespace, startedAt) == (
      other.id, other.release, other.namespace, other.startedAt
    )
      && (kind, dryRun) == (other.kind, other.dryRun)
  }
}

extension RunRecord {
  /// Verifies the rules that the table `run` also has, for an error that names them.
  ///
  /// A NUL character would end the text on its way into the database, and the rest would be lost.
  func validate() throws(HistoryError) {
    let id = summary.id
    guard id.hasPrefix("run-"), id != "run-" else {
      throw .unstorableRun(id: id, reason: "its id does not begin with \"run-\"")
    }
    if let plan = summary.planID, !plan.hasPrefix("plan-") || plan == "plan-" {
      throw .unstorableRun(id: id, reason: "its plan's id does not begin with \"plan-\"")
    }
    guard summary.fromRevision >= 0, summary.toRevision ?? 0 >= 0 else {
      throw .unstorableRun(id: id, reason: "its revision is negative")
    }
    let texts = [
      id, summary.planID ?? "", summary.release, summary.namespace, summary.context ?? "",
      summary.clusterID ?? "", document,
    ]
    guard texts.allSatisfy({ !$0.utf8.contains(0) }) else {
      throw .unstorableRun(id: id, reason: "it holds a NUL character")
    }
  }
}
