/// The recipe was written for another chart than the release's, or than the target.
///
/// Meaning: what the recipe knows of old defaults and new values is not about this release, or the
/// release has been migrated already. No plan from here can be trusted, so there is none to apply.
/// Another target, such as a fork or a later version, stops nothing: which values it has, and what
/// they do, is asked of that chart itself. What it has beyond the recipe is not known to the plan.
///
/// Why: the name or the namespace is another release's, the release already runs the target chart,
/// or it runs a fork or another version of the old one. Or `--chart` names another target than the
/// recipe leads to.
///
/// Resolve: see which chart and version each release runs:
///
///     helm list --namespace mqtt
///
/// With another target, see that every variable went where you want it; `--recipe` names a recipe
/// that was written for it.
///
/// Severity: `blocker` for another release; `warning` for another target.
package enum RecipeNotApplicable: ComparisonRule {
  package static let code = FindingCode.recipeNotApplicable
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let release = situation.snapshot.release
    let recipe = situation.recipe
    guard !recipe.starts(fromChart: release.chartName, version: release.chartVersion),
      situation.parentCharts.isEmpty,
      // Whoever could not read the chart's name has said so.
      !situation.snapshot.hidden.contains(where: { $0.code == code.rawValue })
    else { return otherTarget(comparison) }
    let isDone =
      recipe.leads(toChart: release.chartName, version: release.chartVersion)
    return [
      comparison.finding(
        self, .blocker,
        isDone
          ? "release \"\(release.name)\" already runs chart \(release.chartName) "
            + release.chartVersion
          : "release \"\(release.name)\" runs chart \(release.chartName) \(release.chartVersion); "
            + "recipe \(recipe.name) starts from \(recipe.from.chart) "
            + recipe.from.versions.joined(separator: ", "),
        remedy: isDone
          ? "nothing to plan; status says whether a run still has to be finished"
          : "check the release's name and namespace")
    ]
  }

  private static func otherTarget(_ comparison: Comparison) -> [Finding] {
    let target = comparison.situation.target
    let recipe = comparison.situation.recipe
    guard !recipe.leads(toChart: target.chartName, version: target.chartVersion) else { return [] }
    return [
      comparison.finding(
        self, .warning,
        "recipe \(recipe.name) was written for chart \(recipe.to.chart) "
          + recipe.to.versions.joined(separator: ", ")
          + ", and the target is \(target.chartName) \(target.chartVersion)",
        remedy: "see that every variable went where you want it; --recipe names another recipe")
    ]
  }
}
