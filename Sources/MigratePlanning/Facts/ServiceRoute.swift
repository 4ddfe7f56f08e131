/// One port of a Service, and where it leads.
struct ServiceRoute: Hashable, Sendable {
  /// What is at the other end.
  enum End: Hashable, Sendable {
    /// Pods of something else than the broker's Deployment, or nobody's.
    case elsewhere
    /// A port by a name that no container has.
    case noSuchPort(String)
    /// A listener of the broker, by its name.
    case listener(String, isOn: Bool?)
    /// A port that another container, or the broker's own beside its listeners, declares.
    case declared
    /// A listener's port as it would be by default, or as the container still declares it, where
    /// the broker's environment has the listener elsewhere.
    case closed
    /// A port that nobody declares: something may listen there all the same.
    case undeclared
    /// It cannot be told.
    case unknown
  }

  let service: String
  let port: Int
  let portName: String?
  let protocolName: String
  /// The number of the container's port; nil when its name leads nowhere.
  let target: Int?
  let end: End

  /// Whether a client can get through today, as far as can be told.
  var mayWork: Bool {
    switch end {
    case .elsewhere, .declared, .undeclared, .unknown: true
    case .listener(_, let isOn): isOn != false
    case .noSuchPort, .closed: false
    }
  }

  /// Whether nothing can ever answer there, whichever listener is on.
  var isDead: Bool {
    switch end {
    case .noSuchPort, .closed: true
    case .elsewhere, .listener, .declared, .undeclared, .unknown: false
    }
  }

  /// The port as a reader writes it.
  var address: String {
    "\(service):\(port)" + (protocolName == "TCP" ? "" : "/\(protocolName)")
  }

  /// What is at the other end, in words.
  var words: String {
    switch end {
    case .elsewhere: "other Pods"
    case .noSuchPort(let name): "port \"\(name)\", which no container has"
    case .listener(let name, isOn: false):
      "port \(target ?? 0), where listener \"\(name)\" is switched off"
    case .closed: "port \(target ?? 0), where nothing listens"
    case .undeclared: "port \(target ?? 0), which no container declares"
    case .listener, .declared, .unknown: "port \(target ?? 0)"
    }
  }
}

extension Workload {
  /// Whether a Service's selector finds the Pods.
  func isSelected(by service: JSON) -> Bool {
    let selector = service["spec"]?["selector"]?.members ?? [:]
    return !selector.isEmpty && selector.allSatisfy { podLabels[$0.key] == $0.value }
  }

  /// Where each port of a Service leads.
  func routes(of service: JSON, _ listeners: [Listener]) -> [ServiceRoute] {
    let isSelected = isSelected(by: service)
    return (service["spec"]?["ports"]?.elements ?? []).compactMap { port in
      guard let number = port["port"]?.integer else { return nil }
      let protocolName = port["protocol"]?.string ?? "TCP"
      let (target, name) = target(of: port, number, protocolName)
      return ServiceRoute(
        service: service.objectName, port: number, portName: port["name"]?.string,
        protocolName: protocolName, target: target,
        end: isSelected
          ? end(at: target, name, protocolName, listeners) : ServiceRoute.End.elsewhere)
    }
  }

  /// The number of the container's port that a port of a Service names, or the name that leads
  /// nowhere.
  private func target(
    of port: JSON, _ number: Int, _ protocolName: String
  ) -> (number: Int?, name: String?) {
    guard let name = port["targetPort"]?.string else {
      let target = port["targetPort"]?.integer ?? 0
      return (target == 0 ? number : target, nil)
    }
    let found = declaredPorts.first {
      $0["name"]?.string == name && ($0["protocol"]?.string ?? "TCP") == protocolName
    }
    return (found?["containerPort"]?.integer, name)
  }

  /// The ports that any container of the Pod declares.
  private var declaredPorts: [JSON] {
    (podSpec["containers"]?.elements ?? []).flatMap { $0["ports"]?.elements ?? [] }
  }

  private func end(
    at target: Int?, _ name: String?, _ protocolName: String, _ listeners: [Listener]
  ) -> ServiceRoute.End {
    guard let target else { return .noSuchPort(name ?? "") }
    if protocolName == "TCP" {
      // Two listeners may have one number while one of them is off.
      let there = listeners.filter { $0.port == target }
      if let listener = there.first(where: { $0.isOn == true }) ?? there.first {
        return .listener(listener.name, isOn: listener.isOn)
      }
    }
    let declared = declaredPorts.filter {
      $0["containerPort"]?.integer == target && ($0["protocol"]?.string ?? "TCP") == protocolName
    }
    let names = Set(listeners.map(\.name))
    let isStale =
      protocolName == "TCP"
      && (listeners.contains { $0.defaultPort == target }
        || declared.contains { $0["name"]?.string.map(names.contains) ?? false })
    if declared.contains(where: { !names.contains($0["name"]?.string ?? "") }), !isStale {
      return .declared
    }
    guard !listeners.isEmpty, listeners.allSatisfy({ $0.port != nil }) else { return .unknown }
    return isStale ? .closed : .undeclared
  }
}
