/// The ServiceAccount that the broker runs as does not exist.
///
/// Meaning: the Pod that runs goes on, but no new one can be created (`serviceaccount "web" not
/// found`). The upgrade would stop the old broker and never bring up the new one, and so will the
/// next failure of a node, upgrade or not.
///
/// Why: chart 0.1.0 names a ServiceAccount and does not create it. Whoever made it has removed it
/// since, perhaps together with another release.
///
/// Resolve: create it, or have chart 0.2.0 create it:
///
///     kubectl create serviceaccount web --namespace mqtt
///     backbone-migrate plan web --set serviceAccount.create=true
///
/// Severity: `blocker`.
package enum ServiceAccountMissing: ComparisonRule {
  package static let code = FindingCode.serviceAccountMissing
  package static let dimension = Dimension.identity

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let name = WorkloadObserver.serviceAccountName(of: comparison.target)
    let exists = [comparison.situation.liveHere, snapshot.related].contains {
      $0.object(kind: "ServiceAccount", name: name) != nil
    }
    let isCreated = comparison.renderedHere.object(kind: "ServiceAccount", name: name) != nil
    let isNamed = WorkloadObserver.serviceAccountName(of: comparison.situation.live) == name
    guard !exists, !isCreated, isNamed, name != "default",
      !snapshot.hidden.contains(where: { $0.code == code.rawValue })
    else { return [] }
    let namespace = snapshot.release.namespace
    return [
      comparison.finding(
        self, .blocker, "ServiceAccount \"\(name)\" does not exist, so no new Pod can start",
        subject: ObjectReference(kind: "ServiceAccount", name: name, namespace: namespace),
        remedy: "kubectl create serviceaccount \(name.shellQuoted) --namespace \(namespace), "
          + "or --set serviceAccount.create=true")
    ]
  }
}
