/// Kinds of objects beside the release that may point at what an upgrade takes away, or that it
/// needs. They are read only when something of that sort happens.
package enum Neighbour: String, CaseIterable, Sendable {
  case ingress = "Ingress"
  case service = "Service"
  case horizontalPodAutoscaler = "HorizontalPodAutoscaler"
  case podDisruptionBudget = "PodDisruptionBudget"
  case storageClass = "StorageClass"

  /// The resource as kubectl takes it, with its group.
  package var resource: String {
    switch self {
    case .ingress: "ingresses.networking.k8s.io"
    case .service: "services"
    case .horizontalPodAutoscaler: "horizontalpodautoscalers.autoscaling"
    case .podDisruptionBudget: "poddisruptionbudgets.policy"
    case .storageClass: "storageclasses.storage.k8s.io"
    }
  }

  /// The finding that objects of the kind may make.
  var code: FindingCode {
    switch self {
    case .ingress: .ingressOrphaned
    case .service: .serviceTargetUnreachable
    case .horizontalPodAutoscaler, .podDisruptionBudget: .schedulingLost
    case .storageClass: .storageClassMissing
    }
  }
}

extension Comparison {
  /// The kinds of objects beside the release that what changes here bears on.
  package var neighboursThatMatter: Set<Neighbour> {
    var kinds: Set<Neighbour> = []
    if !lostAddresses.isEmpty { kinds.insert(.ingress) }
    if !unrenderedBackends.isEmpty || changesWhatServicesFind { kinds.insert(.service) }
    if target.name != situation.live.name { kinds.insert(.horizontalPodAutoscaler) }
    if losesPodLabels { kinds.insert(.podDisruptionBudget) }
    if !newClaims.isEmpty { kinds.insert(.storageClass) }
    return kinds
  }

  /// The ports of the release's Services that a client can no longer use by name and number.
  var lostAddresses: [ServiceRoute] {
    routesBefore.filter { route in
      !routesAfter.contains { $0.service == route.service && $0.isSamePort(as: route) }
        && !keptServices.contains(route.service)
    }
  }

  /// The Services of the release as they are, with where their ports lead.
  var routesBefore: [ServiceRoute] {
    situation.liveHere.all(kind: "Service").flatMap {
      situation.live.routes(of: $0, situation.listeners)
    }
  }

  var routesAfter: [ServiceRoute] {
    renderedHere.all(kind: "Service").flatMap { target.routes(of: $0, listeners) }
  }

  /// Services that leave the release and stay in the cluster.
  var keptServices: Set<String> {
    Set(
      situation.liveHere.all(kind: "Service").filter {
        $0["metadata"]?["annotations"]?["helm.sh/resource-policy"] == "keep"
      }.map(\.objectName))
  }

  /// Whether a Service of somebody else's may lead to nothing where it led to something: Pods lose
  /// a label, the container a port's name, or a listener that is on its port.
  var changesWhatServicesFind: Bool {
    func names(_ workload: Workload) -> Set<String> {
      Set(
        (workload.podSpec["containers"]?.elements ?? []).flatMap { $0["ports"]?.elements ?? [] }
          .compactMap { $0["name"]?.string })
    }
    let alive = situation.listeners.filter { $0.isOn != false }
    return losesPodLabels || !names(situation.live).isSubset(of: names(target))
      || alive.contains { old in listeners.first { $0.name == old.name }?.port != old.port }
  }

  /// Whether the new Pods lack a label that the old ones have.
  var losesPodLabels: Bool {
    situation.live.podLabels.contains { target.podLabels[$0.key] != $0.value }
  }

  /// The objects of the release that the upgrade deletes.
  var deleted: [ObjectReference] {
    let snapshot = situation.snapshot
    return ObjectChange.changes(
      from: snapshot.manifest, live: snapshot.live, to: rendered,
      namespace: snapshot.release.namespace
    ).filter { $0.change == .delete }.map(\.object)
  }

  /// Claims that the upgrade makes.
  var newClaims: [JSON] {
    renderedHere.all(kind: "PersistentVolumeClaim").filter {
      situation.liveHere.object(kind: "PersistentVolumeClaim", name: $0.objectName) == nil
    }
  }

  /// Backends of rendered Ingresses that are no rendered Service's.
  var unrenderedBackends: [IngressBackend] {
    renderedHere.all(kind: "Ingress").flatMap(\.ingressBackends).filter { backend in
      renderedHere.object(kind: "Service", name: backend.service) == nil
    }
  }
}

extension ServiceRoute {
  func isSamePort(as other: ServiceRoute) -> Bool {
    port == other.port && protocolName == other.protocolName
  }
}

/// What a path of an Ingress leads to.
struct IngressBackend: Hashable, Sendable {
  var ingress: String
  var service: String
  /// The port's number or name.
  var port: JSON

  /// Whether one of a Service's ports is meant.
  func isServed(by ports: [(number: Int, name: String?)]) -> Bool {
    ports.contains { port == .integer($0.number) || port.string != nil && port.string == $0.name }
  }

  /// The backend as a reader writes it.
  var address: String { "\(service):\(port.string ?? port.canonical)" }
}

extension JSON {
  /// The backends of an Ingress, in the shape of networking.k8s.io/v1 or of the versions before it.
  var ingressBackends: [IngressBackend] {
    let spec = self["spec"]
    let paths = (spec?["rules"]?.elements ?? []).flatMap { $0["http"]?["paths"]?.elements ?? [] }
    let backends =
      [spec?["defaultBackend"], spec?["backend"]].compactMap { $0 }
      + paths.compactMap { $0["backend"] }
    var found: [IngressBackend] = []
    for backend in backends {
      let service = backend["service"]
      guard let name = service?["name"]?.string ?? backend["serviceName"]?.string else { continue }
      let port =
        service?["port"]?["number"] ?? service?["port"]?["name"] ?? backend["servicePort"] ?? .null
      let one = IngressBackend(ingress: objectName, service: name, port: port)
      if !found.contains(one) { found.append(one) }
    }
    return found
  }

  /// The numbers and names of a Service's ports.
  var servicePorts: [(number: Int, name: String?)] {
    (self["spec"]?["ports"]?.elements ?? []).compactMap { port in
      port["port"]?.integer.map { ($0, port["name"]?.string) }
    }
  }
}

extension JSON {
  /// Whether a name stands at a key below one of some members, at any depth.
  func mentions(_ name: JSON, under members: Set<String>, at key: String) -> Bool {
    switch self {
    case .array(let elements):
      elements.contains { $0.mentions(name, under: members, at: key) }
    case .object(let own):
      own.contains { member, value in
        members.contains(member) && value[key] == name
          || value.mentions(name, under: members, at: key)
      }
    default: false
    }
  }
}

extension Snapshot {
  /// The release's namespace; nil when it could not be read.
  package var namespace: JSON? { related.object(kind: "Namespace", name: release.namespace) }
}
