/// The ServiceAccount is not part of the release, and the target chart would create it.
///
/// Helm refuses to upgrade over an object that it does not own, and taking ownership makes a later
/// rollback delete it. The plan leaves the ServiceAccount to whoever made it.
package enum ServiceAccountUnowned: FindingRule {
  package static let code = FindingCode.serviceAccountUnowned
  package static let dimension = Dimension.identity

  package static func findings(in comparison: Comparison) -> [Finding] {
    let name = WorkloadObserver.serviceAccountName(of: comparison.situation.live)
    let namespace = comparison.situation.snapshot.release.namespace
    guard
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
