import MigrateAdapters
package import MigratePlanning

/// Takes a release back to exactly what a backup holds, from wherever it stands.
///
/// Each step looks at what is there and does what is missing, so that a rollback can be begun anew
/// after anything: a failed apply, a crash, another rollback that did not come to its end. The old
/// Deployment is paused with its own Pod template around helm's rollback, which would strip it.
package struct Rollback: Sendable {
  let input: RollbackInput
  private let found = FoundDeployments()

  private var context: RunContext { input.context }
  private var recorder: RunRecorder { input.recorder }

  package init(
    _ backup: Backup, sensitivity: Sensitivity, options: RunOptions, context: RunContext,
    recorder: RunRecorder
  ) {
    input = RollbackInput(
      backup: backup, sensitivity: sensitivity, options: options, context: context,
      recorder: recorder)
  }

  /// The steps of a run of its own.
  var steps: [any RunStep] {
    let input = input
    return [
      TakeLock(
        release: input.release.name, context: context, recorder: recorder, options: input.options,
        backup: input.backup.run, permissions: { try await input.permissions() }),
      CompareWithBackup(rollback: input),
    ] + stepsBack
  }

  /// The steps that bring everything back and wait for the broker; also those of an apply that
  /// failed.
  var stepsBack: [any RunStep] {
    let pausedBefore = input.deployments.filter(\.isPaused).map { input.reference($0.object) }
    let served = input.deployments.filter { !$0.isPaused && Rollout.served($0.object) }
    return [
      HoldOld(rollback: input, found: found), HelmRollback(rollback: input),
      RestoreObjects(rollback: input),
      Resume(
        deployments: input.deployments.map(input.live), staysPaused: Set(pausedBefore),
        cleansHandTools: false),
      WaitForPods.step(served.map(input.live), input.options, recorder),
      VerifyBackup(rollback: input),
    ]
  }

  /// Goes back.
  ///
  /// - Returns: the run, ended.
  package func perform() async -> RunDocument {
    await recorder.start()
    do {
      try await Run(steps: steps, recorder: recorder).perform()
    } catch {
      guard await recorder.hasChanged else { return await end(.nothingChanged(error)) }
      if error.kind == .interrupted {
        let broker = await context.brokerStatus(of: input.brokers)
        return await end(.rollbackStopped(error, broker: broker.words(until: "go on")))
      }
      return await end(.rollbackFailed(error, broker: await wordsOfStandstill(after: error)))
    }
    let isAsBefore = await recorder.run.differences.isEmpty
    return await end(isAsBefore ? .wentBack : .wentBackOtherwise)
  }

  /// How the broker stands after a way back that cannot go on, where that is to be said: what was
  /// held still is let go, unless the release is somebody else's by now.
  func wordsOfStandstill(after failure: RunFailure) async -> String? {
    let letGo = failure.kind == .overtaken ? [] : await letGo()
    let broker = await context.brokerStatus(of: input.brokers)
    if broker.isAtStandstill { return broker.words(until: "go on") }
    return letGo.isEmpty ? nil : "\(letGo.joined(separator: ", ")) is not held still any more"
  }

  /// Lets go of what is held still.
  ///
  /// - Returns: the Deployments; not those that the API server did not let go.
  private func letGo() async -> [String] {
    var words: [String] = []
    for deployment in input.deployments where !deployment.isPaused {
      let live = input.live(deployment)
      guard let wanted = await found.whenLetGo(live.reference, before: deployment) else { continue }
      do {
        guard let now = try await live.live(), now.isPaused else { continue }
        _ = try await live.pause(now, as: wanted)
        try await live.resume(cleansHandTools: false)
        words.append("\(live.reference)")
      } catch {
        // It stays held still, and is said to be.
      }
    }
    return words
  }

  /// Tells what a rollback would do, and changes nothing.
  package func preview() async -> RunDocument {
    do {
      try await Run(steps: steps, recorder: recorder).preview()
    } catch {
      return await end(.previewFailed(error))
    }
    return await end(.previewed)
  }

  private func end(_ outcome: RunOutcome) async -> RunDocument {
    let subject = RunSubject(
      release: input.release.name, backup: input.backup.run, place: context.place)
    return await recorder.end(RunEnding(outcome, of: subject))
  }
}
