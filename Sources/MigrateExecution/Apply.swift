import MigrateAdapters
package import MigratePlanning

/// Takes a plan to an upgraded, verified release.
///
/// Nothing of the release is changed before everything was read, locked, asked of the API server
/// and backed up. Then the Deployment is held still with its new Pod template, helm makes its
/// revision around it, and only the finished whole rolls out: helm's merge never decides what the
/// broker sees.
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
    "backbone-migrate rollback \(release.name)\(tools.place)"
  }

  /// The command that makes the plan again.
  private var planningAgain: String {
    let options = planOptions.map { " " + Sensitivity.redacting($0, secrets).shellQuoted }.joined()
    return "backbone-migrate plan \(release.name)\(tools.place)\(options)"
  }

  /// The command that takes this run back, also when others came after it.
  private func back(of run: RunDocument) -> String {
    "backbone-migrate rollback \(run.backup ?? run.id)\(tools.place)"
  }

  /// What there is to say of an apply that came to a good end.
  private var success: String {
    let version = comparison.situation.target.chartVersion
    guard options.waits else {
      return "release \"\(release.name)\" has chart \(version); its Pods were not waited for"
    }
    // What the chart adds is among the plan's findings where the broker reads it otherwise.
    let isSame = comparison.environment.allSatisfy {
      $0.state == .same || $0.before == .absent && $0.consent == nil
    }
    return "release \"\(release.name)\" runs chart \(version), "
      + (isSame
        ? "and the broker sees what it saw before" : "and the broker sees what the plan said")
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
    await recorder.start()
    do {
      try await begin()
    } catch {
      return await recorder.endUnchanged(error)
    }
    do {
      try await change()
    } catch {
      return await fail(error)
    }
    do {
      let differences = try await verify()
      return await recorder.end(
        differences.isEmpty ? .done : .differs,
        message: differences.isEmpty
          ? success : "the upgrade is done, and something is otherwise than planned",
        next: differences.isEmpty ? nil : rollbackCommand,
        back: differences.isEmpty ? back(of: await recorder.run) : nil)
    } catch {
      if error.kind == .interrupted { return await fail(error) }
      // The broker runs; not being able to look at it is no reason to take it down.
      return await recorder.end(
        .differs, message: "the upgrade is done, and could not be verified: \(error)",
        next: rollbackCommand)
    }
  }

  /// Tells what a run would do, and changes nothing: neither lock nor backup is made.
  package func foretell() async -> RunDocument {
    do {
      if let earlier {
        try await LockKeeper.requireFree(release.name, but: options.takeOverLock, with: tools)
        await recorder.skip(
          .backup, because: "the one of \(earlier.run) holds the state from before")
        return await recorder.end(
          .previewed, message: "it would go on where it stopped; nothing was changed", next: nil)
      }
      try await recorder.step(.validate) {
        try await tools.require(RunPermissions.apply(plan))
        let changes = try await foretoldChanges()
        await recorder.change { $0.changes = changes }
        return "the API server takes it all"
      }
      try await LockKeeper.requireFree(release.name, but: options.takeOverLock, with: tools)
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
    return await recorder.end(.previewed, message: "nothing was changed", next: nil)
  }

  /// Requires that an earlier run is what happened last to the release, and did not come to its
  /// end: else this one would undo what was done since.
  ///
  /// - Throws: ``RunFailure``, `ClientError`.
  package func requireResumable(_ id: String) async throws {
    let journal = try await LockKeeper.read(release.name, with: kubectl)?.journal
    guard let journal, journal.run == id || journal.backup == earlier?.run,
      journal.kind == .apply, journal.state.needsHelp
    else {
      throw RunFailure(
        .refused,
        "\(id) cannot be gone on with: "
          + (journal.map {
            "\($0.run) (\($0.kind.rawValue), \($0.state.rawValue)) came after it, or it is over"
          }
            ?? "the cluster does not know it")
          + "; see \"backbone-migrate status \(release.name)\(tools.place)\"")
    }
    let steps = DeploymentSteps(tools: tools, reference: old, secrets: secrets)
    guard !replaces, let live = try await steps.live(), live["spec"]?["paused"] != true else {
      return
    }
    let template = live["spec"]?["template"]
    let foretold = try await steps.hold(live, as: target, dryRun: true)["spec"]?["template"]
    guard
      template == comparison.situation.live.deployment["spec"]?["template"]
        || template == foretold
    else {
      throw RunFailure(
        .refused,
        "\(old) was changed by somebody since \(id) stopped; go back with \"\(rollbackCommand)\", "
          + "or "
          + "finish by hand")
    }
  }

  // MARK: Before anything changes

  private func begin() async throws(RunFailure) {
    try await recorder.step(.lock) {
      try await tools.require(RunPermissions.apply(plan))
      try await recorder.lock(pushingAside: options.takeOverLock)
      return "for \(ReleaseLock.duration) s, and renewed"
    }
    if let earlier {
      await recorder.skip(.backup, because: "the one of \(earlier.run) holds the state from before")
      try await recorder.note(backup: earlier.run)
      return
    }
    try await recorder.step(.validate) {
      try await requireUnchanged()
      let changes = try await foretoldChanges()
      await recorder.change { $0.changes = changes }
      return "the API server takes it all"
    }
    try await recorder.step(.backup) {
      if let died = await recorder.earlierJournal, died.kind == .apply, died.backup == nil {
        try await BackupStore.sweep(died.run, with: kubectl)
      }
      let backup = try await makeBackup()
      let count = try await BackupStore.write(backup, with: kubectl)
      try await recorder.note(backup: backup.run)
      return "kept in \(count) Secret\(count == 1 ? "" : "s") of this namespace"
    }
  }

  /// Requires that the release is still what the plan saw: a question may have stood for hours.
  private func requireUnchanged() async throws {
    async let pendingStatus = tools.helm.status(of: release.name)
    let live = try await kubectl.get(snapshot.live.all)
    for object in snapshot.live.all {
      let reference = object.objectReference(defaultNamespace: release.namespace)
      let now = live.object(kind: reference.kind, name: reference.name)
      let isSame =
        reference == old ? now.map(isUnchanged) ?? false : now?.content == object.content
      guard isSame else {
        throw RunFailure(.refused, "\(reference) was changed by somebody since the plan was made")
      }
    }
    let status = try await pendingStatus
    guard status.revision == release.revision, status.status == release.status else {
      throw RunFailure(
        .refused,
        "somebody made revision \(status.revision) (\(status.status)) of the release since the "
          + "plan "
          + "was made")
    }
  }

  /// Whether a Deployment is still the one that was planned.
  private func isUnchanged(_ now: JSON) -> Bool {
    let before = comparison.situation.live.deployment["metadata"]
    return before?["uid"] == now["metadata"]?["uid"]
      && before?["generation"] == now["metadata"]?["generation"]
  }

  private func makeBackup() async throws(RunFailure) -> Backup {
    let run = await recorder.run
    let created = plan.objects.filter { $0.change == .create }.map(\.object)
    do {
      return Backup(
        run: run.id, plan: reference, options: planOptions, values: plan.values,
        chartDigest: comparison.situation.target.digest, user: tools.user, createdAt: run.startedAt,
        snapshot: snapshot,
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
          throw RunFailure(
            .refused,
            error.isConflict
              ? "\(reference) was changed by somebody since the plan was made"
              : "the API server refuses \(reference): \(error)")
        }
      case .create: after = rendered
      case .delete, .keep, .none: break
      }
      let fields = after.map { after in
        FieldDifference.between(
          (live ?? [:]).content.withoutOwnership, after.content.withoutOwnership)
      }
      changes.append(
        RunDocument.Change(
          object: PlanDocument.Object(reference, change.change),
          fields: plan.sensitivity.shown(fields ?? [], of: reference)))
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
      return held.without("spec", "paused").withHelmsMarks(
        from: snapshot.manifest.object(kind: reference.kind, name: reference.name), to: rendered)
    }
    let leftovers = self.leftovers(of: live, rendered)
    if release.applyMethod == .serverSide, leftovers == nil {
      return try await kubectl.applied(rendered, secrets: secrets)
    }
    let manifest = snapshot.manifest.object(kind: reference.kind, name: reference.name)
    let helms = StrategicPatch.patch(from: manifest ?? [:], to: rendered)
    let patch = leftovers.map { ServiceLeftovers.adding($0, to: helms) } ?? helms
    return try await kubectl.patch(
      reference, with: patch, as: rendered.isBuiltIn ? .strategic : .merge, dryRun: true,
      secrets: secrets)
  }

  /// What helm would leave on a Service that is to go; nil for other objects, and where there is
  /// nothing.
  private func leftovers(of live: JSON, _ rendered: JSON) -> JSON? {
    guard live["kind"] == "Service" else { return nil }
    let manifest = snapshot.manifest.object(kind: "Service", name: live.objectName) ?? [:]
    return ServiceLeftovers.patch(of: live, from: manifest, to: rendered)
  }

  // MARK: Changing

  private func change() async throws(RunFailure) {
    let steps = DeploymentSteps(tools: tools, reference: old, secrets: secrets)
    let renewed = DeploymentSteps(tools: tools, reference: new, secrets: secrets)
    var held: JSON?
    try await recorder.step(.prepare) {
      let words: String
      (held, words) = try await prepare(steps)
      return ([words] + (try await clearServices())).joined(separator: ", ")
    }
    try await recorder.step(.helm) { try await upgrade(steps, held) }
    if let held {
      try await recorder.step(.restore) {
        try await steps.restore(held)
          ? "helm's merge had made another Pod template" : "helm left the Pod template as it was"
      }
    }
    try await recorder.step(.resume) {
      try await renewed.resume(cleansHandTools: true)
      return "\(new) rolls out"
    }
    if options.waits {
      try await recorder.step(.wait) {
        try await renewed.wait(atMost: options.timeout) { await recorder.progress($0) }
      }
    } else {
      await recorder.skip(.wait, because: "--no-wait")
    }
  }

  /// Holds the Deployment still with its new Pod template, or takes the old one away where it has
  /// to be replaced.
  ///
  /// - Returns: the Deployment as it is held, and what was done.
  private func prepare(_ steps: DeploymentSteps) async throws -> (held: JSON?, words: String) {
    let live = try await steps.live()
    if earlier == nil, live.map(isUnchanged) != true {
      throw RunFailure(.refused, "\(old) was changed by somebody since the plan was made")
    }
    guard let live else {
      guard replaces else { throw RunFailure(.refused, "\(old) is gone; somebody deleted it") }
      await recorder.beginChanging()
      return (nil, "\(old) is gone already")
    }
    if replaces {
      await recorder.beginChanging()
      if old == new, live["spec"]?["selector"] == target["spec"]?["selector"],
        live["metadata"]?["deletionTimestamp"] == nil
      {
        return (nil, "\(old) is the new one already")
      }
      try await kubectl.delete(old, timeout: options.seconds(toEnd: live))
      return (nil, "\(old) and its Pods are gone")
    }
    let held = try await hold(steps, live)
    return (held, "\(old) is held still with its new Pod template")
  }

  /// Takes away what helm would leave on Services, and Kubernetes would refuse beside the new
  /// fields. Where helm applies on the server, it also gets the fields that were set by hand: the
  /// plan carries them, or has a finding for each that changes.
  private func clearServices() async throws -> [String] {
    var words: [String] = []
    for rendered in comparison.rendered.all(kind: "Service") {
      let reference = rendered.objectReference(defaultNamespace: release.namespace)
      guard let live = snapshot.live.object(kind: "Service", name: reference.name) else { continue }
      if let leftovers = self.leftovers(of: live, rendered) {
        _ = try await kubectl.patch(reference, with: leftovers, as: .strategic, secrets: secrets)
        words.append("\(reference) is rid of what was set by hand and goes")
      }
      if release.applyMethod == .serverSide {
        try await kubectl.setManagers(
          of: reference, secrets: secrets, ManagedFields.withoutHandTools)
      }
    }
    return words
  }

  /// Holds the Deployment still, and finds out whether it is when no answer comes.
  private func hold(_ steps: DeploymentSteps, _ live: JSON) async throws -> JSON {
    // Helm would stop at a field that people set and that changes.
    func managers(of live: JSON) -> JSON? {
      release.applyMethod == .serverSide ? ManagedFields.withoutHandsOnSpec(live) : nil
    }
    let problem: ClientError
    do {
      let held = try await steps.hold(live, as: target, managers: managers(of: live))
      await recorder.beginChanging()
      return held
    } catch {
      problem = error
    }
    if problem.isConflict {
      throw RunFailure(.refused, "\(old) was changed by somebody at this moment")
    }
    guard problem.leavesOpen else { throw problem }
    await recorder.beginChanging()
    guard let now = try await steps.live(), now["metadata"]?["uid"] == live["metadata"]?["uid"]
    else { throw RunFailure(.failed, "\(old) is gone; somebody deleted it") }
    if now["metadata"]?["generation"] == live["metadata"]?["generation"] {
      return try await steps.hold(now, as: target, managers: managers(of: now))
    }
    guard steps.isHeld(now) else {
      throw RunFailure(.overtaken, "\(old) was changed by somebody at this moment")
    }
    return now
  }

  private func upgrade(_ steps: DeploymentSteps, _ held: JSON?) async throws -> String {
    let description = "backbone-migrate \(reference.id)"
    let history = try await tools.helm.history(of: release.name)
    if let last = history.last {
      if last.status == "deployed", last.description == description {
        await recorder.change { $0.release.toRevision = last.number }
        return "revision \(last.number) is there already"
      }
      let isBack = last.description == "Rollback to \(release.deployedRevision)"
      let isStuck = earlier != nil && last.status.hasPrefix("pending-")
      if isStuck {
        guard !replaces else {
          throw RunFailure(.failed, "helm was stopped while the Deployment was being replaced")
        }
        // Helm upgrades only from a revision that it finished.
        try await tools.helm.rollback(
          release.name, to: release.deployedRevision, keptRevisions: keptRevisions,
          forcesConflicts: release.applyMethod == .serverSide, applying: nil,
          timeout: options.timeout, secrets: secrets)
        if let held { _ = try await steps.restore(held) }
      } else if last.number != release.revision, earlier == nil || !isBack && !last.isFailed {
        throw RunFailure(
          .overtaken,
          "somebody made revision \(last.number) of the release meanwhile (\(last.description))")
      }
    }
    try await tools.helm.upgrade(
      Helm.Upgrade(
        release: release.name, chart: chart, values: plan.values, secrets: secrets,
        description: description, keptRevisions: keptRevisions, applyMethod: release.applyMethod,
        timeout: options.timeout))
    let revision = try await tools.helm.status(of: release.name).revision
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
      let objects = comparison.rendered.all.count
      return found.isEmpty
        ? "\(objects) object\(objects == 1 ? "" : "s") and \(comparison.environment.count) "
          + "variables "
          + "are as planned"
        : "\(found.count) fields are otherwise than planned"
    }
    return differences
  }

  /// What becomes of a run that failed.
  private func fail(_ failure: RunFailure) async -> RunDocument {
    let run = await recorder.run
    guard await recorder.hasChanged else { return await recorder.endUnchanged(failure) }
    if failure.kind == .interrupted {
      return await recorder.end(
        .interrupted,
        message: "\(failure); "
          + (await tools.standing(of: [old, new], until: "go on or go back")),
        next: "backbone-migrate apply --resume \(run.backup ?? run.id)\(tools.place)",
        back: back(of: run), kind: .interrupted)
    }
    guard options.rollsBackOnFailure, failure.kind != .overtaken else {
      // Whoever came between may have a run of their own: the backup is named, not the release.
      let next = failure.kind == .overtaken ? back(of: run) : rollbackCommand
      return await recorder.end(.failed, message: failure.description, next: next)
    }
    do {
      try await recorder.turnBack()
      let backup = try await BackupStore.read(run: run.backup ?? run.id, with: kubectl)
      let rollback = Rollback(
        backup, secrets: secrets, sensitivity: plan.sensitivity, options: options, tools: tools,
        recorder: recorder)
      try await rollback.change()
      guard try await rollback.verify().isEmpty else {
        return await recorder.end(
          .failed,
          message: "\(failure); it was rolled back, and what is listed is otherwise than before",
          next: rollbackCommand)
      }
      return await recorder.end(
        .rolledBack,
        message: "\(failure); everything is as it was before. When that is mended: "
          + "\"\(planningAgain)\"", next: nil)
    } catch {
      let isStopped = error.kind == .interrupted
      return await recorder.end(
        isStopped ? .interrupted : .failed,
        message: "\(failure); rolling back "
          + (isStopped
            ? "was stopped; " + (await tools.standing(of: [old, new], until: "go on"))
            : "failed, too: "
              + (await tools.failure(error, leaving: [old, new], until: "go on"))),
        next: rollbackCommand, kind: error.kind)
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

  /// The seconds to wait for the end of a Deployment with its Pods: no less than these have to end
  /// in.
  func seconds(toEnd object: JSON) -> Int {
    let grace =
      object["spec"]?["template"]?["spec"]?["terminationGracePeriodSeconds"]?.integer ?? 0
    return max(Int(timeout.components.seconds), grace + 30)
  }
}

extension JSON {
  /// Whether Kubernetes itself knows the kind, and so how to merge its lists.
  fileprivate var isBuiltIn: Bool {
    let group = self["apiVersion"]?.string?.split(separator: "/").first.map(String.init) ?? "v1"
    return !group.contains(".") || group.hasSuffix(".k8s.io")
  }

  /// With the object's own labels and annotations as helm makes them of two manifests.
  fileprivate func withHelmsMarks(from manifest: JSON?, to rendered: JSON) -> JSON {
    ["labels", "annotations"].reduce(self) { object, key in
      let old = manifest?["metadata"]?[key]?.members ?? [:]
      let new = rendered["metadata"]?[key]?.members ?? [:]
      var marks = object["metadata"]?[key]?.members ?? [:]
      for name in old.keys where new[name] == nil { marks[name] = nil }
      marks.merge(new) { _, helms in helms }
      return marks.isEmpty
        ? object.without("metadata", key)
        : object.replacing(["metadata", key], with: .object(marks))
    }
  }

  /// Without the marks by which helm knows its own objects.
  fileprivate var withoutOwnership: JSON {
    without("metadata", "annotations", "meta.helm.sh/release-name")
      .without("metadata", "annotations", "meta.helm.sh/release-namespace")
      .without("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
  }
}
