/// The name of a kind of finding: kebab-case words that explain themselves.
package enum FindingCode: String, CaseIterable, Sendable, Codable {
  // environment
  case variableUnmapped = "variable-unmapped"
  case variableInvalid = "variable-invalid"
  case flagNotTrue = "flag-not-true"
  case defaultChanged = "default-changed"
  case variableRenamed = "variable-renamed"
  case variableReadFromSecret = "variable-read-from-secret"
  case secretInPlainText = "secret-in-plain-text"
  case variableDuplicated = "variable-duplicated"
  case expansionOrder = "expansion-order"
  case environmentFromSource = "environment-from-source"
  case valueNotExact = "value-not-exact"
  case valueIgnored = "value-ignored"
  case valueRefused = "value-refused"
  case valueUnsupported = "value-unsupported"
  // image
  case imageChanged = "image-changed"
  case imageTagMutable = "image-tag-mutable"
  // identity
  case serviceAccountRenamed = "service-account-renamed"
  case serviceAccountUnowned = "service-account-unowned"
  case serviceAccountMissing = "service-account-missing"
  case serviceAccountAnnotationsLost = "service-account-annotations-lost"
  case roleBindingLeftBehind = "role-binding-left-behind"
  // storage
  case persistenceDisabled = "persistence-disabled"
  case volumeLost = "volume-lost"
  // scheduling
  case strategyChanged = "strategy-changed"
  // ownership
  case workloadRenamed = "workload-renamed"
  case selectorImmutable = "selector-immutable"
  case releasePending = "release-pending"
  case releaseFailed = "release-failed"
  case recipeNotApplicable = "recipe-not-applicable"
  case drift
  case fieldConflict = "field-conflict"
  case objectUnowned = "object-unowned"
  case serverRejects = "server-rejects"
  case managedByGitOps = "managed-by-gitops"
  case chartIsDependency = "chart-is-dependency"
  case historyPruned = "history-pruned"
  case releaseTooLarge = "release-too-large"
  case sourceValuesStale = "source-values-stale"
}

extension FindingCode: CustomStringConvertible {
  package var description: String { rawValue }
}
