/// A variable stands more than once in the container's `env`.
///
/// Meaning: Kubernetes takes the last entry, and so does the plan: it writes the variable once,
/// with that value. The entries before it never counted. Only where the last one is an optional
/// reference that leads nowhere, the one before it counts.
///
/// Why: an edit added an entry where it should have changed one. It does harm later: a patch that
/// removes one of the two may remove both, and server-side apply refuses duplicates, so helm alone
/// cannot upgrade such a release where it applies on the server; `backbone-migrate apply` can.
///
/// Resolve: there is nothing to do if the entry that counts is the one that was meant. If it is
/// not, set the value that was:
///
///     backbone-migrate plan web --set config.httpPort=9000
///
/// If the target chart writes a variable twice, the chart needs mending.
///
/// Severity: `warning`, taken care of when the variable comes out once; `blocker` when the target
/// writes it twice on a release that helm applies on the server, which refuses duplicates.
package enum VariableDuplicated: ComparisonRule {
  package static let code = FindingCode.variableDuplicated
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let before = times(comparison.situation.live)
    let after = times(comparison.target)
    return comparison.environment.compactMap { row in
      let times = before[row.name] ?? 0
      let timesAfter = after[row.name] ?? 0
      guard times > 1 || timesAfter > 1 else { return nil }
      return comparison.finding(
        self,
        timesAfter > 1 && comparison.situation.snapshot.release.applyMethod == .serverSide
          ? .blocker : .warning,
        timesAfter > 1
          ? "variable \"\(row.name)\" is written \(timesAfter) times by \(comparison.targetName)"
          : "variable \"\(row.name)\" is set \(times) times; "
            + counting(row.name, comparison.situation),
        remedy: timesAfter > 1 ? "server-side apply refuses it; leave one entry" : nil,
        isResolved: timesAfter <= 1)
    }
  }

  /// Which of several entries counts.
  private static func counting(_ name: String, _ situation: Situation) -> String {
    if situation.before.undecided.contains(where: { $0.name == name }) {
      "which one counts could not be read, and the last one is kept"
    } else if situation.before.entries[name] == situation.live.entries[name] {
      "the last one counts and is kept"
    } else {
      "one before the last counts and is kept, for the last names a key that does not exist"
    }
  }

  /// How often each variable is written.
  private static func times(_ workload: Workload) -> [String: Int] {
    workload.environment.variables.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }
  }
}

extension Situation {
  /// Whether helm's own manifest writes a variable more than once.
  package var declaresDuplicates: Bool {
    let names = declared?.environment.variables.map(\.name) ?? []
    return Set(names).count < names.count
  }
}
