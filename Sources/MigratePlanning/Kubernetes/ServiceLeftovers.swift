/// What somebody set by hand on a Service and neither helm's old manifest nor its new one has.
///
/// Helm's merge leaves it where it is, where it does not belong: source ranges without a load
/// balancer, or a second port of the same name, for which Kubernetes refuses the Service. Source:
/// measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ServiceLeftovers {
  /// Fields of `spec` that somebody sets by hand, and what Kubernetes has when nobody does.
  private static let fields: [String: JSON] = [
    "loadBalancerSourceRanges": [], "loadBalancerIP": "", "externalIPs": [],
    "externalTrafficPolicy": "Cluster", "healthCheckNodePort": 0, "sessionAffinity": "None",
    "sessionAffinityConfig": [:], "publishNotReadyAddresses": false,
  ]

  /// The live Service without it; the same where there is nothing.
  ///
  /// It only takes away, so that whoever writes that owns none of the Service's fields afterwards.
  package static func cleared(_ live: JSON, from manifest: JSON, to wanted: JSON) -> JSON {
    guard live["kind"] == "Service", case .object(var spec)? = live["spec"] else { return live }
    let declared = [manifest["spec"], wanted["spec"]]
    for (field, usual) in fields where declared.allSatisfy({ $0?[field] == nil }) {
      if spec[field] != usual { spec[field] = nil }
    }
    func ports(_ object: JSON?) -> [JSON] { object?["ports"]?.elements ?? [] }
    func place(_ port: JSON) -> [JSON] { [port["port"] ?? .null, port["protocol"] ?? "TCP"] }
    let known = Set(declared.flatMap { ports($0) }.map(place))
    let staying = ports(live["spec"]).filter { known.contains(place($0)) }
    // A Service has to have one.
    if !staying.isEmpty { spec["ports"] = .array(staying) }
    let selectors = declared.compactMap { $0?["selector"]?.members.keys }
    if case .object(let selector)? = spec["selector"], !selectors.isEmpty {
      spec["selector"] = .object(
        selector.filter { key, _ in selectors.contains { $0.contains(key) } })
    }
    var cleared = live.replacing(["spec"], with: .object(spec))
    for kind in ["annotations", "labels"] {
      guard case .object(let marks)? = live["metadata"]?[kind] else { continue }
      let kept = [manifest, wanted].compactMap { $0["metadata"]?[kind]?.members.keys }
      let own = JSON.object(marks).ownAnnotations
      let staying = marks.filter { key, _ in
        own[key] == nil || key == "app.kubernetes.io/managed-by"
          || kept.contains { $0.contains(key) }
      }
      guard staying.count < marks.count else { continue }
      cleared =
        staying.isEmpty
        ? cleared.without("metadata", kind)
        : cleared.replacing(["metadata", kind], with: .object(staying))
    }
    return cleared
  }

  /// The JSON patch that takes it away; nil when there is nothing.
  package static func patch(of live: JSON, from manifest: JSON, to wanted: JSON) -> JSON? {
    let cleared = cleared(live, from: manifest, to: wanted)
    return cleared == live ? nil : ObjectWrite.patch(from: live, to: cleared)
  }
}
