extension Snapshot {
  /// The release without its secrets: the values of sensitive variables, of Secrets and of sensitive
  /// settings, and every text that holds one of them.
  ///
  /// `kubectl.kubernetes.io/last-applied-configuration` repeats whole objects as text and is left
  /// out.
  package func redacted(_ sensitivity: Sensitivity, _ recipe: Recipe) -> Snapshot {
    /// Keeps a text that only names secret variables, `Bearer $(TOKEN)`: it decides what is seen.
    func withoutSecret(_ text: String) -> String {
      let rest = sensitivity.redacting(text)
      let isReference = Expansion.pieces(of: text).contains { piece in
        if case .variable(let name) = piece { sensitivity.isSensitive(name) } else { false }
      }
      return isReference && !sensitivity.secrets.contains(text) ? rest : Sensitivity.redacted
    }
    func redact(_ json: JSON) -> JSON {
      switch json {
      case .null, .bool, .number: return json
      case .string(let text): return .string(sensitivity.redacting(text))
      case .array(let elements): return .array(elements.map(redact))
      case .object(let members):
        let isSecret = members["kind"] == "Secret"
        var redacted: [String: JSON] = [:]
        for (key, value) in members
        where key != "kubectl.kubernetes.io/last-applied-configuration" {
          let isValue =
            key == "value" && members["name"]?.string.map(sensitivity.isSensitive) == true
          if isSecret, key == "data" || key == "stringData" {
            redacted[key] = .object(
              value.members.mapValues { _ in .string(Sensitivity.redacted) })
          } else if isValue {
            redacted[key] = .string(withoutSecret(value.string ?? ""))
          } else if value.string != nil, Self.isSensitive(key: key, sensitivity, recipe) {
            redacted[key] = .string(Sensitivity.redacted)
          } else {
            redacted[key] = redact(value)
          }
        }
        return .object(redacted)
      }
    }
    var copy = self
    copy.supplied = redact(supplied)
    copy.manifest = Objects(manifest.all.map(redact))
    copy.live = Objects(live.all.map(redact))
    copy.related = Objects(related.all.map(redact))
    return copy
  }

  /// Whether a key names a secret's value, as in values and maps of variables.
  private static func isSensitive(
    key: String, _ sensitivity: Sensitivity, _ recipe: Recipe
  ) -> Bool {
    let exempt = ["secretName", "existingSecret", "imagePullSecrets", "secretKeyRef", "key"]
    guard !exempt.contains(key) else { return false }
    return sensitivity.isSensitive(key) || recipe.variable(key)?.isSensitive == true
      || key != "name" && Sensitivity.looksSensitive(name: key)
  }
}
