import MigratePlanning

/// Lets Deployments roll out.
struct Resume: RunStep {
  let name = RunDocument.StepName.resume
  let deployments: [LiveDeployment]
  /// Those that were paused before the run, and stay so.
  var staysPaused: Set<ObjectReference> = []
  /// Whether hand tools lose the fields of the Pod template, because helm has them now.
  let cleansHandTools: Bool

  func perform() async throws -> String? {
    for deployment in deployments {
      try await deployment.resume(
        staysPaused: staysPaused.contains(deployment.reference), cleansHandTools: cleansHandTools)
    }
    return deployments.map { "\($0.reference) rolls out" }.joined(separator: ", ")
  }
}
