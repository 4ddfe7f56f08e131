extension Situation {
  /// The sensitive variables that hold a literal before, and what they hold: to be digested, never
  /// to be shown or kept. What Kubernetes looks up elsewhere is not known, and what was redacted is
  /// none.
  package var secretLiterals: [String: String] {
    before.variables.compactMapValues(\.text).filter { name, text in
      sensitivity.isSensitive(name) && !text.contains(Sensitivity.redacted)
    }
  }
}
