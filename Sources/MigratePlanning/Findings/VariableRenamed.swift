/// A variable has another spelling in the target chart.
///
/// Meaning: the broker reads both spellings as one setting, such as `OIDC_DISCOVERY_URL` and
/// `OIDC_DISCOVERY`. The plan sets the chart's value, which writes the chart's spelling, and keeps
/// the old one beside it where the chart takes further variables. A broker that knows only one of
/// them sees what it saw.
///
/// Why: the chart has one value for the setting, and one spelling for that value.
///
/// Resolve: there is nothing to do now. Once the upgraded broker has proved itself, take the old
/// spelling out of `extraEnv`. If neither spelling would be carried, set the value yourself:
///
///     backbone-migrate plan web --set oidc.discovery=https://id.example.com/
///
/// Severity: `warning`, taken care of when a spelling is carried; `blocker` when none is.
package enum VariableRenamed: ComparisonRule {
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
