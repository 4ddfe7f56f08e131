import MigrateAdapters
package import MigratePlanning

/// Takes a plan to an upgraded, verified release.
///
/// Nothing of the release is changed before everything was read, locked, asked of the API server
/// and backed up. Then the Deployment is paused with its new Pod template, helm makes its revision
/// around it, and only the finished whole rolls out: helm's merge never decides what the broker
/// sees.
package struct Apply: Sendable {
  let input: ApplyInput

  private var context: RunContext { input.context }
  private var recorder: RunRecorder { input.recorder }

  /// Takes the plan, its options as typed, where its chart lies, and the backup of an earlier try
  /// when this one goes on with that.
  package init(
    _ plan: Plan, _ reference: RunDocument.PlanReference, planOptions: [String], chart: String,
    options: RunOptions, context: RunContext, recorder: RunRecorder, resuming earlier: Backup? = nil
  ) {
    input = ApplyInput(
      plan: plan, reference: reference, planOptions: planOptions, chart: chart, options: options,
      context: context, recorder: recorder, earlier: earlier)
  }

  /// The steps, chosen once: by whether an earlier try is gone on with, whether the Deployment can
  /// be changed in place, and whether its Pods are waited for.
  var steps: [any RunStep] {
    let (input, paused) = (input, PausedDeployment())
    let lock = TakeLock(
      release: input.release.name, context: context, recorder: recorder, options: input.options,
      backup: input.earlier?.run, permissions: { RunPermissions.apply(input.plan) })
    let before: [any RunStep] =
      input.earlier.map { earlier in
        [
          SkippedStep(
            name: .backup, reason: "the one of \(earlier.run) holds the state from before")
        ]
      } ?? [Validate(apply: input), WriteBackup(apply: input)]
    let change: [any RunStep] =
      input.replacesWorkload
      ? [ReplaceWorkload(apply: input), Upgrade(apply: input, paused: paused)]
      : [
        Hold(apply: input, paused: paused), Upgrade(apply: input, paused: paused),
        RestoreTemplate(apply: input, paused: paused),
      ]
    return [lock] + before + change + [
      Resume(deployments: [input.newDeployment], cleansHandTools: true),
      WaitForPods.step([input.newDeployment], input.options, recorder), Verify(apply: input),
    ]
  }

  /// Carries the plan out.
  ///
  /// - Returns: the run, ended.
  package func perform() async -> RunDocument {
    await recorder.start()
    do {
      try await Run(steps: steps, recorder: recorder).perform()
    } catch {
      return await end(after: error)
    }
    let isAsPlanned = await recorder.run.differences.isEmpty
    return await end(isAsPlanned ? .applied(success) : .appliedOtherwise)
  }

  /// Tells what a run would do, and changes nothing: neither lock nor backup is made.
  package func preview() async -> RunDocument {
    do {
      try await Run(steps: steps, recorder: recorder).preview()
    } catch {
      return await end(.previewFailed(error))
    }
    return await end(input.isResumed ? .resumptionPreviewed : .previewed)
  }

  /// Requires that an earlier run is what happened last to the release, and did not come to its
  /// end: else this one would undo what was done since.
  ///
  /// - Throws: `RunFailure`, `ClusterError`.
  package func requireResumable(_ id: String) async throws {
    let journal = try await LockKeeper.read(input.release.name, with: context.cluster)?.journal
    var decision = ResumeDecision(journal, run: id, backup: input.earlier?.run ?? id)
    if decision == .goOn, !input.replacesWorkload, let live = try await input.oldDeployment.live(),
      !live.isPaused
    {
      let paused = try await input.oldDeployment.pause(live, as: input.target, dryRun: true)
      decision = ResumeDecision(live: live, planned: input.planned, paused: paused)
    }
    switch decision {
    case .goOn: return
    case .overtaken(let journal):
      let reason =
        journal.map {
          "\($0.run) (\($0.kind.rawValue), \($0.state.rawValue)) came after it, or it is over"
        } ?? "the cluster does not know it"
      throw RunFailure(
        .refused,
        "\(id) cannot be gone on with: \(reason); see "
          + "\"\(NextCommand(.status, input.release.name, options: context.place))\"")
    case .changedSince:
      throw RunFailure(
        .refused,
        "\(input.oldReference) was changed by somebody since \(id) stopped; go back with "
          + "\"\(await subject.rollback)\", or finish by hand")
    }
  }
}

extension Apply {
  /// Ends a run of which a step failed: where it had begun to change, by going back, unless the
  /// operator wants to decide, or somebody else has the release now.
  private func end(after failure: RunFailure) async -> RunDocument {
    guard await recorder.hasChanged else { return await end(.nothingChanged(failure)) }
    if failure.kind == .interrupted {
      return await end(
        .applyStopped(failure, broker: await broker.words(until: "go on or go back")))
    }
    if await recorder.run.steps.last?.name == .verify { return await end(.notVerified(failure)) }
    guard input.options.rollsBackOnFailure, failure.kind != .overtaken else {
      return await end(.applyFailed(failure))
    }
    return await end(await rollBack(after: failure))
  }

  /// Goes back to the backup, within the run.
  private func rollBack(after failure: RunFailure) async -> RunOutcome {
    var rollback: Rollback?
    do {
      try await recorder.turnBack()
      let run = await recorder.run
      let backup = try await BackupStore.read(run: run.backup ?? run.id, with: context.cluster)
      let wayBack = Rollback(
        backup, sensitivity: input.plan.sensitivity, options: input.options, context: context,
        recorder: recorder)
      rollback = wayBack
      try await Run(steps: wayBack.stepsBack, recorder: recorder).perform()
    } catch {
      if error.kind == .interrupted {
        return .wayBackStopped(after: failure, broker: await broker.words(until: "go on"))
      }
      let words: String?
      if let rollback {
        words = await rollback.wordsOfStandstill(after: error)
      } else {
        let broker = await broker
        words = broker.isAtStandstill ? broker.words(until: "go on") : nil
      }
      return .wayBackFailed(after: failure, error, broker: words)
    }
    return await recorder.run.differences.isEmpty
      ? .rolledBack(after: failure) : .rolledBackOtherwise(after: failure)
  }

  private var broker: BrokerStatus {
    get async { await context.brokerStatus(of: [input.oldReference, input.newReference]) }
  }

  private func end(_ outcome: RunOutcome) async -> RunDocument {
    await recorder.end(RunEnding(outcome, of: await subject))
  }

  private var subject: RunSubject {
    get async {
      let run = await recorder.run
      return RunSubject(
        release: input.release.name, backup: run.backup ?? run.id, place: context.place,
        planOptions: input.planOptions.map(input.plan.sensitivity.redacting))
    }
  }

  /// What there is to say of an apply that came to a good end.
  private var success: String {
    let version = input.comparison.situation.target.chartVersion
    guard input.options.waits else {
      return "release \"\(input.release.name)\" has chart \(version); its Pods were not waited for"
    }
    // What the chart adds is among the plan's findings where the broker reads it otherwise.
    let isSame = input.comparison.environment.allSatisfy {
      $0.state == .same || $0.before == .absent && $0.consent == nil
    }
    return "release \"\(input.release.name)\" runs chart \(version), "
      + (isSame
        ? "and the broker sees what it saw before" : "and the broker sees what the plan said")
  }
}
