import OrderedCollections

/// The environment that the container's process gets, by the kubelet's rules: `envFrom` first, a
/// later source over an earlier one, `env` over both, a later entry over an earlier one of its
/// name, `$(VAR)` expanded from what came before. An optional reference that leads nowhere changes
/// nothing: what came before it counts.
///
/// Variables that Kubernetes adds for Services (`REDIS_PORT` of a Service `redis`) are not part of
/// it: they are no part of the release.
package struct EffectiveEnvironment: Sendable {
  /// The most that all expanded values may have together, in bytes: Linux starts no process with
  /// more than 6 MiB of arguments and environment, and a few lines of `$(VAR)` can ask for any
  /// amount.
  package static let expansionLimit = 8 << 20
  /// How much has been expanded so far.
  private var expanded = 0

  /// What each variable holds, in the order in which Kubernetes meets them: those of sources, then
  /// those of `env`.
  private var variables: OrderedDictionary<String, Observed> = [:]
  /// The variables that only an `envFrom` source sets, and which.
  package private(set) var fromSource: [String: Reference] = [:]
  /// The entry of `env` that counts for each variable.
  package private(set) var entries: [String: EnvironmentVariable] = [:]
  /// The variables that a key decides of which is not known whether it exists, and why.
  package private(set) var undecided: [(name: String, reason: String)] = []
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
          variables[name] = .reference(reference)
          fromSource[name] = reference
        }
      case .missing: break
      case .unreadable(let reason): unreadable.append((source, reason))
      }
    }
    for variable in environment.variables {
      var doubt: String?
      if case .reference(let reference) = variable.source, self[variable.name] != .absent {
        switch reference.existence(keys) {
        case .missing: continue
        case .exists: break
        case .unknown(let reason): doubt = reason
        }
      }
      undecided.removeAll { $0.name == variable.name }
      entries[variable.name] = variable
      let observed: Observed =
        switch variable.source {
        case .literal(let text): expand(text.string ?? "")
        case .reference(let reference): .reference(reference)
        case .malformed(let value), .other(let value): .value(value)
        }
      // It counts from here on; what stands before it sees the source's.
      if fromSource.removeValue(forKey: variable.name) != nil {
        variables.removeValue(forKey: variable.name)
      }
      variables[variable.name] = observed
      if let doubt {
        variables[variable.name] = .unknown(doubt)
        undecided.append((variable.name, doubt))
      }
    }
  }

  /// The names of the variables, in their order.
  package var order: [String] { Array(variables.keys) }

  /// Whether a variable is set.
  package func sets(_ name: String) -> Bool { variables.keys.contains(name) }

  /// The place of a variable in the order; nil when it is not set.
  func position(of name: String) -> Int? { variables.index(forKey: name) }

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

  private mutating func expand(_ value: String) -> Observed {
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
        let found = self[name]
        expanded += found.size
        guard expanded <= Self.expansionLimit else {
          return .unknown(
            "with $(\(name)) it is longer than any environment that Linux starts a process with")
        }
        switch found {
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

extension Observed {
  /// How much it adds to a text that it is put into, in bytes or so.
  fileprivate var size: Int {
    switch self {
    case .value(let value): value.string?.utf8.count ?? 0
    case .composed(let segments):
      segments.reduce(0) { size, segment in
        if case .text(let text) = segment {
          size + (text.string?.utf8.count ?? 0)
        } else {
          size + 64
        }
      }
    case .reference: 64
    case .absent, .unknown: 0
    }
  }
}

extension Reference {
  fileprivate enum Existence {
    case exists, missing
    case unknown(String)
  }

  /// Whether the key is there. One that is not optional counts as there: without it, no Pod starts.
  fileprivate func existence(_ keys: SourceKeys) -> Existence {
    guard let source = optionalSource else { return .exists }
    let key = selector["key"]?.string ?? ""
    switch keys[source] {
    case .keys(let names): return names.contains(key) ? .exists : .missing
    case .missing: return .missing
    case .unreadable(let reason): return .unknown(doubt(source, key, reason))
    case nil: return .unknown(doubt(source, key, "its keys were not read"))
    }
  }

  private func doubt(
    _ source: EnvironmentSource.Identity, _ key: String, _ reason: String
  ) -> String {
    "it depends on key \"\(key)\" of \(source.kind.rawValue) \"\(source.name)\": \(reason)"
  }

  /// The Secret or ConfigMap of a key that need not exist; nil for every other reference.
  fileprivate var optionalSource: EnvironmentSource.Identity? {
    guard selector["optional"]?.bool == true else { return nil }
    let name = selector["name"]?.string ?? ""
    return switch kind {
    case .secretKeyRef: .init(kind: .secret, name: name)
    case .configMapKeyRef: .init(kind: .configMap, name: name)
    case .fieldRef, .resourceFieldRef: nil
    }
  }
}

extension ContainerEnvironment {
  /// The ConfigMaps and Secrets whose keys decide what the variables are: the `envFrom` sources,
  /// and those of optional references behind which something else may stand.
  package var deciding: [EnvironmentSource.Identity] {
    var names: Set<String> = []
    var identities = sources.map(\.identity)
    for variable in variables {
      let mayHide = !sources.isEmpty || names.contains(variable.name)
      if mayHide, case .reference(let reference) = variable.source,
        let source = reference.optionalSource
      {
        identities.append(source)
      }
      names.insert(variable.name)
    }
    return identities
  }
}
