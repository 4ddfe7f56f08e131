/// Which variables hold secrets, and which texts must not be shown.
///
/// A variable is sensitive when the recipe says so, when its name or its value looks so, when it
/// comes from a Secret, or when it contains the value of one that is.
package struct Sensitivity: Sendable {
  /// What stands in place of a secret.
  package static let redacted = "<redacted>"

  /// What stands in the manifest in place of a secret where another one is live.
  package static let redactedOtherwise = "<redacted: another than live>"
  private static let marks: Set<String> = [redacted, redactedOtherwise]

  package private(set) var names: Set<String> = []
  /// The texts that must not be shown, the longest first.
  package var secrets: [String] { hidden.all }
  private var hidden = SecretTexts()

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
    texts.formUnion((snapshot.live.all + snapshot.manifest.all).flatMap(Self.secretsBeside))
    for (path, value) in choices.set {
      var chosen: JSON = [:]
      chosen.set(value, at: path)
      texts.formUnion(chosen.sensitiveTexts(recipe: recipe))
    }
    texts.subtract(Self.marks)
    hidden = SecretTexts(texts)
    for (environment, effective) in zip(environments, effective) {
      for variable in environment.variables where !names.contains(variable.name) {
        guard let text = variable.source.text else { continue }
        let expanded = effective[variable.name].text
        let isMentioned = Expansion.pieces(of: text).contains(where: mentionsSecret)
        let holding = [text, expanded].compactMap { $0 }.filter(hidden.stand)
        guard isMentioned || !holding.isEmpty else { continue }
        names.insert(variable.name)
        // A text that only names a secret variable is none itself; what it expands to is.
        texts.formUnion(holding + (isMentioned ? [expanded].compactMap { $0 } : []))
      }
    }
    hidden = SecretTexts(texts)
  }

  /// Whether a variable's value must not be shown.
  package func isSensitive(_ name: String) -> Bool { names.contains(name) }

  /// An observation fit to be shown: a literal of a sensitive variable is redacted, a reference
  /// stays, for it names no secret.
  package func shown(_ observed: Observed, of name: String) -> Observed {
    guard isSensitive(name) || holdsSecret(observed) else { return observed }
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

  /// Whether a secret came into a value that is none by itself, such as by `$(VAR)` in a new order.
  private func holdsSecret(_ observed: Observed) -> Bool {
    let texts: [String] =
      switch observed {
      case .value(let value): [value.string].compactMap { $0 }
      case .composed(let segments):
        segments.compactMap { if case .text(let text) = $0 { text.string } else { nil } }
      case .absent, .reference, .unknown: []
      }
    return texts.contains(where: hidden.stand)
  }

  /// A text of our own in which no distinctive secret stands any more.
  package func shown(_ text: String) -> String { hidden.shown(text) }

  /// A tree in which no distinctive secret stands any more.
  package func redacting(_ json: JSON) -> JSON {
    switch json {
    case .null, .bool, .number: json
    case .string(let text): .string(shown(text))
    case .array(let elements): .array(elements.map(redacting))
    case .object(let members): .object(members.mapValues(redacting))
    }
  }

  /// A text of others in which no secret of four bytes and more stands any more.
  package func redacting(_ text: String) -> String { hidden.redacting(text) }

  /// Replaces every secret of four bytes and more, also as JSON and YAML write it. A shorter one
  /// stands in any text by chance, and taking it out there would tell more than it hides.
  package static func redacting(_ text: String, _ secrets: [String]) -> String {
    // Byte by byte: beside an accent, Swift sees another character than whoever reads the text.
    var bytes = Array(text.utf8)
    for secret in secrets where (4...max(4, bytes.count)).contains(secret.utf8.count) {
      for spelling in spellings(of: secret) {
        bytes = bytes.replacing(Array(spelling.utf8), with: Array(redacted.utf8))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A text as it is, as JSON writes it, as a message that quotes JSON does, and both as Go writes
  /// them, which escapes `<`, `>` and `&` as well; the longest first.
  static func spellings(of secret: String) -> [String] {
    let once = JSON.string(secret).quotedContent
    let goes = [
      once,
      once.replacing("&", with: "\\u0026").replacing("<", with: "\\u003c")
        .replacing(">", with: "\\u003e"),
    ]
    let twice = goes.map { JSON.string($0).quotedContent }
    return Set([secret] + goes + twice).sorted { ($1.utf8.count, $1) < ($0.utf8.count, $0) }
  }

  /// Whether a variable's name or value looks like a secret, whatever the recipe says.
  package static func looksSensitive(name: String) -> Bool {
    let upper = name.uppercased()
    if ["TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "APIKEY", "PRIVATE"]
      .contains(where: upper.contains)
    {
      return true
    }
    return words(of: name).contains {
      ["KEY", "PASS", "PWD", "DSN", "AUTH", "COOKIE", "SALT"].contains($0)
    }
  }

  /// The words of a name, also of one written as `accessKey`, in capitals.
  private static func words(of name: String) -> [String] {
    var words = [""]
    var wasLower = false
    for character in name {
      let isPart = character.isLetter || character.isNumber
      if !isPart || wasLower && character.isUppercase { words.append("") }
      if isPart { words[words.count - 1] += character.uppercased() }
      wasLower = character.isLowercase
    }
    return words
  }

  /// Whether a text is a URL with a password, a PEM block or a signed token.
  package static func looksSensitive(value: String) -> Bool {
    if value.contains("-----BEGIN") { return true }
    if value.hasPrefix("eyJ"), value.filter({ $0 == "." }).count == 2 { return true }
    let parts = value.split(separator: "://", omittingEmptySubsequences: false)
    return parts.dropFirst().contains { part in
      guard let authority = part.split(separator: "/", omittingEmptySubsequences: false).first,
        let at = authority.lastIndex(of: "@")
      else { return false }
      return authority[..<at].contains(":")
    }
  }

  /// What a Secret of the release holds, as it is written.
  private static func secretData(of object: JSON) -> [String] {
    guard object["kind"]?.string == "Secret" else { return [] }
    return ["data", "stringData"].flatMap { object[$0]?.members.values.compactMap(\.string) ?? [] }
  }

  /// Secrets of an object that stand beside its variables: in annotations whose names look so, and
  /// in command lines, where an option's name or the word itself does.
  private static func secretsBeside(of object: JSON) -> [String] {
    let template = object["spec"]?["template"]
    let annotations = [object["metadata"], template?["metadata"]].compactMap { $0?["annotations"] }
    let noted = annotations.flatMap { $0.members }.compactMap { name, value -> String? in
      guard let text = value.string, name != "kubectl.kubernetes.io/last-applied-configuration"
      else { return nil }
      return looksSensitive(name: name) || looksSensitive(value: text) ? text : nil
    }
    let containers = ["containers", "initContainers"].flatMap {
      template?["spec"]?[$0]?.elements ?? []
    }
    return noted
      + containers.flatMap { container in
        secretWords((container["command"]?.elements ?? []) + (container["args"]?.elements ?? []))
      }
  }

  /// The secrets among the words of a command line, such as in `--password=…` and `--token …`.
  private static func secretWords(_ words: [JSON]) -> [String] {
    let words = words.compactMap(\.string)
    return words.indices.compactMap { index in
      let parts = words[index].split(separator: "=", maxSplits: 1).map(String.init)
      if parts.count == 2 {
        return looksSensitive(name: parts[0]) || looksSensitive(value: parts[1]) ? parts[1] : nil
      }
      if looksSensitive(value: words[index]) { return words[index] }
      guard index > 0, words[index - 1].hasPrefix("-"), !words[index].hasPrefix("-"),
        !words[index - 1].contains("="), looksSensitive(name: words[index - 1])
      else { return nil }
      return words[index]
    }
  }

  private func mentionsSecret(_ piece: Expansion.Piece) -> Bool {
    guard case .variable(let name) = piece else { return false }
    return names.contains(name)
  }

  private static func isSensitive(_ variable: EnvironmentVariable, _ recipe: Recipe) -> Bool {
    if recipe.variable(variable.name)?.isSensitive == true { return true }
    if looksSensitive(name: variable.name) { return true }
    switch variable.source {
    case .literal(let text):
      return marks.contains(text.string ?? "") || looksSensitive(value: text.string ?? "")
    case .reference(let reference): return reference.kind == .secretKeyRef
    case .malformed, .other: return false
    }
  }

  /// Whether a value path is the home of a secret, by the recipe or by its last key.
  package static func isSensitive(path: ValuePath, _ recipe: Recipe) -> Bool {
    if let variable = recipe.variables.first(where: { $0.home == path }), variable.isSensitive {
      return true
    }
    guard namesOfReferences.isDisjoint(with: path.keys) else { return false }
    let key = path.keys.last ?? ""
    return !key.hasSuffix("From") && looksSensitive(name: key)
  }

  /// Whether a value that the operator sets is, or holds, a secret.
  package static func isSensitive(_ value: JSON, at path: ValuePath, _ recipe: Recipe) -> Bool {
    var chosen: JSON = [:]
    chosen.set(value, at: path)
    return isSensitive(path: path, recipe) || !chosen.sensitiveTexts(recipe: recipe).isEmpty
  }

  /// Keys below and at which stands the name of a Secret or of its key, and no secret.
  fileprivate static let namesOfReferences: Set<String> = [
    "secretKeyRef", "configMapKeyRef", "secretRef", "secretName", "existingSecret",
  ]
}

extension JSON {
  /// The text of a string as JSON writes it, without the quotes.
  fileprivate var quotedContent: String { String(canonical.dropFirst().dropLast()) }

  /// The secrets among values: what stands under a key that looks like one, and the values of
  /// `name`/`value` pairs whose name does.
  fileprivate func sensitiveTexts(recipe: Recipe) -> [String] {
    let homes = recipe.variables.filter(\.isSensitive).map(\.home)
    return homes.compactMap { value(at: $0)?.string } + textsUnderSensitiveKeys(recipe: recipe)
  }

  private func textsUnderSensitiveKeys(recipe: Recipe) -> [String] {
    func isSensitive(_ name: String) -> Bool {
      recipe.variable(name)?.isSensitive == true || Sensitivity.looksSensitive(name: name)
    }
    switch self {
    case .object(let members):
      return members.flatMap { key, value -> [String] in
        guard !Sensitivity.namesOfReferences.contains(key) else { return [] }
        if let text = value.string {
          let named = members["name"]?.string.map(isSensitive) ?? false
          return isSensitive(key) || key == "value" && named
            || Sensitivity.looksSensitive(value: text) ? [text] : []
        }
        return value.textsUnderSensitiveKeys(recipe: recipe)
      }
    case .array(let elements):
      return elements.flatMap { $0.textsUnderSensitiveKeys(recipe: recipe) }
    default: return []
    }
  }
}
