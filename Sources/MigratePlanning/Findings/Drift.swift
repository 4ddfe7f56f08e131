/// The live Deployment has variables that helm does not know of.
///
/// They were set with kubectl after helm. A plain `helm upgrade` drops or overwrites them, and
/// `helm rollback` does not bring them back. The plan carries them.
package enum Drift: FindingRule {
  package static let code = FindingCode.drift
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let declared = situation.declared?.environment
    let names = situation.live.environment.variables.filter { variable in
      declared?.variables.last { $0.name == variable.name } != variable
    }.map(\.name)
    let missing = (declared?.variables ?? []).filter { variable in
      situation.before.variables[variable.name] == nil
    }.map(\.name)
    let drifted = (names + missing).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    guard !drifted.isEmpty else { return [] }
    return [
      comparison.finding(
        self, .info,
        "\(drifted.count == 1 ? "a variable was" : "\(drifted.count) variables were") changed on "
          + "the live Deployment after helm: \(drifted.joined(separator: ", "))",
        remedy: "nothing to do: the plan goes by what is live", isResolved: true)
    ]
  }
}
