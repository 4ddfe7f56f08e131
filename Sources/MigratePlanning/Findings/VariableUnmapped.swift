/// A variable of the broker has no place in the target chart.
///
/// The chart has neither a value of its own for it nor a list that takes any variable, so a plain
/// upgrade would drop it, and the broker would run without it.
///
/// Resolve it by a chart that takes it (the embedded one takes any, as `extraEnv`), or by dropping
/// the variable on purpose.
package enum VariableUnmapped: FindingRule {
  package static let code = FindingCode.variableUnmapped
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.compactMap { row in
      let isDropped = row.explanation == code
      let isLost = row.state == .removed && row.explanation == nil && row.consent == nil
      guard isDropped || isLost else { return nil }
      return comparison.finding(
        self, isDropped ? .breaking : .blocker,
        "variable \"\(row.name)\" has no place in \(comparison.targetName) and would be lost",
        remedy: isDropped ? nil : "use a target chart that has a list such as extraEnv",
        acceptedBy: row.consent)
    }
  }
}
