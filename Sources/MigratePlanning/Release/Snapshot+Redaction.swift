extension Snapshot {
  /// The release without its secrets: the values of sensitive variables, of Secrets and of
  /// sensitive settings, and every text that holds one of them.
  ///
  /// `kubectl.kubernetes.io/last-applied-configuration` repeats whole objects as text and is left
  /// out.
  package func redacted(_ sensitivity: Sensitivity, _ recipe: Recipe) -> Snapshot {
    /// Keeps a text that only names secret variables, `Bearer $(TOKEN)`: it decides what is seen.
    func withoutSecret(_ text: String) -> String {
      let isReference = Expansion.pieces(of: text).contains { piece in
        if case .variable(let name) = piece { sensitivity.isSensitive(name) } else { false }
      }
      // For thousands of secrets, the rest is looked for only where it is shown.
      return isReference && !sensitivity.secrets.contains(text)
        ? sensitivity.redacting(text) : Sensitivity.redacted
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
          if value == "" || value == .null {
            // That nothing is there is no secret, and decides what is seen.
            redacted[key] = value
          } else if isSecret, key == "data" || key == "stringData" {
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
    copy.live = Objects(live.all.map(redact))
    copy.manifest = Objects(
      manifest.all.map { object in
        redact(object).markingHidden(
          differencesOf: object,
          from: live.counterpart(of: object, in: release.namespace) ?? .null,
          shownAs: copy.live.counterpart(of: object, in: release.namespace) ?? .null)
      })
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

extension JSON {
  /// A redacted Deployment in which a variable has another mark than the live one where its text
  /// was another, too: else what was set by hand would look like what helm wrote.
  fileprivate func markingHidden(
    differencesOf original: JSON, from live: JSON, shownAs shown: JSON
  ) -> JSON {
    let path = ["spec", "template", "spec", "containers"]
    func containers(_ object: JSON) -> [JSON] {
      path.reduce(object) { $0[$1] ?? .null }.elements
    }
    func entries(_ object: JSON, _ container: JSON) -> [String: EnvironmentVariable] {
      let same = containers(object).first { $0["name"] == container["name"] } ?? [:]
      return Workload(deployment: object, container: same).entries
    }
    guard !containers(self).isEmpty else { return self }
    let marked = zip(containers(self), containers(original)).map { container, original -> JSON in
      let (lives, showns) = (entries(live, container), entries(shown, container))
      guard let variables = container["env"]?.elements, !variables.isEmpty else { return container }
      let pairs = zip(variables, original["env"]?.elements ?? [])
      return container.replacing(
        ["env"],
        with: .array(
          pairs.map { variable, original in
            guard let name = variable["name"]?.string, let now = lives[name],
              EnvironmentVariable(json: original) != now,
              EnvironmentVariable(json: variable) == showns[name]
            else { return variable }
            return variable.replacing(["value"], with: .string(Sensitivity.redactedOtherwise))
          }))
    }
    return replacing(path[...], with: .array(marked))
  }
}
