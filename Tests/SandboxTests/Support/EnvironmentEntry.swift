import MigratePlanning

/// One entry of a container's `env`, as a test writes it.
struct EnvironmentEntry: Hashable, Sendable {
  enum Source: Hashable, Sendable {
    case literal(String)
    case secretKey(String, of: String)
    case configMapKey(String, of: String)
    case field(String)
    case resource(String)
  }

  var name: String
  var source: Source

  init(_ name: String, _ value: String) {
    self.init(name, .literal(value))
  }

  init(_ name: String, _ source: Source) {
    self.name = name
    self.source = source
  }

  /// The entry as a Kubernetes `EnvVar`.
  var json: JSON {
    let valueFrom: JSON
    switch source {
    case .literal(let text): return ["name": .string(name), "value": .string(text)]
    case .secretKey(let key, let secret):
      valueFrom = ["secretKeyRef": ["name": .string(secret), "key": .string(key)]]
    case .configMapKey(let key, let configMap):
      valueFrom = ["configMapKeyRef": ["name": .string(configMap), "key": .string(key)]]
    case .field(let path): valueFrom = ["fieldRef": ["fieldPath": .string(path)]]
    case .resource(let resource): valueFrom = ["resourceFieldRef": ["resource": .string(resource)]]
    }
    return ["name": .string(name), "valueFrom": valueFrom]
  }

  /// The entry for a strategic merge patch over any other entry of its name.
  var patch: JSON {
    guard case .object(var members) = json else { return json }
    for key in ["value", "valueFrom"] where members[key] == nil { members[key] = .null }
    return .object(members)
  }

  /// The kind of override in the contract.
  var kind: String {
    switch source {
    case .literal: "literal"
    case .secretKey: "secretRef"
    case .configMapKey: "configMapRef"
    case .field: "fieldRef"
    case .resource: "resourceFieldRef"
    }
  }
}
