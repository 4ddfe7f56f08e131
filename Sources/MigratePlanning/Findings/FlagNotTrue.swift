/// A flag of the broker is set to something that does not switch it on.
///
/// Meaning: somebody wrote `1`, `True`, `yes` or `on`, and may believe that the feature is on. It
/// has been off all the time. The plan keeps it off.
///
/// Why: the broker takes a flag for on when its text is exactly `true`, and for off otherwise. The
/// chart's value for it is true or false, so the text may come out as `false`: another text with
/// the same meaning.
///
/// Resolve: if it was meant to be off, there is nothing to do. If it was meant to be on, switch it
/// on, and expect a feature that never ran here before:
///
///     backbone-migrate plan web --set ws.enabled=true
///
/// Severity: `warning`, taken care of as long as the flag stays off.
package enum FlagNotTrue: ComparisonRule {
  package static let code = FindingCode.flagNotTrue
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.compactMap { row in
      guard let variable = comparison.situation.recipe.variable(row.name),
        variable.codec == .flag, let text = row.before.text,
        !["true", "false", ""].contains(text)
      else { return nil }
      let sensitivity = comparison.situation.sensitivity
      let before = sensitivity.shown(row.before, of: row.name)
      return comparison.finding(
        self, .warning,
        "variable \"\(row.name)\" is \(before.words), which the broker reads as off; "
          + "only the exact text \"true\" switches it on",
        before: before, after: sensitivity.shown(row.after, of: row.name),
        remedy: "if it was meant to be on: --set \(variable.home)=true",
        isResolved: row.meansTheSame(variable), acceptedBy: row.consent)
    }
  }
}
