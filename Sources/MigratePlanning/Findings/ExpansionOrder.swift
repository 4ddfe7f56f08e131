/// A `$(VAR)` would expand to something else after the upgrade.
///
/// Kubernetes expands `$(VAR)` from the variables that stand before it. In the target chart the
/// order is another, and no order that the chart allows gives what the broker saw.
///
/// Resolve it by writing the variable out, with `--set`.
package enum ExpansionOrder: FindingRule {
  package static let code = FindingCode.expansionOrder
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.filter { $0.explanation == code }.map { row in
      comparison.finding(
        self, .blocker,
        "variable \"\(row.name)\" refers to another with $(…), and would expand differently",
        remedy: "write its value out, without $(…), on the live Deployment, and plan again")
    }
  }
}
