/// The target chart's default differs from what the broker did without the variable.
///
/// Chart 0.1.0 left the variable out, and the broker used its own default. Chart 0.2.0 sets it,
/// and a plain upgrade would change what the broker does: K8S_ENABLED, off before, is on in 0.2.0.
/// The plan pins the old behaviour. Variables that 0.2.0 sets to what the broker does anyway are
/// named in one finding, for information.
///
/// Take the new default with `--adopt` and the value's path.
package enum DefaultChanged: FindingRule {
  package static let code = FindingCode.defaultChanged
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let shown = situation.sensitivity
    var findings: [Finding] = []
    var harmless: [String] = []
    for row in comparison.environment where row.explanation == code {
      let variable = situation.description(of: row.name)
      let home = variable.flatMap { situation.target.has($0.home) ? $0.home : nil }
      let before = shown.shown(row.before, of: row.name)
      let after = shown.shown(row.after, of: row.name)
      let isPinned = row.meansTheSame(variable) && row.consent == nil
      let byDefault = shown.shown(row.byDefault, of: row.name).words
      if isPinned, let variable,
        variable.meaning(of: row.byDefault) == variable.meaning(of: row.before)
      {
        harmless.append(row.name)
        continue
      }
      let message =
        if isPinned {
          "variable \"\(row.name)\" is \(byDefault) in \(comparison.targetName) by default; "
            + "it was \(before.words), which the broker reads as \(after.words)"
        } else {
          "variable \"\(row.name)\" changes from \(before.words) to \(after.words)"
        }
      findings.append(
        comparison.finding(
          self, .breaking, message, before: before, after: after,
          remedy: home.map { home in
            isPinned
              ? "nothing to do: \(home) keeps it; --adopt \(home) takes the new default"
              : "keep what was: leave out --adopt \(home) and --set \(home)"
          } ?? "the target chart has no value that leaves it out",
          isResolved: isPinned, acceptedBy: row.consent))
    }
    if !harmless.isEmpty {
      findings.append(
        comparison.finding(
          self, .info,
          "\(comparison.targetName) sets what the broker does anyway when they are not set: "
            + harmless.joined(separator: ", "),
          isResolved: true))
    }
    return findings
  }
}
