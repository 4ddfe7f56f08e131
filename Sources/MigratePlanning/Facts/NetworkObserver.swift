/// Reads the Services by which clients reach the broker, as the target chart sees them: one for
/// each listener that has a Service among the target's values.
///
/// A Service that leads to several listeners belongs to the first of them; the others then have
/// none of their own, and stand among its further ports.
enum NetworkObserver {
  /// A field of a Service that the target has a value for.
  private struct Field: Sendable {
    /// The value's key below the Service's home.
    let key: String
    let fact: String
    let code: FindingCode
    /// What Kubernetes makes of it when it is left out; null when nothing is to be said then.
    let absent: JSON
    /// The types of Service that have it, when not all of them do. It also goes with the Service's
    /// name then.
    let types: Set<JSON>?
    let read: @Sendable (_ service: JSON, _ port: JSON) -> JSON?

    init(
      _ key: String, _ fact: String, _ code: FindingCode, absent: JSON,
      types: Set<JSON>? = nil,
      read: @escaping @Sendable (_ service: JSON, _ port: JSON) -> JSON?
    ) {
      self.key = key
      self.fact = fact
      self.code = code
      self.absent = absent
      self.types = types
      self.read = read
    }

    /// A member of the Service's `spec`.
    static func spec(
      _ member: String, _ fact: String, absent: JSON, types: Set<JSON>? = nil,
      usual: JSON? = nil
    ) -> Field {
      Field(
        member, fact, .loadBalancerSettingsLost, absent: absent, types: types
      ) { service, _ in
        let value = service["spec"]?[member]
        return value == usual ? nil : value
      }
    }
  }

  static let enabled = "enabled"
  static let name = "name"
  static let extraPorts = "extra-ports"
  static let labels = "labels"
  private static let clusterAddress = "cluster-ip"

  /// The types whose ports are open on every node as well.
  private static let nodePortTypes: Set<JSON> = ["NodePort", "LoadBalancer"]

  private static let fields: [Field] = [
    Field("type", "type", .serviceTypeChanged, absent: "ClusterIP") { service, _ in
      service["spec"]?["type"]
    },
    Field("port", "port", .servicePortMoved, absent: 0) { _, port in port["port"] },
    Field("portName", "port-name", .servicePortMoved, absent: .null) { _, port in port["name"] },
    Field("nodePort", "node-port", .loadBalancerSettingsLost, absent: 0, types: nodePortTypes) {
      _, port in port["nodePort"]
    },
    Field("appProtocol", "app-protocol", .loadBalancerSettingsLost, absent: "") { _, port in
      port["appProtocol"]
    },
    Field("annotations", "annotations", .loadBalancerSettingsLost, absent: [:]) { service, _ in
      .object(service["metadata"]?["annotations"]?.ownAnnotations ?? [:])
    },
    Field("labels", labels, .loadBalancerSettingsLost, absent: [:]) { service, _ in
      .object(
        (service["metadata"]?["labels"]?.members ?? [:]).filter {
          // A chart's own, which name what made the object.
          ![
            "helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/version",
          ].contains($0.key) && !GitOpsOwner.isMark($0.key)
        })
    },
    Field("clusterIP", clusterAddress, .loadBalancerSettingsLost, absent: "") { service, _ in
      // One that Kubernetes gave stays with the Service; one that was asked for cannot be taken
      // back.
      let address = service["spec"]?["clusterIP"]
      return address == "None" || ManagedFields.asks(service, for: ["spec", "clusterIP"])
        ? address : nil
    },
    .spec("externalIPs", "external-ips", absent: []),
    .spec("loadBalancerIP", "load-balancer-ip", absent: "", types: ["LoadBalancer"]),
    .spec("loadBalancerClass", "load-balancer-class", absent: "", types: ["LoadBalancer"]),
    .spec(
      "loadBalancerSourceRanges", "load-balancer-source-ranges", absent: [], types: ["LoadBalancer"]
    ),
    .spec(
      "allocateLoadBalancerNodePorts", "allocate-load-balancer-node-ports", absent: true,
      types: ["LoadBalancer"]),
    .spec(
      "externalTrafficPolicy", "external-traffic-policy", absent: "", types: nodePortTypes,
      usual: "Cluster"),
    .spec("internalTrafficPolicy", "internal-traffic-policy", absent: "", usual: "Cluster"),
    .spec("healthCheckNodePort", "health-check-node-port", absent: 0, types: ["LoadBalancer"]),
    .spec("sessionAffinity", "session-affinity", absent: "", usual: "None"),
    .spec(
      "sessionAffinityConfig", "session-affinity-config", absent: [:],
      usual: ["clientIP": ["timeoutSeconds": 10800]]),
    .spec("publishNotReadyAddresses", "publish-not-ready-addresses", absent: false),
    .spec("ipFamilyPolicy", "ip-family-policy", absent: "", usual: "SingleStack"),
    Field("ipFamilies", "ip-families", .loadBalancerSettingsLost, absent: []) { service, _ in
      let policy = service["spec"]?["ipFamilyPolicy"] ?? "SingleStack"
      return policy == "SingleStack" ? nil : service["spec"]?["ipFamilies"]
    },
  ]

