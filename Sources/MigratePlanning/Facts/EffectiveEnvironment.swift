/// The environment that the container's process gets, by the kubelet's rules: `envFrom` first, a
/// later source over an earlier one, `env` over both, a later entry over an earlier one of its
/// name, `$(VAR)` expanded from what came before.
///
/// Variables that Kubernetes adds for Services (`REDIS_PORT` of a Service `redis`) are not part of
/// it: they are no part of the release.
package struct EffectiveEnvironment: Sendable {
  /// What each variable holds.
  package private(set) var variables: [String: Observed] = [:]
  /// The names in the order in which Kubernetes meets them: those of sources, then those of `env`.
  package private(set) var order: [String] = []
  /// The variables that only an `envFrom` source sets, and which.
  package private(set) var fromSource: [String: Reference] = [:]
  /// The sources whose keys could not be read, and why; any variable may come from one.
  package private(set) var unreadable: [(source: EnvironmentSource, reason: String)] = []

  package init(_ environment: ContainerEnvironment, keys: SourceKeys) {
    for source in environment.sources {
      switch keys[source.identity] ?? .unreadable("its keys were not read") {
      case .keys(let names):
        for key in names.sorted() {
          let name = source.prefix + key
          guard Self.isVariableName(name) else { continue }
          let reference = Reference(key: key, of: source)
          set(name, .reference(reference))
          fromSource[name] = reference
        }
      case .missing: break
      case .unreadable(let reason): unreadable.append((source, reason))
      }
    }
    for variable in environment.variables {
      // It counts from here on; what stands before it sees the source's.
      if fromSource[variable.name] != nil {
        order.removeAll { $0 == variable.name }
        order.append(variable.name)
      }
      switch variable.source {
      case .literal(let text): set(variable.name, expand(text.string ?? ""))
      case .reference(let reference): set(variable.name, .reference(reference))
      case .malformed(let value), .other(let value): set(variable.name, .value(value))
      }
      fromSource[variable.name] = nil
    }
  }

  /// What a variable holds; unknown when it is not set but a source could not be read.
  package subscript(name: String) -> Observed {
    if let observed = variables[name] { return observed }
    guard let (source, reason) = unreadable.first else { return .absent }
    return .unknown("\(source.kind.rawValue) \"\(source.name)\" may set it: \(reason)")
  }

  /// The facts of the environment.
  package var facts: Facts {
    Facts(uniqueKeysWithValues: variables.map { (FactKey.variable($0), $1) })
  }

  /// Whether a value refers to a variable that is set.
  package func refers(_ text: String) -> Bool {
    Expansion.pieces(of: text).contains { piece in
      guard case .variable(let name) = piece else { return false }
      return variables[name] != nil || !unreadable.isEmpty
    }
  }

  private mutating func set(_ name: String, _ observed: Observed) {
    if variables.updateValue(observed, forKey: name) == nil { order.append(name) }
  }

  private func expand(_ value: String) -> Observed {
    var segments: [Observed.Segment] = []
    var text = ""
    func endText() {
      if !text.isEmpty { segments.append(.text(text)) }
      text = ""
    }
    func append(_ reference: Reference) {
      endText()
      segments.append(.reference(reference))
    }
    for piece in Expansion.pieces(of: value) {
      switch piece {
      case .text(let piece): text += piece
      case .variable(let name):
        switch self[name] {
        case .absent: text += "$(\(name))"
        case .value(let value): text += value.string ?? ""
        case .reference(let reference): append(reference)
        case .composed(let inner):
          for segment in inner {
            switch segment {
            case .text(let inner): text += inner.string ?? ""
            case .reference(let reference): append(reference)
            }
          }
        case .unknown(let reason): return .unknown(reason)
        }
      }
    }
    guard !segments.isEmpty else { return .value(.string(text)) }
    endText()
    return .composed(segments)
  }

  /// Kubernetes' IsEnvVarName: keys of other shapes are skipped by `envFrom`.
  private static func isVariableName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
    else { return false }
    return name != "." && !name.hasPrefix("..")
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
