/// A variable stands more than once in the container's `env`.
///
/// Kubernetes takes the last entry. The plan writes it once, with that value.
package enum VariableDuplicated: FindingRule {
  package static let code = FindingCode.variableDuplicated
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let before = comparison.situation.live.environment.variables
    let after = comparison.target.environment.variables
    return comparison.environment.compactMap { row in
      let times = before.count { $0.name == row.name }
      let timesAfter = after.count { $0.name == row.name }
      guard times > 1 || timesAfter > 1 else { return nil }
      return comparison.finding(
        self, .warning,
        timesAfter > 1
          ? "variable \"\(row.name)\" is written \(timesAfter) times by \(comparison.targetName)"
          : "variable \"\(row.name)\" is set \(times) times; the last one counts and is kept",
        remedy: timesAfter > 1 ? "server-side apply refuses it; leave one entry" : nil,
        isResolved: timesAfter <= 1)
    }
  }
}
