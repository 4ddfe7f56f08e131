/// A variable has another spelling in the target chart.
///
/// The broker reads both spellings as one setting; the chart's value writes only one of them. The
/// plan sets that value, and keeps the old spelling beside it where the chart takes further
/// variables: a broker that reads only one of them sees what it saw.
package enum VariableRenamed: FindingRule {
  package static let code = FindingCode.variableRenamed
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.compactMap { row in
      let canonical = comparison.situation.canonicalName(of: row.name)
      guard canonical != row.name else { return nil }
      let isKept =
        row.before.agrees(with: comparison.after[canonical]) || row.before.agrees(with: row.after)
      return comparison.finding(
        self, isKept ? .warning : .blocker,
        "variable \"\(row.name)\" is written as \"\(canonical)\" by \(comparison.targetName); "
          + "the broker reads both as the same",
        remedy: isKept ? nil : "set it with --set", isResolved: isKept)
    }
  }
}
