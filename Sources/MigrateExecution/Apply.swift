import MigrateAdapters
package import MigratePlanning

/// Takes a plan to an upgraded, verified release.
///
/// Nothing of the release is changed before everything was read, locked, asked of the API server and
/// backed up. Then the Deployment is held still with its new Pod template, helm makes its revision
/// around it, and only the finished whole rolls out: helm's merge never decides what the broker sees.
package struct Apply: Sendable {
  package let plan: Plan
  package let reference: RunDocument.PlanReference
  /// The plan's options, as typed.
  package let planOptions: [String]
  /// Where the chart lies that was planned with.
  package let chart: String
  package let options: RunOptions
  let tools: Tools
  let recorder: RunRecorder
  /// A backup that an earlier try made, when this one goes on with it.
  private let earlier: Backup?

  package init(
    _ plan: Plan, _ reference: RunDocument.PlanReference, planOptions: [String], chart: String,
    options: RunOptions, tools: Tools, recorder: RunRecorder, resuming earlier: Backup? = nil
  ) {
    self.plan = plan
    self.reference = reference
    self.planOptions = planOptions
    self.chart = chart
    self.options = options
    self.tools = tools
    self.recorder = recorder
    self.earlier = earlier
  }

  private var comparison: Comparison { plan.comparison }
  private var snapshot: Snapshot { comparison.situation.snapshot }
  private var secrets: [String] { plan.sensitivity.secrets }
  private var release: ReleaseIdentity { snapshot.release }
  private var kubectl: Kubectl { tools.kubectl }
  private var rollbackCommand: String {
    "backbone-migrate rollback \(release.name) --namespace \(release.namespace)"
  }

  /// What the broker sees now.
  private var sight: String {
    let isSame = comparison.environment.allSatisfy { $0.state == .same || $0.before == .absent }
    return isSame
      ? "and the broker sees what it saw before" : "and the broker sees what the plan said"
  }

  /// The Deployment as it is to be.
  private var target: JSON { comparison.target.deployment }
  private var old: ObjectReference { comparison.situation.subject }
  private var new: ObjectReference {
    target.objectReference(defaultNamespace: release.namespace)
  }
  private var replaces: Bool { comparison.replacesWorkload }

  /// Carries the plan out.
  ///
  /// - Returns: the run, ended.
  package func run() async -> RunDocument {
    do {
      try await begin()
    } catch {
      return await recorder.end(
        .failed, message: "\(error); nothing was changed", next: nil, kind: error.kind)
    }
    do {
      try await change()
      let differences = try await verify()
      return await recorder.end(
        differences.isEmpty ? .done : .differs,
        message: differences.isEmpty
          ? "release \"\(release.name)\" runs chart \(comparison.situation.target.chartVersion), "
            + sight
          : "the upgrade is done, and something is otherwise than planned",
        next: differences.isEmpty ? nil : rollbackCommand)
    } catch {
      return await fail(error)
    }
  }

  /// Tells what a run would do, and changes nothing: neither lock nor backup is made.
  package func foretell() async -> RunDocument {
    do {
      try await recorder.step(.validate) {
        let changes = try await foretoldChanges()
        await recorder.change { $0.changes = changes }
        return "the API server takes it all"
      }
      if let lock = try await LockKeeper.read(release.name, with: kubectl),
        lock.isHeld(at: tools.now()), lock.holder != options.takeOverLock
      {
        throw RunFailure(
          .refused, "release \"\(release.name)\" is locked by \"\(lock.holder ?? "")\"")
      }
      let backup = try await makeBackup()
      try await recorder.step(.backup) {
        let count = try await BackupStore.write(backup, dryRun: true, with: kubectl)
        return "would be kept in \(count) Secret\(count == 1 ? "" : "s")"
      }
    } catch {
      return await recorder.end(
        .failed, message: "\(error); the real run would end here", next: nil,
        kind: RunFailure(error).kind)
    }
    return await recorder.end(.foretold, message: "nothing was changed", next: nil)
  }

  // MARK: Before anything changes

  private func begin() async throws(RunFailure) {
    try await recorder.step(.lock) {
      try await recorder.lock(pushingAside: options.takeOverLock)
      return "for \(ReleaseLock.duration) s, and renewed"
    }
    if let earlier {
      await recorder.skip(.backup, because: "the one of \(earlier.run) holds the state from before")
      do {
        try await recorder.note(backup: earlier.run)
      }
      return
    }
    try await recorder.step(.validate) {
      let changes = try await foretoldChanges()
      await recorder.change { $0.changes = changes }
      return "the API server takes it all"
    }
    try await recorder.step(.backup) {
      let backup = try await makeBackup()
      let count = try await BackupStore.write(backup, with: kubectl)
      try await recorder.note(backup: backup.run)
      return "kept in \(count) Secret\(count == 1 ? "" : "s") of this namespace"
    }
  }

  private func makeBackup() async throws(RunFailure) -> Backup {
    let run = await recorder.run
    let created = plan.objects.filter { $0.change == .create }.map(\.object)
    do {
      return Backup(
        run: run.id, plan: reference, options: planOptions, user: tools.user,
        createdAt: run.startedAt, snapshot: snapshot,
        record: try await BackupStore.record(
          of: release.name, revision: release.deployedRevision, with: kubectl),
        created: comparison.rendered.all.filter {
          created.contains($0.objectReference(defaultNamespace: release.namespace))
        }.map(\.identity))
    } catch {
      throw RunFailure(.refused, "what is to be backed up cannot be read: \(error)")
    }
  }

  /// What becomes of each object, asked of the API server by dry runs.
  private func foretoldChanges() async throws -> [RunDocument.Change] {
    var changes: [RunDocument.Change] = []
    for change in plan.objects where change.change != .none {
      let reference = change.object
      let live = snapshot.live.object(kind: reference.kind, name: reference.name)
      let rendered = comparison.rendered.object(kind: reference.kind, name: reference.name)
      var after: JSON?
      switch change.change {
      case .update, .replace:
        do {
          after = try await foretold(reference, live ?? [:], rendered ?? [:])
        } catch {
          throw RunFailure(.refused, "the API server refuses \(reference): \(error)")
        }
      case .create: after = rendered
      case .delete, .keep, .none: after = nil
      }
      let fields =
        switch change.change {
        case .keep, .none: [RunDocument.Field]()
        case .delete: [RunDocument.Field]()
        case .create: shown(FieldDifference.between([:], after?.content ?? [:]), reference)
        case .update, .replace:
          shown(
            FieldDifference.between(
              (live ?? [:]).content.withoutOwnership, (after ?? [:]).content.withoutOwnership),
            reference)
        }
      changes.append(
        RunDocument.Change(
          object: PlanDocument.Object(reference, change.change),
          fields: fields))
    }
    return changes
  }

  /// The object as the server would have it.
  private func foretold(
    _ reference: ObjectReference, _ live: JSON, _ rendered: JSON
  ) async throws(ClientError) -> JSON {
    if reference == old {
      // Its server's defaults are not known before it is made.
      guard !replaces else { return rendered }
      let held = try await DeploymentSteps(tools: tools, reference: old, secrets: secrets)
        .hold(live, as: target, dryRun: true)
      return held.without("spec", "paused")
    }
    if release.applyMethod == .serverSide {
      return try await kubectl.applied(rendered, secrets: secrets)
    }
    let manifest = snapshot.manifest.object(kind: reference.kind, name: reference.name)
    let patch = StrategicPatch.patch(from: manifest ?? [:], to: rendered)
    return try await kubectl.patch(
      reference, with: patch, as: rendered.isBuiltIn ? .strategic : .merge, dryRun: true,
      secrets: secrets)
  }

  private func shown(
    _ differences: [FieldDifference], _ reference: ObjectReference
  ) -> [RunDocument.Field] {
    differences.map { difference in
      RunDocument.Field(
        path: difference.pathText, before: redacted(difference.before, difference, reference),
        after: redacted(difference.after, difference, reference))
    }
  }

  private func redacted(
    _ value: JSON, _ difference: FieldDifference, _ reference: ObjectReference
  ) -> JSON {
    plan.sensitivity.redacting(value, at: difference.path, of: reference)
  }

  // MARK: Changing

  private func change() async throws(RunFailure) {
    await recorder.beginChanging()
    let steps = DeploymentSteps(tools: tools, reference: old, secrets: secrets)
    var held: JSON?
    try await recorder.step(.prepare) {
      guard let live = try await steps.live() else {
        guard replaces else {
          throw RunFailure(.failed, "\(old) is gone; somebody deleted it")
        }
        return "\(old) is gone already"
      }
      if replaces {
        if old != new || live["spec"]?["selector"] != target["spec"]?["selector"] {
          try await kubectl.delete(old, timeout: options.seconds)
          return "\(old) and its Pods are gone"
        }
        return "\(old) is the new one already"
      }
      if earlier == nil { try checkUnchanged(live) }
      held = try await steps.hold(live, as: target)
      return "\(old) is held still with its new Pod template"
    }
    try await recorder.step(.helm) { try await upgrade(steps, held) }
    if let held {
      try await recorder.step(.restore) {
        try await steps.restore(held)
          ? "helm's merge had made another Pod template" : "helm left the Pod template as it was"
      }
    }
    try await recorder.step(.resume) {
      try await DeploymentSteps(tools: tools, reference: new, secrets: secrets)
        .resume(cleansHandTools: true)
      return "\(new) rolls out"
    }
    if options.waits {
      try await recorder.step(.wait) {
        try await DeploymentSteps(tools: tools, reference: new, secrets: secrets)
          .wait(atMost: options.timeout) { await recorder.progress($0) }
      }
    } else {
      await recorder.skip(.wait, because: "--no-wait")
    }
  }

  /// Requires that nobody changed the Deployment since it was planned.
  private func checkUnchanged(_ live: JSON) throws(RunFailure) {
    let before = comparison.situation.live.deployment["metadata"]
    let now = live["metadata"]
    guard before?["uid"] == now?["uid"], before?["generation"] == now?["generation"] else {
      throw RunFailure(.failed, "\(old) was changed by somebody since the plan was made")
    }
  }

  private func upgrade(_ steps: DeploymentSteps, _ held: JSON?) async throws -> String {
    let description = "backbone-migrate \(reference.id)"
    var status = try await tools.helm.status(of: release.name)
    if earlier != nil, status.status == "deployed", status.revision > release.revision {
      return "revision \(status.revision) is there already"
    }
    if status.status.hasPrefix("pending-") {
      // Helm upgrades only from a revision that it finished.
      try await tools.helm.rollback(
        release.name, to: release.deployedRevision, keptRevisions: keptRevisions,
        forcesConflicts: release.applyMethod == .serverSide, applying: nil, secrets: secrets)
      if let held { _ = try await steps.restore(held) }
    } else if earlier == nil, status.revision != release.revision {
      throw RunFailure(
        .failed, "somebody made revision \(status.revision) of the release since the plan was made")
    }
    try await tools.helm.upgrade(
      Helm.Upgrade(
        release: release.name, chart: chart, values: plan.values, secrets: secrets,
        description: description, keptRevisions: keptRevisions, applyMethod: release.applyMethod))
    status = try await tools.helm.status(of: release.name)
    let revision = status.revision
    await recorder.change { $0.release.toRevision = revision }
    return "helm made revision \(revision)"
  }

  /// Enough that neither this upgrade nor the way back prunes the revision to go back to.
  private var keptRevisions: Int { max(10, snapshot.revisions.count + 3) }

  // MARK: Afterwards

  private func verify() async throws(RunFailure) -> [RunDocument.Difference] {
    var differences: [RunDocument.Difference] = []
    try await recorder.step(.verify) {
      let live = try await kubectl.get(comparison.rendered.all)
      differences = try comparison.differences(from: live, hiding: plan.sensitivity)
      let found = differences
      await recorder.change { $0.differences = found }
      return found.isEmpty
        ? "\(comparison.rendered.all.count) objects and \(comparison.environment.count) variables "
          + "are as planned"
        : "\(found.count) fields are otherwise than planned"
    }
    return differences
  }

  /// What becomes of a run that failed after it had begun to change things.
  private func fail(_ failure: RunFailure) async -> RunDocument {
    if failure.kind == .interrupted {
      let run = await recorder.run
      return await recorder.end(
        .interrupted, message: failure.description,
        next: "backbone-migrate apply --resume \(run.id) --namespace \(release.namespace)",
        kind: .interrupted)
    }
    guard options.rollsBackOnFailure, failure.kind != .lockLost else {
      return await recorder.end(.failed, message: failure.description, next: rollbackCommand)
    }
    do {
      let run = await recorder.run
      let backup = try await BackupStore.read(run: run.backup ?? run.id, with: kubectl)
      let rollback = Rollback(
        backup, secrets: secrets, sensitivity: plan.sensitivity, options: options, tools: tools,
        recorder: recorder)
      try await rollback.change()
      let differences = try await rollback.verify()
      return await recorder.end(
        .rolledBack,
        message: "\(failure); everything is as it was before"
          + (differences.isEmpty ? "" : ", but for what is listed"),
        next: nil)
    } catch {
      return await recorder.end(
        .failed, message: "\(failure); rolling back failed, too: \(error)",
        next: rollbackCommand)
    }
  }
}

/// What decides how a run goes, beside the plan.
package struct RunOptions: Sendable {
  /// How long to wait for Pods.
  package var timeout: Duration
  package var waits: Bool
  package var rollsBackOnFailure: Bool
  /// The holder of a lock that is to be pushed aside.
  package var takeOverLock: String?

  package init(
    timeout: Duration, waits: Bool, rollsBackOnFailure: Bool, takeOverLock: String? = nil
  ) {
    self.timeout = timeout
    self.waits = waits
    self.rollsBackOnFailure = rollsBackOnFailure
    self.takeOverLock = takeOverLock
  }

  var seconds: Int { max(1, Int(timeout.components.seconds)) }
}

extension JSON {
  /// Whether Kubernetes itself knows the kind, and so how to merge its lists.
  fileprivate var isBuiltIn: Bool {
    let group = self["apiVersion"]?.string?.split(separator: "/").first.map(String.init) ?? "v1"
    return !group.contains(".") || group.hasSuffix(".k8s.io")
  }

  /// Without the marks by which helm knows its own objects.
  fileprivate var withoutOwnership: JSON {
    without("metadata", "annotations", "meta.helm.sh/release-name")
      .without("metadata", "annotations", "meta.helm.sh/release-namespace")
      .without("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
  }
}
