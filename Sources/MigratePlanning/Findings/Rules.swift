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
    PersistenceDisabled.self, VolumeLost.self, DataLeftBehind.self, ClaimDeletedByRollback.self,
    SingleWriterRollout.self, StorageClassMissing.self,
    // network
    ServiceRemoved.self, ServicePortMoved.self, ServiceTypeChanged.self,
    ServiceTargetUnreachable.self, ServiceSelectorChanged.self, IngressBackendMissing.self,
    IngressOrphaned.self,
    LoadBalancerSettingsLost.self,
    // security
    RunsAsNonRoot.self, VolumeNotWritable.self, PrivilegedPort.self, CapabilitiesDropped.self,
    PodSecurityLevel.self, PermissionsAdded.self,
    // health
    ProbeIntroduced.self, ProbeWithoutEndpoint.self,
    // scheduling
    ReplicasChanged.self, SchedulingLost.self, ResourcesLost.self, ImagePullSecretsLost.self,
    ContainerLost.self, PodSettingsLost.self, StrategyChanged.self, BrokersOverlap.self,
    // ownership
    WorkloadRenamed.self, SelectorImmutable.self, ReleasePending.self, ReleaseFailed.self,
    RolloutUnfinished.self,
    RecipeNotApplicable.self, Drift.self, FieldConflict.self, FieldChanged.self,
    ChangedByAdmission.self, ObjectRemoved.self, ObjectUnowned.self,
    ServerRejects.self, NoWayBack.self, KindNotServed.self, WorkloadElsewhere.self, ValueDrawn.self,
    ChartAsksCluster.self, ManagedByGitOps.self, ChartIsDependency.self, HistoryPruned.self,
    ReleaseTooLarge.self, SourceValuesStale.self,
  ]
}
