/// The broker's chart is a dependency of another chart.
///
/// Meaning: the release belongs to the chart around it, and helm upgrades that one as a whole. The
/// broker's chart cannot take the step by itself.
///
/// Why: the release's manifest was made from templates below `charts/` of the other chart.
///
/// Resolve: take the step there. Move the dependency in its Chart.yaml to the new version, and put
/// the plan's values below the dependency's name in its values, each indented by two spaces:
///
///     backbone-migrate plan web --namespace mqtt --output values
///
/// Severity: `blocker`.
package enum ChartIsDependency: FindingRule {
  package static let code = FindingCode.chartIsDependency
  package static let dimension = Dimension.ownership

  /// The chart that holds the recipe's chart as a dependency; nil when the release is of the
  /// recipe's own chart.
  static func parent(in situation: Situation) -> String? {
    let chart = situation.recipe.from.chart
    guard situation.snapshot.release.chartName != chart else { return nil }
    return situation.snapshot.templates.lazy.compactMap { template -> String? in
      let folders = template.split(separator: "/").map(String.init)
      guard
        let index = folders.indices.first(where: { index in
          folders[index] == "charts" && folders.indices.contains(index + 1)
            && folders[index + 1] == chart
        })
      else { return nil }
      return folders[..<index].joined(separator: "/")
    }.first
  }

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    guard let parent = parent(in: situation) else { return [] }
    let chart = situation.recipe.from.chart
    return [
      comparison.finding(
        self, .blocker,
        "chart \(chart) is a dependency of chart \(parent), to which the release belongs",
        remedy:
          "move the dependency in \(parent)/Chart.yaml to \(situation.target.chartVersion), and "
          + "put the values of -o values below \"\(chart):\"")
    ]
  }
}
