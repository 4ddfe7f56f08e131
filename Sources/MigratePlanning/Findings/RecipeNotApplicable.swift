/// The release does not come from the chart that the recipe starts from.
///
/// Meaning: what the recipe knows of old defaults and new values is not about this release, or the
/// release has been migrated already. No plan from here can be trusted, so there is none to apply.
///
/// Why: the name or the namespace is another release's, the release already runs the target chart,
/// or it runs a fork or another version of the old one.
///
/// Resolve: see which chart and version each release runs:
///
///     helm list --namespace mqtt
///
/// Severity: `blocker`.
package enum RecipeNotApplicable: FindingRule {
  package static let code = FindingCode.recipeNotApplicable
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let release = situation.snapshot.release
    let recipe = situation.recipe
    guard !recipe.starts(fromChart: release.chartName, version: release.chartVersion),
      ChartIsDependency.parent(in: situation) == nil
    else { return [] }
    let isDone =
      recipe.to.chart == release.chartName && recipe.to.versions.contains(release.chartVersion)
    return [
      comparison.finding(
        self, .blocker,
        isDone
          ? "release \"\(release.name)\" already runs chart \(release.chartName) "
            + release.chartVersion
          : "release \"\(release.name)\" runs chart \(release.chartName) \(release.chartVersion); "
            + "recipe \(recipe.name) starts from \(recipe.from.chart) "
            + recipe.from.versions.joined(separator: ", "),
        remedy: isDone ? "nothing to migrate" : "check the release's name and namespace")
    ]
  }
}
