/// The release does not come from the chart that the recipe starts from, or the target is not the
/// one that it leads to.
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
