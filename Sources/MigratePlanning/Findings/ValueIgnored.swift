/// A value changes nothing in what the target chart renders.
///
/// Meaning: the chart names the value in its values.yaml, and no template uses it, or not so that
/// it has an effect: with the value written, the variable is still what it is by default. It then
/// goes to the list of further variables, where the chart has one. Where it has none, the broker
/// would run without the variable, or with a default that cannot be pinned away.
///
/// Why: a chart may list a value that it does not use yet, or no more. A value that you gave with
/// `--set` and that changes nothing may also be misspelt. The plan finds out by rendering, with the
/// value and without.
///
/// Resolve: plan with a chart that uses the value. If the broker can do without the variable, let
/// it go; leave a `--set` without effect out:
///
///     backbone-migrate plan web --chart ./our-backbone --unmapped drop
///
/// Severity: `info` when the variable went elsewhere; `blocker` when it would be lost; `breaking`
/// when a default cannot be pinned away; `warning` for a `--set`.
package enum ValueIgnored: FindingRule {
  package static let code = FindingCode.valueIgnored
  package static let dimension = Dimension.environment

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let sensitivity = comparison.situation.sensitivity
    let target = comparison.targetName
    let variables = comparison.environment.compactMap { row -> Finding? in
      let before = sensitivity.shown(row.before, of: row.name)
      let after = sensitivity.shown(row.after, of: row.name)
      if let home = comparison.proposal.ignored[row.name], row.explanation != code {
        return comparison.finding(
          self, .info,
          "value \"\(home)\" changes nothing in \(target); "
            + "variable \"\(row.name)\" \(Self.way(of: row.carrier))",
          before: before, after: after, isResolved: true)
      }
      guard row.explanation == code, let path = row.carrier.path else { return nil }
      let isAdded = row.before == .absent
      return comparison.finding(
        self, isAdded ? .breaking : .blocker,
        "value \"\(path)\" changes nothing in \(target): variable \"\(row.name)\" stays "
          + "\(after.words), where it should be \(before.words)",
        before: before, after: after,
        remedy: "use a target chart that uses \(path); "
          + (isAdded
            ? "--adopt \("\(path)".shellQuoted) takes the chart's default"
            : "--unmapped drop lets the variable go"))
    }
    let choices = evidence.ignoredChoices.map { path in
      comparison.finding(
        self, .warning, "--set \(path) changes nothing in \(target)",
        remedy: comparison.situation.target.has(path)
          ? "leave it out; no template of the chart uses it"
          : "the chart has no value of that name; check the spelling")
    }
    return variables + choices
  }

  private static func way(of carrier: Carrier) -> String {
    switch carrier {
    case .sink(let path): "goes to \(path) instead"
    case .live: "is kept on the live Deployment instead"
    case .dropped: "is dropped"
    case .value, .targetDefault, .nothing: "stays without it"
    }
  }
}
