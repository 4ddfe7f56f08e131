import MigratePlanning

/// The Deployments that a rollback holds still, as it found them: so that it can let them go when
/// it cannot go on.
actor FoundDeployments {
  private var found: [ObjectReference: Deployment] = [:]
  private var held: Set<ObjectReference> = []

  /// Notes a Deployment before it is changed for the first time.
  func note(_ deployment: Deployment, of reference: ObjectReference) {
    if found[reference] == nil { found[reference] = deployment }
  }

  /// Notes that a Deployment is held still with its old Pod template.
  func noteHeld(_ reference: ObjectReference) { held.insert(reference) }

  /// What a Deployment that is held still is to be when it is let go: as it was found, where all
  /// its Pods are of that template, so that none is replaced; else as it was before everything. Nil
  /// for one that was not changed.
  func whenLetGo(_ reference: ObjectReference, before: Deployment) -> Deployment? {
    guard held.contains(reference) else { return nil }
    return found[reference].flatMap { !$0.isPaused && Rollout.isComplete($0.object) ? $0 : nil }
      ?? before
  }
}
