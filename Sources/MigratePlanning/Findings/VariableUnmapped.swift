/// A variable of the broker has no place in the target chart.
///
/// Meaning: the values would not carry the variable. Whatever it switched on, pointed to or
/// authenticated can be gone after the upgrade, while helm reports success. Where the Deployment
/// keeps its name, helm's merge may leave the variable there for now, but nothing keeps it.
///
/// Why: the target chart has neither a value of its own for the variable nor a list that takes any
/// variable. The embedded chart has such a list, `extraEnv`, so this is about another chart.
///
/// Resolve: plan with a chart that takes the variable. If the broker can do without it, take it off
/// the live Deployment, which restarts the broker, and plan again:
///
///     kubectl set env deployment/web LOG_LEVEL- --namespace mqtt
///
/// Severity: `blocker`; `breaking` when you chose to drop the variable.
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
