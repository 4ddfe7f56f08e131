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

  /// The strategic patch that takes it away; nil when there is nothing.
  ///
  /// It only takes away, so that whoever sends it owns none of the Service's fields afterwards.
  package static func patch(of live: JSON, from manifest: JSON, to wanted: JSON) -> JSON? {
    let declared = [manifest["spec"], wanted["spec"]]
    var spec: [String: JSON] = [:]
    for (field, usual) in fields where declared.allSatisfy({ $0?[field] == nil }) {
      guard let value = live["spec"]?[field], value != usual, value != .null else { continue }
      spec[field] = .null
    }
    func ports(_ object: JSON?) -> [JSON] { object?["ports"]?.elements ?? [] }
    let known = Set(declared.flatMap { ports($0) }.map { $0["port"] ?? .null })
    let further = ports(live["spec"]).compactMap { $0["port"] }.filter { !known.contains($0) }
    // A Service has to have one.
    if !further.isEmpty, further.count < ports(live["spec"]).count {
      spec["ports"] = .array(further.map { ["$patch": "delete", "port": $0] })
    }
    let selectors = declared.compactMap { $0?["selector"]?.members.keys }
    let narrowing = (live["spec"]?["selector"]?.members ?? [:]).keys.filter { key in
      !selectors.contains { $0.contains(key) }
    }
    if !narrowing.isEmpty, !selectors.isEmpty {
      spec["selector"] = .object(Dictionary(uniqueKeysWithValues: narrowing.map { ($0, .null) }))
    }
    var metadata: [String: JSON] = [:]
    for kind in ["annotations", "labels"] {
      let kept = [manifest, wanted].compactMap { $0["metadata"]?[kind]?.members.keys }
      let further = (live["metadata"]?[kind]?.ownAnnotations ?? [:]).keys.filter { key in
        key != "app.kubernetes.io/managed-by" && !kept.contains { $0.contains(key) }
      }
      if !further.isEmpty {
        metadata[kind] = .object(
          Dictionary(uniqueKeysWithValues: further.map { ($0, JSON.null) }))
      }
    }
    var patch: [String: JSON] = [:]
    if !spec.isEmpty { patch["spec"] = .object(spec) }
    if !metadata.isEmpty { patch["metadata"] = .object(metadata) }
    return patch.isEmpty ? nil : .object(patch)
  }

  /// A patch with what another one takes away as well.
  package static func adding(_ leftovers: JSON, to patch: JSON) -> JSON {
    guard case .object(var members) = patch else { return patch }
    for (key, value) in leftovers.members {
      switch (members[key], value) {
      case (.array(let present)?, .array(let more)): members[key] = .array(present + more)
      case (.object?, .object): members[key] = adding(value, to: members[key] ?? [:])
      case (nil, _): members[key] = value
      default: break
      }
    }
    return .object(members)
  }
}
