import MigrateAdapters
import MigratePlanning

/// What an apply goes by, shared by its steps.
struct ApplyInput: Sendable {
  let plan: Plan
  let reference: RunDocument.PlanReference
  /// The plan's options, as typed.
  let planOptions: [String]
  /// Where the chart lies that was planned with.
  let chart: String
  let options: RunOptions
  let context: RunContext
  let recorder: RunRecorder
  /// The backup that an earlier try made, when this one goes on with it.
  let earlier: Backup?

  var comparison: Comparison { plan.comparison }
  var snapshot: Snapshot { comparison.situation.snapshot }
  var release: ReleaseIdentity { snapshot.release }
  var isServerSide: Bool { release.applyMethod == .serverSide }
  var isResumed: Bool { earlier != nil }
  var replacesWorkload: Bool { comparison.replacesWorkload }

  /// The Deployment as the plan saw it, and as it is to be.
  var planned: Deployment { Deployment(comparison.situation.live.deployment) }
  var target: Deployment { Deployment(comparison.target.deployment) }
  /// What they are called.
  var oldReference: ObjectReference { comparison.situation.subject }
  var newReference: ObjectReference {
    target.object.objectReference(defaultNamespace: release.namespace)
  }
  var oldDeployment: LiveDeployment { LiveDeployment(oldReference, in: context) }
  var newDeployment: LiveDeployment { LiveDeployment(newReference, in: context) }

  /// Enough that neither this upgrade nor the way back prunes the revision to go back to.
  var keptRevisions: Int { max(10, snapshot.revisions.count + 3) }

  /// What helm would leave on a Service that is to go; nil for other objects, and where there is
  /// nothing.
  func leftovers(of live: JSON, _ rendered: JSON) -> JSON? {
    guard live["kind"] == "Service" else { return nil }
    let manifest = snapshot.manifest.counterpart(of: live, in: release.namespace) ?? [:]
    return ServiceLeftovers.patch(of: live, from: manifest, to: rendered)
  }
}
