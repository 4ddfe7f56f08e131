/// Values somewhere else still describe the old chart.
///
/// Meaning: whoever runs the usual command or pipeline again after the migration gives the old
/// values to the new chart. Settings are dropped or refused, weeks after everybody has forgotten
/// why.
///
/// Why: the release was made with values, so there is a file, a repository or a pipeline that holds
/// them.
///
/// Resolve: find them, and replace them by the plan's values when the migration is done. Secrets
/// are left out of these:
///
///     helm get values web --namespace mqtt
///     backbone-migrate plan web --namespace mqtt --output values
///
/// Severity: `warning`.
package enum SourceValuesStale: ComparisonRule {
  package static let code = FindingCode.sourceValuesStale
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let keys = snapshot.supplied.members.keys.sorted()
    let (recipe, release) = (comparison.situation.recipe, snapshot.release)
    guard !keys.isEmpty,
      // Those of a release that was migrated are the new chart's.
      !recipe.leads(toChart: release.chartName, version: release.chartVersion)
    else { return [] }
    return [
      comparison.finding(
        self, .warning,
        "the release was made with values (\(keys.joined(separator: ", "))); wherever they are "
          + "kept, they describe the old chart",
        remedy: "replace them there by those of -o values")
    ]
  }
}
