/// The target chart's default differs from what the broker did without the variable.
///
/// Meaning: the release leaves the variable out, so the broker goes by its own default. The target
/// chart sets it. Where the broker would read that as something else, the plan pins what was.
/// Variables that the chart sets to what the broker does anyway are named in one line, for
/// information.
///
/// Why: chart 0.1.0 set no variables; chart 0.2.0 sets most of them. The one that bites is
/// `K8S_ENABLED`, off when it is left out and `true` in 0.2.0: the broker would begin to work with
/// the Kubernetes API, with a Role that nobody here has reviewed.
///
/// Resolve: there is nothing to do to keep what was. Take the new default by the path of its value:
///
///     backbone-migrate plan web --adopt k8s.enabled
///
/// Severity: `breaking`, taken care of when the plan pins it; `info` when the broker does the same
/// either way.
///
/// Source: the design of chart 0.2.0, "Default K8S_ENABLED to true in chart".
package enum DefaultChanged: ComparisonRule {
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
