/// The broker's chart is a dependency of another chart.
///
/// Meaning: the release belongs to the chart around it, and helm upgrades that one as a whole. The
/// broker's chart cannot take the step by itself.
///
/// Why: the release's manifest was made from templates below `charts/` of the other chart. The
/// dependency may have a name of its own there, an `alias`.
///
/// Resolve: take the step there. Move the dependency in its Chart.yaml to the new version, and put
/// the plan's values into its own; they stand below the dependency's name already:
///
///     backbone-migrate plan web --namespace mqtt --output values
///
/// Severity: `blocker`.
package enum ChartIsDependency: ComparisonRule {
  package static let code = FindingCode.chartIsDependency
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    guard !situation.parentCharts.isEmpty else { return [] }
    let parent = situation.parentCharts.joined(separator: "/charts/")
    let chart = situation.recipe.from.chart
    let name = situation.valuesPrefix.last ?? chart
    return [
      comparison.finding(
        self, .blocker,
        "chart \(chart) is a dependency of chart \(parent)"
          + (name == chart ? "" : " under the name \(name)") + ", to which the release belongs",
        remedy:
          "move the dependency in \(parent)/Chart.yaml to \(situation.target.chartVersion), and "
          + "add the values of -o values, which stand below \"\(name):\"")
    ]
  }
}

extension Situation {
  /// The charts around the recipe's, from the release's own inwards; empty when the release is of
  /// the recipe's chart itself.
  package var parentCharts: [String] { wayToChart.dropLast() }

  /// The keys below which the target's values stand among the release's: none, or the names of the
  /// dependencies that lead to it.
  package var valuesPrefix: [String] { Array(wayToChart.dropFirst()) }

  /// The charts from the release's own to the recipe's, by the names that they have there; empty
  /// when the release is of the recipe's chart itself.
  private var wayToChart: [String] {
    let chart = recipe.from.chart
    guard snapshot.release.chartName != chart else { return [] }
    // helm calls a dependency by its alias in everything that it renders. Where its name is not
    // known any more, its version tells.
    let aliases = snapshot.aliases.filter { entry in
      guard let name = entry.name else {
        let version = entry.version.drop { !$0.isNumber }
        return recipe.starts(fromChart: chart, version: String(version))
      }
      return name == chart
    }
    let names = Set([chart] + aliases.map(\.alias))
    return snapshot.templates.lazy.compactMap { template -> [String]? in
      let folders = template.split(separator: "/").map(String.init)
      let index = folders.indices.dropLast().first {
        folders[$0] == "charts" && names.contains(folders[$0 + 1])
      }
      return index.map { folders[..<($0 + 2)].filter { $0 != "charts" } }
    }.first ?? []
  }
}
