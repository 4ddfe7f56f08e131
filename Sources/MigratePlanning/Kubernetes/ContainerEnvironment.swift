/// The `env` and `envFrom` of one container, as written.
package struct ContainerEnvironment: Hashable, Sendable {
  package var variables: [EnvironmentVariable]
  package var sources: [EnvironmentSource]

  package init(variables: [EnvironmentVariable], sources: [EnvironmentSource] = []) {
    self.variables = variables
    self.sources = sources
  }

  /// Reads a container of a Pod template, live or rendered.
  package init(container: JSON) {
    variables = (container["env"]?.elements ?? []).compactMap(EnvironmentVariable.init(json:))
    sources = (container["envFrom"]?.elements ?? []).compactMap(EnvironmentSource.init(json:))
  }
}

/// One entry of a container's `env`.
package struct EnvironmentVariable: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    /// A value as written, before `$(VAR)` is expanded: a JSON string, for its exact equality.
    case literal(JSON)
    case reference(Reference)
    /// Something that Kubernetes would refuse, such as a number where a string belongs.
    case malformed(JSON)
    /// An `EnvVarSource` of a kind that is not known here, such as one of a newer Kubernetes.
    case other(JSON)

    package static func literal(_ text: String) -> Source { .literal(.string(text)) }

    /// The text of a literal; nil for everything else.
    package var text: String? {
      guard case .literal(let text) = self else { return nil }
      return text.string
    }
  }

  package var name: String
  package var source: Source

  package init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  /// Reads an `EnvVar`; nil when it has no name. Neither value nor valueFrom means the empty
  /// string, as in Kubernetes.
  package init?(json: JSON) {
    guard let name = json["name"]?.string else { return nil }
    self.name = name
    if let valueFrom = json["valueFrom"], valueFrom != .null {
      source = Reference(source: valueFrom).map(Source.reference) ?? .other(valueFrom)
    } else {
      switch json["value"] {
      case .string(let text): source = .literal(text)
      case nil, .null: source = .literal("")
      case let other?: source = .malformed(other)
      }
    }
  }

  /// The entry as a Kubernetes `EnvVar`.
  package var json: JSON {
    switch source {
    case .literal(let text): ["name": .string(name), "value": text]
    case .reference(let reference): ["name": .string(name), "valueFrom": reference.source]
    case .malformed(let value): ["name": .string(name), "value": value]
    case .other(let source): ["name": .string(name), "valueFrom": source]
    }
  }
}

/// One entry of a container's `envFrom`.
package struct EnvironmentSource: Hashable, Sendable {
  package enum Kind: String, Sendable {
    case configMap = "ConfigMap"
    case secret = "Secret"
  }

  package var kind: Kind
  package var name: String
  package var prefix: String
  package var isOptional: Bool

  package init(kind: Kind, name: String, prefix: String = "", isOptional: Bool = false) {
    self.kind = kind
    self.name = name
    self.prefix = prefix
    self.isOptional = isOptional
  }

  /// Reads an `EnvFromSource`; nil when it names neither a ConfigMap nor a Secret.
  package init?(json: JSON) {
    let member: JSON
    if let secret = json["secretRef"] {
      (kind, member) = (.secret, secret)
    } else if let configMap = json["configMapRef"] {
      (kind, member) = (.configMap, configMap)
    } else {
      return nil
    }
    name = member["name"]?.string ?? ""
    isOptional = member["optional"]?.bool ?? false
    prefix = json["prefix"]?.string ?? ""
  }

  /// The entry as a Kubernetes `EnvFromSource`.
  package var json: JSON {
    var member: [String: JSON] = ["name": .string(name)]
    if isOptional { member["optional"] = true }
    var members: [String: JSON] = [
      kind == .secret ? "secretRef" : "configMapRef": .object(member)
    ]
    if !prefix.isEmpty { members["prefix"] = .string(prefix) }
    return .object(members)
  }

  /// The object that the entry names.
  package var identity: Identity { Identity(kind: kind, name: name) }

  /// A ConfigMap or Secret by kind and name.
  package struct Identity: Hashable, Sendable {
    package var kind: Kind
    package var name: String

    package init(kind: Kind, name: String) {
      self.kind = kind
      self.name = name
    }
  }
}

/// The keys of the ConfigMaps and Secrets that `envFrom` names. Values are never read.
package typealias SourceKeys = [EnvironmentSource.Identity: SourceContent]

/// What is known of one ConfigMap or Secret.
package enum SourceContent: Hashable, Sendable {
  case keys([String])
  case missing
  case unreadable(String)
}
