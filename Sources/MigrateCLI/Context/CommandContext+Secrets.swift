import MigratePlanning

extension CommandContext {
  /// Hides the secrets of a release, as soon as it was read, in all that helm and kubectl say from
  /// now on.
  ///
  /// - Returns: what must not be shown.
  @discardableResult
  func hideSecrets(
    of snapshot: Snapshot, _ recipe: Recipe, _ choices: Choices = Choices()
  ) -> Sensitivity {
    let sensitivity = Sensitivity(snapshot, recipe, choices)
    redactor.learn(sensitivity.secrets)
    return sensitivity
  }
}
