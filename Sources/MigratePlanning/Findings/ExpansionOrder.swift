/// A `$(VAR)` would expand to something else after the upgrade.
///
/// Meaning: one variable is made of others, such as `http://broker:$(HTTP_PORT)/`. After the
/// upgrade it would hold another text, or the letters `$(HTTP_PORT)` themselves.
///
/// Why: Kubernetes expands `$(VAR)` from the variables that stand before it in the container's
/// `env` only. The target chart writes its own variables in its own order, and no order that it
/// allows gives what the broker saw.
///
/// Resolve: write the text out on the live Deployment, which restarts the broker, and plan again:
///
///     kubectl set env deployment/web PUBLIC_URL=http://broker.example:9000/ \
///       --namespace mqtt
///
/// Severity: `blocker`.
package enum ExpansionOrder: ComparisonRule {
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
