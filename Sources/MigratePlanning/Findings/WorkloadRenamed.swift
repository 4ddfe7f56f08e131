/// The Deployment, or the broker's container in it, would get another name.
///
/// Chart 0.2.0 names objects by release and chart. Under another name helm makes a new Deployment
/// and deletes the old one: two brokers at once, and every script that names the old one fails.
/// A container of another name is another container: commands such as `kubectl set env -c` and
/// `kubectl logs -c` miss it. The plan keeps both names.
package enum WorkloadRenamed: FindingRule {
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
