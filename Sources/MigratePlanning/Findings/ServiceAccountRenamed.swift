/// The broker would run as another ServiceAccount.
///
/// Chart 0.1.0 uses the release's name and creates no ServiceAccount, so there is a hand-made one.
/// Chart 0.2.0 creates one of its own, under the chart's full name (seed: "ServiceAccount template
/// instead of hardcoded name"). Roles bound to the old one would no longer apply.
package enum ServiceAccountRenamed: FindingRule {
  package static let code = FindingCode.serviceAccountRenamed
  package static let dimension = Dimension.identity

  package static func findings(in comparison: Comparison) -> [Finding] {
    let namespace = comparison.situation.snapshot.release.namespace
    let name = WorkloadObserver.serviceAccountName(of: comparison.situation.live)
    return [
      comparison.finding(
        self, .breaking, of: WorkloadObserver.serviceAccountName,
        subject: ObjectReference(kind: "ServiceAccount", name: name, namespace: namespace)
      ) { setting in
        setting.isKept
          ? "\(comparison.targetName) would run the broker as ServiceAccount "
            + "\(setting.byDefault.words) by default; \(setting.before.words) is kept"
          : "the broker runs as ServiceAccount \(setting.after.words) instead of "
            + setting.before.words
      }
    ].compactMap { $0 }
  }
}
