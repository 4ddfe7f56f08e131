extension Situation {
  /// The sensitive variables that hold a literal before, and what they hold: to be digested, never
  /// to be shown or kept. What Kubernetes looks up elsewhere is not known, and what was redacted is
  /// none.
  package var secretLiterals: [String: String] {
    Dictionary(
      uniqueKeysWithValues: before.order.compactMap { name in
        guard let text = before[name].text, sensitivity.isSensitive(name),
          !text.contains(Sensitivity.redacted)
        else { return nil }
        return (name, text)
      })
  }
}
