/// A port on which the broker listens, as its environment has it.
package struct Listener: Hashable, Sendable {
  /// The name of its container port in the target chart.
  package var name: String
  /// The number of the port; nil when it depends on what Kubernetes looks up, or is none.
  package var port: Int?
  /// Whether it is switched on; nil when that depends on what Kubernetes looks up.
  package var isOn: Bool?
  /// The number that the port has when nothing is said.
  package var defaultPort: Int?
  /// The paths that it answers over HTTP, and whether each is switched on.
  package var paths: [String: Bool?]
}

extension Recipe {
  /// The broker's listeners, as an environment switches them.
  package func listeners(in environment: EffectiveEnvironment) -> [Listener] {
    func meaning(_ name: String) -> Codec.Meaning? {
      variables.first { $0.name == name }?.meaning(of: environment[name])
    }
    func isOn(_ name: String) -> Bool? {
      guard case .flag(let on)? = meaning(name) else { return nil }
      return on
    }
    return listeners.map { listener in
      var port: Int?
      if case .number(let number)? = meaning(listener.port), (1...65535).contains(number) {
        port = number
      }
      let switches = listener.enabledBy.map(isOn)
      return Listener(
        name: listener.name, port: port,
        isOn: switches.contains(true) ? true : switches.contains(nil) ? nil : false,
        defaultPort: variables.first { $0.name == listener.port }?.whenAbsent.flatMap { Int($0) },
        paths: listener.paths.mapValues(isOn))
    }
  }
}
