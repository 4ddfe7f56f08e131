extension Situation {
  /// Who set a variable of the workload's container.
  ///
  /// A variable that the manifest has just so comes from the values when they name it, else from
  /// the chart; anything else was set on the live object, by the manager that `managedFields`
  /// names last for it.
  package func provenance(of name: String) -> Provenance {
    let entry = live.entries[name]
    if let entry, entry == declared?.entries[name] {
      return suppliedNames.contains(name) ? .values : .manifest
    }
    if entry == nil, let declared, declared.environment.sources == live.environment.sources {
      return .manifest
    }
    return .live(
      manager: live.manager(
        of: entry == nil ? ["f:envFrom"] : ["f:env", "k:{\"name\":\"\(name)\"}"]))
  }

  /// Who brings the broker's Deployment to what git says; nil when nobody does.
  package var gitOpsOwner: GitOpsOwner? { GitOpsOwner(of: live.deployment) }
}
