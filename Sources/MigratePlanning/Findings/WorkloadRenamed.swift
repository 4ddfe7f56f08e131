/// The Deployment, or the broker's container in it, would get another name.
///
/// Meaning: under another name helm makes a new Deployment and deletes the old one: two brokers at
/// once, and every script that names the old one fails. A container of another name is another
/// container: `kubectl set env -c` and `kubectl logs -c` miss it. The plan keeps both names.
///
/// Why: chart 0.2.0 names its objects by release and chart, so `web` becomes `web-backbone`, and
/// names the container by the chart.
///
/// Resolve: there is nothing to do to keep the names. Take the new ones by the paths of their
/// values, and change scripts and dashboards that use the old ones:
///
///     backbone-migrate plan web --adopt fullnameOverride
///
/// Severity: `breaking`, taken care of when the names are kept.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum WorkloadRenamed: ComparisonRule {
  package static let code = FindingCode.workloadRenamed
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    [
      comparison.finding(self, .breaking, of: WorkloadObserver.workloadName) { setting in
        setting.isKept
          ? "the Deployment would be named \(setting.byDefault.words) by default; "
            + "\(setting.before.words) is kept"
          : "Deployment \(setting.before.words) is replaced by \(setting.after.words)"
      },
      comparison.finding(self, .breaking, of: WorkloadObserver.containerName) { setting in
        setting.isKept
          ? "the container would be named \(setting.byDefault.words) by default; "
            + "\(setting.before.words) is kept"
          : "container \(setting.before.words) is replaced by \(setting.after.words)"
      },
    ].compactMap { $0 }
  }
}
