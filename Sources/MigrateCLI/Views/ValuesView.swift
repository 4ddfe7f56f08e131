import MigrateAdapters
import MigratePlanning

/// A plan's values for helm.
enum ValuesView {
  /// What stands in place of values when there are none: helm refuses it, where it would take an
  /// empty input for the wish to upgrade with the chart's defaults.
  static let refusal = "\"no values: the plan failed or is blocked\": [\n"

  /// The values as YAML that helm reads exactly; secrets only where they were asked for.
  static func text(_ plan: Plan, _ document: PlanDocument, withSecrets: Bool) -> String {
    let values = withSecrets ? plan.values : document.values
    var head = [
      "# Values for chart \(document.target.chart.name) \(document.target.chart.version), "
        + "release \"\(document.release.name)\", from \(document.id).",
      "# Use them alone: helm upgrade --reset-values --values FILE",
    ]
    if !withSecrets, values != plan.values {
      head.append(
        "# Secrets are \(Sensitivity.redacted); -o values --with-secrets writes them, to a pipe only."
      )
    }
    return head.joined(separator: "\n") + "\n" + YAMLWriter().text(values)
  }
}
