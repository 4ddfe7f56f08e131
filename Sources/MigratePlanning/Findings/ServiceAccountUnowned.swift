/// The ServiceAccount is not part of the release, and the target chart would create it.
///
/// Meaning: a plain upgrade stops with `invalid ownership metadata`. The plan leaves the
/// ServiceAccount to whoever made it: the chart refers to it and does not create it.
///
/// Why: chart 0.1.0 needed a ServiceAccount and had none, so somebody made it by hand. Helm refuses
/// to change what it does not own. With `--take-ownership` the upgrade passes, but a later rollback
/// deletes the ServiceAccount.
///
/// Resolve: there is nothing to do. To have the chart create one of its own beside it, give that
/// one another name:
///
///     backbone-migrate plan web --set serviceAccount.create=true \
///       --set serviceAccount.name=web-broker
///
/// Severity: `breaking`, taken care of when it is left alone.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ServiceAccountUnowned: ComparisonRule {
  package static let code = FindingCode.serviceAccountUnowned
  package static let dimension = Dimension.identity

  package static func findings(in comparison: Comparison) -> [Finding] {
    let name = WorkloadObserver.serviceAccountName(of: comparison.situation.live)
    let namespace = comparison.situation.snapshot.release.namespace
    // One of another name that the target creates leaves this one alone.
    guard
      comparison.setting(WorkloadObserver.serviceAccountInRelease)?.isKept == true
        || comparison.renderedHere.object(kind: "ServiceAccount", name: name) != nil,
      comparison.situation.snapshot.related.object(kind: "ServiceAccount", name: name) != nil,
      let finding = comparison.finding(
        self, .breaking, of: WorkloadObserver.serviceAccountInRelease,
        subject: ObjectReference(kind: "ServiceAccount", name: name, namespace: namespace),
        message: { setting in
          "ServiceAccount \"\(name)\" is not part of the release"
            + (setting.isKept ? " and stays so" : ", and the upgrade would create it")
        })
    else { return [] }
    return [finding]
  }
}
