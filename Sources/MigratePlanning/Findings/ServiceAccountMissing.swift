/// The ServiceAccount that the broker runs as does not exist.
///
/// Chart 0.1.0 names a ServiceAccount and creates none. Pods that run already go on, but no new Pod
/// can be created: the upgrade would never come up.
///
/// Resolve it by creating the ServiceAccount, or by letting chart 0.2.0 create it:
/// `--set serviceAccount.create=true`.
package enum ServiceAccountMissing: FindingRule {
  package static let code = FindingCode.serviceAccountMissing
  package static let dimension = Dimension.identity

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let name = WorkloadObserver.serviceAccountName(of: comparison.target)
    let exists = [snapshot.live, snapshot.related].contains {
      $0.object(kind: "ServiceAccount", name: name) != nil
    }
    let isCreated = comparison.rendered.object(kind: "ServiceAccount", name: name) != nil
    let isNamed = WorkloadObserver.serviceAccountName(of: comparison.situation.live) == name
    guard !exists, !isCreated, isNamed, name != "default",
      !snapshot.hidden.contains(where: { $0.code == code.rawValue })
    else { return [] }
    let namespace = snapshot.release.namespace
    return [
      comparison.finding(
        self, .blocker, "ServiceAccount \"\(name)\" does not exist, so no new Pod can start",
        subject: ObjectReference(kind: "ServiceAccount", name: name, namespace: namespace),
        remedy: "kubectl create serviceaccount \(name) --namespace \(namespace), "
          + "or --set serviceAccount.create=true")
    ]
  }
}
