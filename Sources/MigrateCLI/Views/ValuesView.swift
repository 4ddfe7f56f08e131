import MigrateAdapters
import MigratePlanning

/// A plan's values for helm.
enum ValuesView {
  /// What stands in place of values when there are none: helm refuses it, where it would take an
  /// empty input for the wish to upgrade with the chart's defaults.
  static let refusal = "\"no values: the plan failed or is blocked\": [\n"

  /// The values as YAML that helm reads exactly; secrets only where they were asked for.
  static func text(_ plan: Plan, _ document: PlanDocument, withSecrets: Bool) -> String {
    let values = withSecrets ? plan.values : document.values.refusingRedacted
    let situation = plan.comparison.situation
    return text(
      .object([:]).replacing(situation.valuesPrefix[...], with: values),
      lacksSecrets: !withSecrets && values != plan.values, of: document,
      parent: situation.parentCharts.first)
  }

  /// The text of values, which stand below a dependency's name where another chart is around it.
  static func text(
    _ values: JSON, lacksSecrets: Bool, of document: PlanDocument, parent: String? = nil
  ) -> String {
    var head = [
      // A line break in a chart's name would begin values of its own.
      TextLayout.visible(
        "# Values for chart \(document.target.chart.name) \(document.target.chart.version), "
          + "release \"\(document.release.name)\", from \(document.id)."),
      parent.map {
        TextLayout.visible("# Add them to those of chart \($0), to which the release belongs.")
      }
        ?? "# Use them alone: helm upgrade --reset-values --values FILE",
    ]
    if lacksSecrets {
      head += [
        "# Secrets are left out, by a list where a text belongs, so that helm refuses it.",
        "# To have them: -o values --with-secrets, to a pipe only.",
      ]
    }
    return head.joined(separator: "\n") + "\n" + YAMLWriter().text(values)
  }
}

extension JSON {
  /// The values with each redacted text in a list: no chart takes a list for a password, where
  /// `<redacted>` would become one that everybody knows.
  var refusingRedacted: JSON {
    switch self {
    case .string(Sensitivity.redacted): [self]
    case .array(let elements): .array(elements.map(\.refusingRedacted))
    case .object(let members): .object(members.mapValues(\.refusingRedacted))
    default: self
    }
  }
}
