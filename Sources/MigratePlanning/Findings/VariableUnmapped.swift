/// A variable of the broker has no place in the target chart.
///
/// Meaning: the values would not carry the variable. Whatever it switched on, pointed to or
/// authenticated can be gone after the upgrade, while helm reports success. Where the Deployment
/// keeps its name, helm's merge may leave the variable there for now, but nothing keeps it.
///
/// Why: the target chart has neither a value of its own for the variable nor a list that takes any
/// variable. The embedded chart has such a list, `extraEnv`, so this is about another chart.
///
/// Resolve: plan with a chart that takes the variable. If the broker can do without it, let it go:
///
///     backbone-migrate plan web --chart ./our-backbone --unmapped drop
///
/// A variable can also be kept on the live Deployment, as it is when it was set by hand:
///
///     backbone-migrate apply web --chart ./our-backbone --unmapped keep
///
/// Helm leaves alone what none of its manifests mentions, so later upgrades keep it as well. It
/// remains a debt: no value says that it is there, and a Deployment that is made anew lacks it.
///
/// Severity: `blocker`; `breaking` when you chose to drop the variable; `warning` when it is kept,
/// and a `blocker` still where the Deployment is replaced, which keeps nothing.
package enum VariableUnmapped: ComparisonRule {
  package static let code = FindingCode.variableUnmapped
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let sensitivity = comparison.situation.sensitivity
    return comparison.environment.compactMap { row in
      let before = sensitivity.shown(row.before, of: row.name)
      let after = sensitivity.shown(row.after, of: row.name)
      let subject = "variable \"\(row.name)\" has no place in \(comparison.targetName)"
      if row.carrier == .live {
        let isReplaced = comparison.replacesWorkload
        return comparison.finding(
          self, isReplaced ? .blocker : .warning,
          subject
            + (isReplaced
              ? ", and cannot be kept on a Deployment that is made anew"
              : " and is kept on the live Deployment, where no value says that it is there"),
          before: before, after: after,
          remedy: isReplaced
            ? "keep the Deployment's name and selector, or use a chart that takes the variable"
            : "move to a chart that takes it, before the Deployment is ever made anew",
          acceptedBy: "--unmapped keep")
      }
      let isLost = row.state == .removed && row.explanation == nil && row.consent == nil
      guard row.explanation == code || isLost else { return nil }
      let isDropped = row.carrier == .dropped
      return comparison.finding(
        self, isDropped ? .breaking : .blocker,
        subject
          + (row.state == .removed
            ? isDropped ? " and is dropped" : " and would be lost"
            : " as it is; it becomes \(after.words)"),
        before: before, after: after,
        remedy: isDropped
          ? nil
          : "use a target chart that has a list such as extraEnv; --unmapped keep leaves the "
            + "variable on the live Deployment, --unmapped drop lets it go",
        acceptedBy: row.consent)
    }
  }
}
