import GRDB
package import MigratePlanning

extension HistoryStore {
  /// How much a pruning removes.
  package struct Pruned: Hashable, Sendable {
    package var plans: Int
    package var runs: Int

    package init(plans: Int, runs: Int) {
      self.plans = plans
      self.runs = runs
    }
  }

  /// Removes old plans and runs, in one transaction, and gives their space back to the disk. The
  /// marks of a plan's secrets go with it.
  ///
  /// A run that goes on, or left its release half-way, stays however old it is; so does a plan that
  /// a run refers to which stays.
  ///
  /// - Parameters:
  ///   - moment: plans made and runs begun before this moment are removed.
  ///   - keepingLatestPerRelease: how many of each release's newest plans, newest runs and newest
  ///     dry
  ///     runs stay however old they are. Releases of one name in other namespaces or clusters are
  ///     other releases.
  ///   - dryRun: count only.
  /// - Returns: how many were removed, or would be.
  /// - Throws: ``HistoryError``; nothing was removed then.
  package func prune(
    olderThan moment: Timestamp, keepingLatestPerRelease: Int, dryRun: Bool = false
  ) throws(HistoryError) -> Pruned {
    let arguments: StatementArguments = [
      "moment": moment.text, "kept": max(0, keepingLatestPerRelease),
    ]
    if dryRun {
      return try read(whenAbsent: Pruned(plans: 0, runs: 0)) { database in
        func count(_ selection: String) throws -> Int {
          try Int.fetchOne(
            database, sql: "SELECT count(*) FROM (\(selection))", arguments: arguments) ?? 0
        }
        return Pruned(plans: try count(Self.oldPlans), runs: try count(Self.oldRuns))
      }
    }
    let removed = try write { database in
      // The plans first: which of them go depends on the runs that are there.
      try database.execute(
        sql: "DELETE FROM plan WHERE sequence IN (\(Self.oldPlans))", arguments: arguments)
      let plans = database.changesCount
      try database.execute(
        sql: "DELETE FROM run WHERE sequence IN (\(Self.oldRuns))", arguments: arguments)
      return Pruned(plans: plans, runs: database.changesCount)
    }
    // They are gone; giving back their space may wait when another process reads or the disk is
    // full.
    try? maintain { database in
      try database.execute(sql: "PRAGMA incremental_vacuum")
      try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    return removed
  }

  private static let oldPlans = """
    SELECT sequence FROM (
      SELECT sequence, id, created_at, row_number() OVER (
        PARTITION BY cluster_id, namespace, release_name ORDER BY created_at DESC, sequence DESC
      ) AS place FROM plan
    ) AS old WHERE created_at < :moment AND place > :kept AND NOT EXISTS (
      SELECT 1 FROM run WHERE run.plan_id = old.id AND run.sequence NOT IN (\(oldRuns))
    )
    """

  /// Dry runs are counted apart, so that a few of them do not push out what was really done.
  private static let oldRuns = """
    SELECT sequence FROM (
      SELECT sequence, started_at, dry_run, state, row_number() OVER (
        PARTITION BY cluster_id, namespace, release_name, dry_run
        ORDER BY started_at DESC, sequence DESC
      ) AS place FROM run
    ) WHERE started_at < :moment AND place > :kept AND state <> 'running'
      AND (dry_run OR state NOT IN (\(halfway)))
    """

  private static let halfway = RunDocument.State.allCases.filter(\.needsHelp)
    .map { "'\($0.rawValue)'" }.joined(separator: ", ")
}
