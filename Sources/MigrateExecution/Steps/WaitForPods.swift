import MigratePlanning

/// Waits until every Pod of Deployments is new and available.
struct WaitForPods: RunStep {
  let name = RunDocument.StepName.wait
  let deployments: [LiveDeployment]
  let timeout: Duration
  let recorder: RunRecorder

  /// The wait for the Pods of Deployments, or its being skipped where the operator does not want
  /// it.
  static func step(
    _ deployments: [LiveDeployment], _ options: RunOptions, _ recorder: RunRecorder
  ) -> any RunStep {
    options.waits
      ? WaitForPods(deployments: deployments, timeout: options.timeout, recorder: recorder)
      : SkippedStep(name: .wait, reason: "--no-wait", records: .performance)
  }

  func perform() async throws -> String? {
    var words: [String] = []
    for deployment in deployments {
      words.append(
        try await deployment.wait(atMost: timeout) { await recorder.progress($0) })
    }
    return words.isEmpty
      ? "not waited for: no Pod was available before, or Kubernetes had given up on it"
      : words.joined(separator: "; ")
  }
}
