/// A port of a Service leads to nothing.
///
/// Meaning: connections to it are refused. The Service looks well: it has a port, an address and
/// Pods.
///
/// Why: the Service names a port of the container that no container has, or the number of one where
/// the broker does not listen, since its environment puts the listener elsewhere. It may be a
/// defect of the target chart, or a Service of somebody else's that goes by a name which is gone.
///
/// Resolve: lead the Service to the port by its name, `http` or `mqtt` in chart 0.2.0, which
/// follows the broker's environment. A Service of your own:
///
///     kubectl edit service web-extern --namespace mqtt
///
/// Severity: `breaking` when it worked before, or is new; `warning` when it was so before.
package enum ServiceTargetUnreachable: FindingRule {
  package static let code = FindingCode.serviceTargetUnreachable
  package static let dimension = Dimension.network

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let before = comparison.routesBefore
    let own = comparison.routesAfter.compactMap { route in
      finding(
        of: route, before.first { $0.service == route.service && $0.isSamePort(as: route) },
        isOfRelease: true, comparison)
    }
    let situation = comparison.situation
    let others = evidence.otherServices.flatMap { service -> [Finding] in
      let before = situation.live.routes(of: service, situation.listeners)
      return comparison.target.routes(of: service, comparison.listeners).compactMap { route in
        guard let old = before.first(where: { $0.isSamePort(as: route) }),
          old.end != .elsewhere
        else { return nil }
        return finding(of: route, old, isOfRelease: false, comparison)
      }
    }
    return own + others
  }

  private static func finding(
    of route: ServiceRoute, _ before: ServiceRoute?, isOfRelease: Bool, _ comparison: Comparison
  ) -> Finding? {
    // What nobody declares is a reason only where it was not so before.
    let isNewlyUndeclared =
      route.end == .undeclared && before?.target != route.target && isOfRelease
      && comparison.target.podSpec["containers"]?.elements.count == 1
    let losesPods = !isOfRelease && route.end == .elsewhere && before?.end != .elsewhere
    guard route.isDead || isNewlyUndeclared || losesPods else { return nil }
    let wasDead = before?.isDead == true
    if !isOfRelease, wasDead { return nil }
    return comparison.finding(
      self, wasDead ? .warning : .breaking,
      losesPods
        ? "Service \"\(route.service)\", which is not of the release, "
          + "no longer finds the broker's Pods"
        : "port \(route.address) leads to \(route.words)"
          + (wasDead ? ", as it does now" : ""),
      subject: ObjectReference(
        kind: "Service", name: route.service,
        namespace: comparison.situation.snapshot.release.namespace),
      remedy: isOfRelease
        ? "lead it to a port where the broker listens"
        : "change the Service, or keep the labels and ports that it goes by",
      acceptedBy: wasDead ? nil : comparison.consent(code, service: route.service))
  }
}