  /// The name of a fact of a listener's Service.
  static func key(_ listener: String, _ fact: String) -> FactKey {
    FactKey(.network, "\(listener)-service-\(fact)")
  }

  /// The fact that sees a member of a Service's `spec`; nil when none does.
  static func fact(ofSpec member: String) -> String? { fields.first { $0.key == member }?.fact }

  /// The homes of the facts of every listener that has a Service among the target's values.
  static func settings(_ listeners: [Recipe.ListenerHome]) -> [Recipe.SettingHome] {
    listeners.flatMap { listener -> [Recipe.SettingHome] in
      guard let service = listener.service else { return [] }
      func setting(
        _ value: String, _ fact: String, _ code: FindingCode, isLazy: Bool = false,
        follows: [Recipe.SettingHome.Choice] = []
      ) -> Recipe.SettingHome {
        Recipe.SettingHome(
          key: key(listener.name, fact), home: service.appending(value), code: code,
          isLazy: isLazy, onlyWhenPresent: fact != enabled, follows: follows)
      }
      return [
        setting("enabled", enabled, .servicePortMoved),
        setting("name", self.name, .serviceRemoved, isLazy: true),
      ]
        + fields.map {
          setting(
            $0.key, $0.fact, $0.code, isLazy: $0.fact == labels,
            follows: $0.types.map { choices(service, equals: $0) }
              ?? ($0.fact == clusterAddress ? choices(addressOf: service) : []))
        } + [setting("extraPorts", extraPorts, .servicePortMoved)]
    }
  }

  /// What a Service's settings go with that only some types have: its type, and its name.
  private static func choices(
    _ service: ValuePath, equals: Set<JSON>
  ) -> [Recipe.SettingHome.Choice] {
    [
      .init(home: service.appending("type"), code: .serviceTypeChanged, equals: equals),
      .init(home: service.appending("name"), code: .serviceRemoved),
    ]
  }

  /// What an address goes with: the name, unless there is to be none.
  private static func choices(addressOf service: ValuePath) -> [Recipe.SettingHome.Choice] {
    [.init(home: service.appending("name"), code: .serviceRemoved, spares: "None")]
  }

  /// A listener's place among Services.
  private struct Place {
    var service: JSON
    var port: JSON
    var route: ServiceRoute
  }

  /// The facts of the Services that lead to a workload.
  static func facts(
    of workload: Workload, among objects: Objects, _ listeners: [Listener],
    _ described: [Recipe.ListenerHome]
  ) -> Facts {
    let services = objects.all(kind: "Service").filter {
      workload.isSelected(by: $0) && $0["spec"]?["type"] != "ExternalName"
    }
    let served = described.filter { $0.service != nil }
    var facts: Facts = [:]
    var owners: [String: String] = [:]
    for listener in served.compactMap({ home in listeners.first { $0.name == home.name } }) {
      let place = place(of: listener, workload, services, listeners, owned: Set(owners.keys))
      let isOwn = place.map { owners[$0.service.objectName] == nil } ?? false
      facts[key(listener.name, enabled)] = .value(.bool(isOwn))
      guard let place, isOwn else { continue }
      owners[place.service.objectName] = listener.name
      facts[key(listener.name, name)] = .value(.string(place.service.objectName))
      for field in fields {
        let value = (field.read(place.service, place.port)).flatMap { $0 == .null ? nil : $0 }
        guard let said = value ?? (field.absent == .null ? nil : field.absent) else { continue }
        facts[key(listener.name, field.fact)] = .value(said)
      }
      facts[key(listener.name, extraPorts)] = .value(
        .array(further(place, workload, listeners, served)))
    }
    return facts
  }

