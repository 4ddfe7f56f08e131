/// A port of a Service goes, or leads elsewhere.
///
/// Meaning: clients find the broker by a Service's name and port. Where a port goes, or leads to
/// another one of the container, they lose it, although the broker itself is well.
///
/// Why: chart 0.1.0 had one Service for everything; chart 0.2.0 has two, one for HTTP and one for
/// MQTT, the latter with `-tcp` at the end of its name. The plan keeps the Services as they are:
/// with one Service, MQTT stays a port of that one, and the second is not made.
///
/// Resolve: there is nothing to do to keep them. To have MQTT in a Service of its own, beside the
/// port that clients use now:
///
///     backbone-migrate plan web --adopt service.tcp.enabled
///
/// Or as the chart has it, without the old port:
///
///     backbone-migrate plan web --adopt service-port-moved
///
/// Severity: `breaking`, taken care of when the ports are kept; `warning` where nothing listened
/// behind the port before.
package enum ServicePortMoved: ComparisonRule {
  package static let code = FindingCode.servicePortMoved
  package static let dimension = Dimension.network

  package static func findings(in comparison: Comparison) -> [Finding] {
    let moved = comparison.routesBefore.compactMap { finding(of: $0, comparison) }
    let kept = comparison.findings(self, .breaking, among: \.isKept) { homes in
      "\(comparison.targetName) would put the ports elsewhere by default; every port of the "
        + "Services stays where it is (\(homes))"
    }
    return moved + kept
  }

  private static func finding(of before: ServiceRoute, _ comparison: Comparison) -> Finding? {
    guard comparison.renderedHere.object(kind: "Service", name: before.service) != nil else {
      return nil  // The whole Service goes.
    }
    let subject = ObjectReference(
      kind: "Service", name: before.service,
      namespace: comparison.situation.snapshot.release.namespace)
    let after = comparison.routesAfter.first {
      $0.service == before.service && $0.isSamePort(as: before)
    }
    let consent = comparison.consent(code, service: before.service)
    guard let after else {
      let elsewhere = comparison.routesAfter.first {
        $0.target == before.target && $0.protocolName == before.protocolName
          && $0.end != .elsewhere && before.end != .elsewhere
      }
      return comparison.finding(
        self, before.mayWork ? .breaking : .warning,
        "port \(before.address) goes"
          + (elsewhere.map { "; \($0.address) leads there instead" } ?? ""), subject: subject,
        remedy: "leave out what takes it away, or tell its clients first", acceptedBy: consent)
    }
    guard after.end != before.end || after.target != before.target, !after.isDead else {
      return nil
    }
    if case .listener(let name, _) = before.end, case .listener(name, _) = after.end { return nil }
    if case .elsewhere = before.end, case .elsewhere = after.end { return nil }
    // Where it goes by is as it was: only what is known of it changes.
    if before.target == after.target, before.mayWork == after.mayWork { return nil }
    let isMoved = before.target != after.target
    return comparison.finding(
      self, before.mayWork ? .breaking : .warning,
      isMoved
        ? "port \(before.address) led to \(before.words); it leads to \(after.words) then"
        : "port \(before.address) stays, and leads to \(after.words) then",
      subject: subject,
      remedy: before.mayWork
        ? (isMoved ? "leave out what moves it" : "keep what it leads to")
        : "nothing to do, unless it was meant to be closed",
      acceptedBy: before.mayWork ? consent : nil)
  }
}
