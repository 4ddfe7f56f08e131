/// A variable goes by another of its names in the target chart.
///
/// The broker reads both spellings as one setting; the chart writes only one of them. The value
/// itself is kept.
package enum VariableRenamed: FindingRule {
  package static let code = FindingCode.variableRenamed
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.compactMap { row in
      let canonical = comparison.situation.canonicalName(of: row.name)
      guard row.explanation == code, canonical != row.name else { return nil }
      let isKept = row.before.agrees(with: comparison.after[canonical])
      return comparison.finding(
        self, isKept ? .warning : .blocker,
        "variable \"\(row.name)\" becomes \"\(canonical)\", which the broker reads as the same",
        remedy: isKept ? "nothing to do" : "set it with --set", isResolved: isKept)
    }
  }
}
