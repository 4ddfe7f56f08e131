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
  case dataLeftBehind = "data-left-behind"
  case claimDeletedByRollback = "claim-deleted-by-rollback"
  case singleWriterRollout = "single-writer-rollout"
  case storageClassMissing = "storage-class-missing"
  // network
  case serviceRemoved = "service-removed"
  case servicePortMoved = "service-port-moved"
  case serviceTypeChanged = "service-type-changed"
  case serviceTargetUnreachable = "service-target-unreachable"
  case serviceSelectorChanged = "service-selector-changed"
  case ingressBackendMissing = "ingress-backend-missing"
  case ingressOrphaned = "ingress-orphaned"
  case loadBalancerSettingsLost = "load-balancer-settings-lost"
  // security
  case runsAsNonRoot = "runs-as-non-root"
  case volumeNotWritable = "volume-not-writable"
  case privilegedPort = "privileged-port"
  case capabilitiesDropped = "capabilities-dropped"
  case podSecurityLevel = "pod-security-level"
  case permissionsAdded = "permissions-added"
  // health
  case probeIntroduced = "probe-introduced"
  case probeWithoutEndpoint = "probe-without-endpoint"
  // scheduling
  case replicasChanged = "replicas-changed"
  case schedulingLost = "scheduling-lost"
  case resourcesLost = "resources-lost"
  case imagePullSecretsLost = "image-pull-secrets-lost"
  case containerLost = "container-lost"
  case podSettingsLost = "pod-settings-lost"
  case strategyChanged = "strategy-changed"
  case brokersOverlap = "brokers-overlap"
  // ownership
  case workloadRenamed = "workload-renamed"
  case selectorImmutable = "selector-immutable"
  case releasePending = "release-pending"
  case releaseFailed = "release-failed"
  case rolloutUnfinished = "rollout-unfinished"
  case recipeNotApplicable = "recipe-not-applicable"
  case drift
  case fieldConflict = "field-conflict"
  case fieldChanged = "field-changed"
  case objectRemoved = "object-removed"
  case objectUnowned = "object-unowned"
  case serverRejects = "server-rejects"
  case valueDrawn = "value-drawn"
  case chartAsksCluster = "chart-asks-cluster"
  case kindNotServed = "kind-not-served"
  case workloadElsewhere = "workload-elsewhere"
  case managedByGitOps = "managed-by-gitops"
  case chartIsDependency = "chart-is-dependency"
  case historyPruned = "history-pruned"
  case releaseTooLarge = "release-too-large"
  case sourceValuesStale = "source-values-stale"
}

extension FindingCode: CustomStringConvertible {
  package var description: String { rawValue }
}
