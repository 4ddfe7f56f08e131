/// Values somewhere else still describe the old chart.
///
/// The release was made with values, from a file or a pipeline. Whoever runs that again after the
/// migration gives the old values to the new chart: settings are dropped or refused.
///
/// Resolve it by replacing them with the plan's values, `-o values`.
package enum SourceValuesStale: FindingRule {
  package static let code = FindingCode.sourceValuesStale
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let keys = snapshot.supplied.members.keys.sorted()
    guard !keys.isEmpty else { return [] }
    return [
      comparison.finding(
        self, .warning,
        "the release was made with values (\(keys.joined(separator: ", "))); wherever they are kept, "
          + "they describe the old chart",
        remedy: "replace them there by those of -o values")
    ]
  }
}
