/// What an observer saw of one fact.
package enum Observed: Hashable, Sendable {
  /// Read, and not there.
  case absent
  /// Read, with this value.
  case value(JSON)
  /// Kubernetes looks the value up elsewhere when the container starts.
  case reference(Reference)
  /// A text into which `$(VAR)` puts values that Kubernetes looks up elsewhere.
  case composed([Segment])
  /// Could not be read, and why. Never counts as equal to anything, see ``agrees(with:)``.
  case unknown(String)

  /// One piece of a composed text.
  package enum Segment: Hashable, Sendable {
    /// A JSON string, for its exact equality.
    case text(JSON)
    case reference(Reference)

    package static func text(_ text: String) -> Segment { .text(.string(text)) }
  }

  /// Whether two observations are known to be the same.
  package func agrees(with other: Observed) -> Bool {
    if case .unknown = self { return false }
    return self == other
  }

  /// The text of a literal value; nil for everything else.
  package var text: String? {
    guard case .value(let value) = self else { return nil }
    return value.string
  }

  /// Whether a variable holds what is no text, which Kubernetes refuses.
  package var isMalformed: Bool {
    guard case .value(let value) = self else { return false }
    return value.string == nil
  }

  /// Whether the fact could not be read.
  package var isUnknown: Bool {
    if case .unknown = self { return true }
    return false
  }
}

extension Observed {
  /// The observation as the JSON contract shows it: null when absent, the value itself, a
  /// Kubernetes `EnvVarSource` for a reference, a list of both for a composed text, and
  /// `{"unknown": reason}`.
  package var json: JSON {
    switch self {
    case .absent: .null
    case .value(let value): value
    case .reference(let reference): reference.source
    case .composed(let segments):
      .array(
        segments.map { segment in
          switch segment {
          case .text(let text): text
          case .reference(let reference): reference.source
          }
        })
    case .unknown(let reason): ["unknown": .string(reason)]
    }
  }
}

/// Where Kubernetes looks the value of a variable up: a key of a Secret or ConfigMap, a field of
/// the Pod, or a resource of a container.
package struct Reference: Hashable, Sendable {
  /// The kinds of `EnvVarSource` in Kubernetes.
  package enum Kind: String, Sendable, CaseIterable {
    case secretKeyRef, configMapKeyRef, fieldRef, resourceFieldRef
  }

  package let kind: Kind
  /// The member of the `EnvVarSource`, after Kubernetes' defaulting.
  package let selector: JSON

  /// Reads an `EnvVarSource`; nil when it holds none of the known kinds.
  package init?(source: JSON) {
    for kind in Kind.allCases {
      guard let selector = source[kind.rawValue], case .object(var members) = selector else {
        continue
      }
      switch kind {
      case .secretKeyRef, .configMapKeyRef:
        if members["optional"]?.bool != true { members["optional"] = nil }
      case .fieldRef:
        if members["apiVersion"] == nil { members["apiVersion"] = "v1" }
      case .resourceFieldRef:
        if members["divisor"] == nil || members["divisor"] == .integer(0) {
          members["divisor"] = "0"
        }
      }
      self.kind = kind
      self.selector = .object(members)
      return
    }
    return nil
  }

  /// A key of a Secret or ConfigMap that need not exist, which is what `envFrom` makes of it.
  package init(key: String, of source: EnvironmentSource) {
    kind = source.kind == .secret ? .secretKeyRef : .configMapKeyRef
    selector = ["name": .string(source.name), "key": .string(key), "optional": true]
  }

  /// The reference as a Kubernetes `EnvVarSource`.
  package var source: JSON { .object([kind.rawValue: selector]) }
}
