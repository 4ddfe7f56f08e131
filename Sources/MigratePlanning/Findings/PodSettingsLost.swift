/// Something else that is said of the broker's Pods would change.
///
/// Meaning: labels and annotations by which other programs find or treat Pods, names and addresses
/// that the Pod looks up, what is run when it starts and ends, ports beside the broker's own.
/// Whatever depends on it fails quietly.
///
/// Why: it was added by hand, and chart 0.2.0 has none by default. The plan keeps all that the
/// chart has a value for.
///
/// Resolve: there is nothing to do for what is kept. Where the chart has no value, use one that
/// has, or let it go:
///
///     backbone-migrate plan web --adopt pod-settings-lost
///
/// Severity: `breaking`, taken care of when it is kept.
package enum PodSettingsLost: ComparisonRule {
  package static let code = FindingCode.podSettingsLost
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    let rest = (
      before: PodObserver.rest(of: comparison.situation.live),
      after: PodObserver.rest(of: comparison.target)
    )
    let fields = Set(rest.before.keys).union(rest.after.keys).sorted()
      .filter { rest.before[$0] != rest.after[$0] }
    let changed = fields.map { field in
      comparison.finding(
        self, .breaking,
        "\(field) changes" + (rest.after[field] == nil ? ": it is not set any more" : ""),
        remedy: "the target chart has no value for it; --adopt \(code) lets it go",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    }
    return changed
      + comparison.findings(self, .breaking) { homes in
        "\(comparison.targetName) has others by default; kept: \(homes)"
      }
  }
}
