/// Which variables hold secrets, and which texts must not be shown.
///
/// A variable is sensitive when the recipe says so, when its name or its value looks so, when it
/// comes from a Secret, or when it contains the value of one that is.
package struct Sensitivity: Hashable, Sendable {
  /// What stands in place of a secret.
  package static let redacted = "<redacted>"

  package private(set) var names: Set<String> = []
  /// The texts that must not be shown, the longest first.
  package private(set) var secrets: [String] = []

  /// Looks at every container of the release, as live and as in the manifest.
  package init(_ snapshot: Snapshot, _ recipe: Recipe, _ choices: Choices = Choices()) {
    let environments = (snapshot.live.containers + snapshot.manifest.containers)
      .map(ContainerEnvironment.init(container:))
    let effective = environments.map { EffectiveEnvironment($0, keys: snapshot.sourceKeys) }
    let variables = environments.flatMap(\.variables)
    for variable in variables where Self.isSensitive(variable, recipe) {
      names.insert(variable.name)
    }
    for (name, reference) in effective.flatMap(\.fromSource)
    where reference.kind == .secretKeyRef {
      names.insert(name)
    }
    var texts = Set(
      variables.filter { names.contains($0.name) }.compactMap(\.source.text)
        + names.flatMap { name in effective.compactMap { $0[name].text } })
    texts.formUnion(snapshot.supplied.sensitiveTexts(recipe: recipe))
    texts.formUnion((snapshot.live.all + snapshot.manifest.all).flatMap(Self.secretData))
    for (path, value) in choices.set where Self.isSensitive(path: path, recipe) {
      texts.formUnion(value.leaves.compactMap(\.value.string))
    }
    texts.remove(Self.redacted)
    secrets = Self.ordered(texts)
    let finder = SecretFinder(secrets)
    for (environment, effective) in zip(environments, effective) {
      for variable in environment.variables where !names.contains(variable.name) {
        guard let text = variable.source.text else { continue }
        let expanded = effective[variable.name].text ?? text
        if finder.finds(in: text) || finder.finds(in: expanded)
          || Expansion.pieces(of: text).contains(where: mentionsSecret)
        {
          names.insert(variable.name)
          texts.formUnion([text, expanded])
        }
      }
    }
    secrets = Self.ordered(texts)
  }

  /// Whether a variable's value must not be shown.
  package func isSensitive(_ name: String) -> Bool { names.contains(name) }

  /// An observation fit to be shown: a literal of a sensitive variable is redacted, a reference
  /// stays, for it names no secret.
  package func shown(_ observed: Observed, of name: String) -> Observed {
    guard isSensitive(name) else { return observed }
    switch observed {
    case .value: return .value(.string(Self.redacted))
    case .composed(let segments):
      return .composed(
        segments.map { segment in
          if case .text = segment { .text(Self.redacted) } else { segment }
        })
    case .absent, .reference, .unknown: return observed
    }
  }

  /// A text in which no secret stands any more, such as helm's error output.
  package func redacting(_ text: String) -> String {
    Self.redacting(text, secrets)
  }

  /// Replaces every secret, also as JSON and YAML write it.
  package static func redacting(_ text: String, _ secrets: [String]) -> String {
    var text = text
    for secret in secrets where secret.count >= 4 {
      for spelling in Set([secret, JSON.string(secret).quotedContent]) {
        text = text.split(separator: spelling, omittingEmptySubsequences: false)
          .joined(separator: redacted)
      }
    }
    return text
  }

  /// Whether a variable's name or value looks like a secret, whatever the recipe says.
  package static func looksSensitive(name: String) -> Bool {
    let upper = name.uppercased()
    if ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "APIKEY", "PRIVATE"]
      .contains(where: upper.contains)
    {
      return true
    }
    let words = upper.split { !$0.isLetter && !$0.isNumber }
    return words.contains { ["KEY", "PASS", "PWD", "DSN", "AUTH", "COOKIE", "SALT"].contains($0) }
  }

  /// Whether a text is a URL with a password, a PEM block or a signed token.
  package static func looksSensitive(value: String) -> Bool {
    if value.contains("-----BEGIN") { return true }
    if value.hasPrefix("eyJ"), value.filter({ $0 == "." }).count == 2 { return true }
    let parts = value.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2,
      let authority = parts[1].split(separator: "/", omittingEmptySubsequences: false).first,
      let at = authority.lastIndex(of: "@")
    else { return false }
    return authority[..<at].contains(":")
  }

  /// What a Secret of the release holds, as it is written.
  private static func secretData(of object: JSON) -> [String] {
    guard object["kind"]?.string == "Secret" else { return [] }
    return ["data", "stringData"].flatMap { object[$0]?.members.values.compactMap(\.string) ?? [] }
  }

  private func mentionsSecret(_ piece: Expansion.Piece) -> Bool {
    guard case .variable(let name) = piece else { return false }
    return names.contains(name)
  }

  private static func ordered(_ texts: Set<String>) -> [String] {
    texts.filter { !$0.isEmpty }.sorted { ($0.count, $0) > ($1.count, $1) }
  }

  private static func isSensitive(_ variable: EnvironmentVariable, _ recipe: Recipe) -> Bool {
    if recipe.variable(variable.name)?.isSensitive == true { return true }
    if looksSensitive(name: variable.name) { return true }
    switch variable.source {
    case .literal(let text):
      return text == .string(redacted) || looksSensitive(value: text.string ?? "")
    case .reference(let reference): return reference.kind == .secretKeyRef
    case .malformed: return false
    }
  }

  /// Whether a value path is the home of a secret, by the recipe or by its last key.
  package static func isSensitive(path: ValuePath, _ recipe: Recipe) -> Bool {
    if let variable = recipe.variables.first(where: { $0.home == path }), variable.isSensitive {
      return true
    }
    let key = path.keys.last ?? ""
    return !key.hasSuffix("From") && looksSensitive(name: key)
  }
}

