/// A variable's text changes on its way through the target chart.
///
/// `08883` comes out as `8883`: the broker reads the same number, so nothing changes for it. Where
/// it would read something else, the plan is blocked: the chart does not write what it was given.
package enum ValueNotExact: FindingRule {
  package static let code = FindingCode.valueNotExact
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let sensitivity = comparison.situation.sensitivity
    return comparison.environment.compactMap { row in
      let isUnexplained = row.state == .changed && row.explanation == nil && row.consent == nil
      guard row.explanation == code || isUnexplained else { return nil }
      let before = sensitivity.shown(row.before, of: row.name)
      let after = sensitivity.shown(row.after, of: row.name)
      return comparison.finding(
        self, isUnexplained ? .blocker : .info,
        "variable \"\(row.name)\" is \(before.words) before and \(after.words) after"
          + (isUnexplained ? "" : "; the broker reads both as the same"),
        before: before, after: after,
        remedy: isUnexplained ? "use a target chart that writes values as they are given" : nil,
        isResolved: !isUnexplained)
    }
  }
}
