/// The Deployment would get another name.
///
/// Chart 0.2.0 names objects by release and chart. Under another name helm makes a new Deployment
/// and deletes the old one: two brokers at once, and every script that names the old one fails.
/// The plan keeps the name.
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
      }
    ].compactMap { $0 }
  }
}
