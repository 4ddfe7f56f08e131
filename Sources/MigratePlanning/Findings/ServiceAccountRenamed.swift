/// The broker would run as another ServiceAccount.
///
/// Meaning: Roles that are bound to the old one, its pull secrets and its identity at a cloud
/// provider would not apply to the new one. The broker would start, and be refused later. The plan
/// keeps the name.
///
/// Why: chart 0.1.0 runs the broker as a ServiceAccount named as the release, and does not create
/// it, so there is one made by hand. Chart 0.2.0 creates one of its own, under its full name.
///
/// Resolve: there is nothing to do to keep it. To take the new one, adopt both values, and bind to
/// it what the old one was bound to:
///
///     backbone-migrate plan web --adopt serviceAccount.name \
///       --adopt serviceAccount.create
///
/// Severity: `breaking`, taken care of when the name is kept.
///
/// Source: the design of chart 0.2.0, "ServiceAccount template instead of hardcoded name".
package enum ServiceAccountRenamed: ComparisonRule {
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
