/// Every rule, in the order of the catalogue.
package enum Rules {
  package static let all: [any FindingRule.Type] = [
    // environment
    VariableUnmapped.self, VariableInvalid.self, FlagNotTrue.self, DefaultChanged.self,
    VariableRenamed.self, VariableReadFromSecret.self, SecretInPlainText.self,
    VariableDuplicated.self, ExpansionOrder.self, EnvironmentFromSource.self, ValueNotExact.self,
    ValueIgnored.self, ValueRefused.self, ValueUnsupported.self,
    // image
    ImageChanged.self, ImageTagMutable.self,
    // identity
    ServiceAccountRenamed.self, ServiceAccountUnowned.self, ServiceAccountMissing.self,
    ServiceAccountAnnotationsLost.self, RoleBindingLeftBehind.self,
    // storage
    PersistenceDisabled.self, VolumeLost.self,
    // scheduling
    StrategyChanged.self,
    // ownership
    WorkloadRenamed.self, SelectorImmutable.self, ReleasePending.self, ReleaseFailed.self,
    RecipeNotApplicable.self, Drift.self, FieldConflict.self, ObjectUnowned.self,
    ServerRejects.self, ManagedByGitOps.self, ChartIsDependency.self, HistoryPruned.self,
    ReleaseTooLarge.self, SourceValuesStale.self,
  ]
}
