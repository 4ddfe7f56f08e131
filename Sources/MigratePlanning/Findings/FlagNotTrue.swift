/// A flag of the broker is set to something that does not switch it on.
///
/// The broker's flags are on for the exact text `true` only. `1`, `True`, `yes` and `on` were off
/// all the time, and the plan keeps them off.
///
/// Resolve it by switching the feature on, if that was meant.
package enum FlagNotTrue: FindingRule {
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