/// Finds secrets of six bytes and more in texts, in a time that grows with the texts alone.
private struct SecretFinder {
  private static let window = 6
  private var byStart: [UInt64: [[UInt8]]] = [:]

  init(_ secrets: [String]) {
    for secret in secrets where secret.utf8.count >= Self.window {
      let bytes = Array(secret.utf8)
      byStart[Self.start(bytes[...]), default: []].append(bytes)
    }
  }

  func finds(in text: String) -> Bool {
    guard !byStart.isEmpty else { return false }
    let bytes = Array(text.utf8)
    guard bytes.count >= Self.window else { return false }
    return (0...(bytes.count - Self.window)).contains { index in
      byStart[Self.start(bytes[index...])]?.contains { bytes[index...].starts(with: $0) } ?? false
    }
  }

  private static func start(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.prefix(window).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension JSON {
  /// The text of a string as JSON writes it, without the quotes.
  fileprivate var quotedContent: String { String(canonical.dropFirst().dropLast()) }

  /// The secrets among values: what stands under a key that looks like one, and the values of
  /// `name`/`value` pairs whose name does.
  fileprivate func sensitiveTexts(recipe: Recipe) -> [String] {
    func isSensitive(_ name: String) -> Bool {
      recipe.variable(name)?.isSensitive == true || Sensitivity.looksSensitive(name: name)
    }
    switch self {
    case .object(let members):
      return members.flatMap { key, value -> [String] in
        if let text = value.string {
          let named = members["name"]?.string.map(isSensitive) ?? false
          return isSensitive(key) || key == "value" && named
            || Sensitivity.looksSensitive(value: text) ? [text] : []
        }
        return value.sensitiveTexts(recipe: recipe)
      }
    case .array(let elements): return elements.flatMap { $0.sensitiveTexts(recipe: recipe) }
    default: return []
    }
  }
}
