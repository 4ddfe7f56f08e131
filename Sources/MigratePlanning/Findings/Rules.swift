/// Every rule, in the order of the catalogue.
package enum Rules {
  package static let all: [any FindingRule.Type] = [
    VariableUnmapped.self, VariableInvalid.self, FlagNotTrue.self, DefaultChanged.self,
    VariableRenamed.self, VariableReadFromSecret.self, SecretInPlainText.self,
    VariableDuplicated.self, ExpansionOrder.self, EnvironmentFromSource.self, ValueNotExact.self,
    ValueUnsupported.self, ImageChanged.self, ServiceAccountRenamed.self,
    ServiceAccountUnowned.self, PersistenceDisabled.self, VolumeLost.self, WorkloadRenamed.self,
    SelectorImmutable.self, ReleasePending.self, ReleaseFailed.self, RecipeNotApplicable.self,
    Drift.self,
  ]
}
