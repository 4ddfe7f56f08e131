package import MigratePlanning

/// A value that a chart's schema refuses, as helm says it.
package struct SchemaRefusal: Hashable, Sendable {
  /// The value's path, empty for the values as a whole.
  package var keys: [String]
  /// What is wrong with it, in helm's words; nil where the chart has no such value.
  package var reason: String?

  /// The refusals in an error of helm: helm 3 writes `- k8s.enabled: Invalid type. …`, helm 4
  /// `- at '/k8s/enabled': got string, want boolean`.
  package static func all(in error: ClientError) -> [SchemaRefusal] {
    guard case .failed(_, _, .schemaRefused, let detail) = error else { return [] }
    return detail.split(separator: "; ").flatMap { line -> [SchemaRefusal] in
      guard let match = line.wholeMatch(of: /- (?:at '(\/.*?)?'|([^ :]+)): (.+)/) else { return [] }
      let keys =
        match.1.map { $0.split(separator: "/") }
        ?? match.2.map { $0 == "(root)" ? [] : $0.split(separator: ".") } ?? []
      let path = keys.map(String.init)
      let unknown = unknownKeys(in: match.3)
      return unknown.isEmpty
        ? [SchemaRefusal(keys: path, reason: String(match.3))]
        : unknown.map { SchemaRefusal(keys: path + [$0], reason: nil) }
    }
  }

  /// The keys that a schema does not have.
  private static func unknownKeys(in words: Substring) -> [String] {
    if let match = words.wholeMatch(of: /Additional property (.+) is not allowed/) {
      return [String(match.1)]
    }
    guard let match = words.wholeMatch(of: /additional properties (.+) not allowed/) else {
      return []
    }
    return match.1.matches(of: /'([^']+)'/).map { String($0.1) }
  }

  /// Whether the refusal is of a value, of what is in it, or of what it is in; one of all values
  /// together concerns none.
  package func concerns(_ path: ValuePath) -> Bool {
    !keys.isEmpty && path.keys.starts(with: keys) || keys.starts(with: path.keys)
  }
}