  /// The port of a Service that leads to a listener: the one at its port, else one that bears its
  /// name, else one at the port that it has by default; preferably of a Service that is nobody's
  /// yet.
  private static func place(
    of listener: Listener, _ workload: Workload, _ services: [JSON], _ listeners: [Listener],
    owned: Set<String>
  ) -> Place? {
    var best: (rank: Int, place: Place)?
    for service in services {
      for route in workload.routes(of: service, listeners) where route.protocolName == "TCP" {
        guard let rank = rank(of: route, for: listener, workload, listeners) else { continue }
        let port = (service["spec"]?["ports"]?.elements ?? []).first {
          $0["port"]?.integer == route.port && ($0["protocol"]?.string ?? "TCP") == "TCP"
        }
        let order = rank * 2 + (owned.contains(service.objectName) ? 1 : 0)
        if let port, order < best?.rank ?? .max {
          best = (order, Place(service: service, port: port, route: route))
        }
      }
    }
    return best?.place
  }

  /// How surely a port of a Service is meant for a listener, 0 being the surest; nil when it is
  /// not.
  private static func rank(
    of route: ServiceRoute, for listener: Listener, _ workload: Workload, _ listeners: [Listener]
  ) -> Int? {
    if case .listener(listener.name, _) = route.end { return 0 }
    if let target = route.target, target == listener.port {
      // Another listener has the same number and is on.
      return 1
    }
    if case .listener = route.end { return nil }
    let ports = (workload.container["ports"]?.elements ?? []).filter {
      $0["containerPort"]?.integer == route.target
    }
    if case .noSuchPort(listener.name) = route.end { return 2 }
    if ports.contains(where: { $0["name"]?.string == listener.name }) { return 2 }
    let others = Set(listeners.map(\.name)).subtracting([listener.name])
    let isOthers = ports.contains { $0["name"]?.string.map(others.contains) ?? false }
    return route.target != nil && route.target == listener.defaultPort && !isOthers ? 3 : nil
  }

  /// The other ports of a Service; one that leads to a listener names it, so that it follows it.
  private static func further(
    _ place: Place, _ workload: Workload, _ listeners: [Listener], _ served: [Recipe.ListenerHome]
  ) -> [JSON] {
    let routes = workload.routes(of: place.service, listeners)
    return (place.service["spec"]?["ports"]?.elements ?? []).compactMap { port -> JSON? in
      guard case .object(var members) = port.withoutNulls, port != place.port,
        let route = routes.first(where: {
          $0.port == port["port"]?.integer && $0.protocolName == (port["protocol"]?.string ?? "TCP")
        })
      else { return nil }
      members["protocol"] = .string(route.protocolName)
      // A chart may refuse a port by a name that nothing has, and nobody can use it.
      if case .noSuchPort(let name) = route.end, !served.contains(where: { $0.name == name }) {
        return nil
      }
      let meant =
        route.protocolName == "TCP"
        ? listeners.filter { listener in served.contains { $0.name == listener.name } }
          .compactMap { listener in
            rank(of: route, for: listener, workload, listeners).map { (rank: $0, listener.name) }
          }.min { $0.rank < $1.rank }?.1 : nil
      members["targetPort"] =
        meant.map(JSON.string) ?? route.target.map(JSON.integer) ?? port["targetPort"]
      if members["nodePort"] == 0 { members["nodePort"] = nil }
      // A Service with one port need not name it, and the chart wants a name.
      if members["name"] == nil { members["name"] = .string("port-\(route.port)") }
      return .object(members)
    }
  }

  /// What is written for a fact: without node ports where another type or name was chosen for the
  /// Service, since they go with both.
  static func value(
    _ value: JSON, for setting: Recipe.SettingHome, of listeners: [Recipe.ListenerHome],
    isChosen: (Recipe.SettingHome.Choice) -> Bool
  ) -> JSON {
    guard setting.key.name.hasSuffix("-service-\(extraPorts)") else { return value }
    let listener = listeners.first { key($0.name, extraPorts) == setting.key }
    guard let service = listener?.service,
      choices(service, equals: nodePortTypes).contains(where: isChosen)
    else { return value }
    return .array(value.elements.map { $0.without("nodePort") })
  }
}
