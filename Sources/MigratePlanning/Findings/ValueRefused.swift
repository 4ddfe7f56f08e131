/// The target chart refuses a value that the plan needs.
///
/// Meaning: with the value, helm renders nothing, and the upgrade would stop before it changes
/// anything. The plan shows what would become of the release without the value, so that the rest
/// can be read.
///
/// Why: the chart checks what it is given. It refuses what cannot work, such as one port for both
/// listeners: the broker cannot have listened twice on it before either, and one of the two had
/// failed. The plan leaves out one value after the other until the chart takes the rest; the
/// message is the chart's.
///
/// Resolve: decide what should be, and set it. Of two listeners on one port, give one another port
/// or switch one off:
///
///     backbone-migrate plan web --set config.httpPort=8883
///     backbone-migrate plan web --set tcp.enabled=false
///
/// Severity: `blocker`.
package enum ValueRefused: ComparisonRule {
  package static let code = FindingCode.valueRefused
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    guard let refused = comparison.proposal.refused else { return [] }
    let situation = comparison.situation
    let names = refused.facts.filter { $0.dimension == .environment }.map { "\"\($0.name)\"" }
    let isSink = refused.path == situation.recipe.sink?.variables
    let carried =
      names.isEmpty
      ? ""
      : ", which carries variable\(names.count == 1 ? "" : "s") \(names.joined(separator: ", "))"
    return [
      comparison.finding(
        self, .blocker,
        situation.sensitivity.shown(
          "\(comparison.targetName) refuses value \"\(refused.path)\"\(carried): \(refused.reason)"
        ),
        remedy: isSink
          ? "change the variable on the live Deployment, then plan again"
          : "choose another value with --set \("\(refused.path)=VALUE".shellQuoted), "
            + "or one that goes with it"
      )
    ]
  }
}
