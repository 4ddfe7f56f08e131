/// A Service would find other Pods than it finds now.
///
/// Meaning: clients may reach Pods that were kept away from them on purpose, such as a second
/// broker that stands ready, or no longer reach the ones that they reached.
///
/// Why: somebody changed the Service's selector by hand. The chart's Services find the broker's
/// Pods by its own labels, and no value holds another selector.
///
/// Resolve: where the selector matters, take the Service out of the release; the upgrade then
/// leaves it as it is, for you to look after:
///
///     kubectl annotate service web --namespace mqtt helm.sh/resource-policy=keep
///     backbone-migrate plan web --set service.http.enabled=false
///
/// Where it does not, accept the finding.
///
/// Severity: `breaking`.
package enum ServiceSelectorChanged: ComparisonRule {
  package static let code = FindingCode.serviceSelectorChanged
  package static let dimension = Dimension.network

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let snapshot = situation.snapshot
    func selector(_ service: JSON?) -> JSON { service?["spec"]?["selector"] ?? [:] }
    return situation.liveHere.all(kind: "Service").compactMap { live in
      let name = live.objectName
      guard let after = comparison.renderedHere.object(kind: "Service", name: name) else {
        return nil
      }
      let (before, planned) = (selector(live), selector(after))
      guard
        before != selector(snapshot.manifest.counterpart(of: live, in: snapshot.release.namespace)),
        before != planned
      else { return nil }
      let namespace = snapshot.release.namespace
      let listener = situation.recipe.listeners.first {
        situation.factsBefore[NetworkObserver.key($0.name, NetworkObserver.name)]
          == .value(.string(name))
      }
      return comparison.finding(
        self, .breaking,
        "Service \"\(name)\" finds Pods by \(before.canonical), which was set by hand, and by "
          + "\(planned.canonical) then",
        subject: ObjectReference(kind: "Service", name: name, namespace: namespace),
        before: .value(before), after: .value(planned),
        remedy: "to keep it: kubectl annotate service \(name.shellQuoted) -n \(namespace) "
          + "helm.sh/resource-policy=keep, then plan with --set "
          + "\(listener?.service?.description ?? "service.http").enabled=false",
        acceptedBy: comparison.consent(code, service: name))
    }
  }
}
