import MigrateAdapters
package import MigratePlanning

/// Takes a release back to exactly what a backup holds, from wherever it stands.
///
/// Each step looks at what is there and does what is missing, so that a rollback can be begun anew
/// after anything: a failed apply, a crash, another rollback that did not come to its end. The old
/// Deployment is held still with its own Pod template around helm's rollback, which would strip it.
package struct Rollback: Sendable {
  package let backup: Backup
  let secrets: [String]
  let sensitivity: Sensitivity
  let options: RunOptions
  let tools: Tools
  let recorder: RunRecorder

  package init(
    _ backup: Backup, secrets: [String], sensitivity: Sensitivity, options: RunOptions,
    tools: Tools, recorder: RunRecorder
  ) {
    self.backup = backup
    self.secrets = secrets
    self.sensitivity = sensitivity
    self.options = options
    self.tools = tools
    self.recorder = recorder
  }

  private var release: ReleaseIdentity { backup.snapshot.release }
  private var kubectl: Kubectl { tools.kubectl }
  private var deployments: [JSON] { backup.snapshot.live.all(kind: "Deployment") }

  /// The Deployments before the apply, and after it.
  private var brokers: [ObjectReference] {
    (deployments + backup.created.filter { $0["kind"] == "Deployment" }).map(reference)
  }

  private func reference(_ object: JSON) -> ObjectReference {
    object.objectReference(defaultNamespace: release.namespace)
  }

  private func steps(_ deployment: JSON) -> DeploymentSteps {
    DeploymentSteps(tools: tools, reference: reference(deployment), secrets: secrets)
  }

  /// Goes back.
  ///
  /// - Returns: the run, ended.
  package func run() async -> RunDocument {
    await recorder.start()
    do {
      try await recorder.step(.lock) {
        try await requirePermissions()
        try await recorder.lock(pushingAside: options.takeOverLock)
        return "for \(ReleaseLock.duration) s, and renewed"
      }
      try await recorder.note(backup: backup.run)
      try tools.stop.heed()
    } catch {
      return await recorder.endUnchanged(error)
    }
    do {
      try await change()
      let differences = try await verify()
      return await recorder.end(
        differences.isEmpty ? .done : .differs,
        message: differences.isEmpty
          ? "release \"\(release.name)\" is as it was before \(backup.run)"
          : "the rollback is done, and something is otherwise than it was",
        next: nil)
    } catch {
      let isStopped = error.kind == .interrupted
      return await recorder.end(
        isStopped ? .interrupted : .failed,
        message: isStopped
          ? "\(error); " + (await tools.standing(of: brokers, until: "go on"))
          : await tools.failure(error, leaving: brokers, until: "go on"),
        next: "backbone-migrate rollback \(release.name)\(tools.place)",
        kind: error.kind)
    }
  }

  /// Tells what a rollback would do, and changes nothing.
  package func foretell() async -> RunDocument {
    do {
      try await recorder.step(.validate) {
        try await requirePermissions()
        let changes = try await foretoldChanges()
        await recorder.change { $0.changes = changes }
        return "compared with the backup of \(backup.run)"
      }
      try await LockKeeper.requireFree(release.name, but: options.takeOverLock, with: tools)
    } catch {
      return await recorder.end(
        .failed, message: "\(error); the real run would end here", next: nil,
        kind: RunFailure(error).kind)
    }
    return await recorder.end(.previewed, message: "nothing was changed", next: nil)
  }

  /// Requires that the user may do all that is ahead, by what there is now.
  private func requirePermissions() async throws {
    let live: Objects
    do {
      live = try await kubectl.get(backup.objects + backup.created)
    } catch {
      guard error.isForbidden else { throw error }
      throw RunFailure(.refused, "what is there now cannot be read: \(error)")
    }
    try await tools.require(RunPermissions.rollback(to: backup, from: live))
  }

  // MARK: The steps

  /// Brings everything back and waits for the broker.
  func change() async throws(RunFailure) {
    await recorder.beginChanging()
    try await recorder.step(.prepare) { try await prepare() }
    try await recorder.step(.helm) { try await rollBackWithHelm() }
    try await recorder.step(.restore) { try await restore() }
    try await recorder.step(.resume) {
      for deployment in deployments {
        try await steps(deployment).resume(
          staysPaused: deployment["spec"]?["paused"] == true, cleansHandTools: false)
      }
      return deployments.map { "\(reference($0)) rolls out" }.joined(separator: ", ")
    }
    guard options.waits else {
      await recorder.skip(.wait, because: "--no-wait")
      return
    }
    try await recorder.step(.wait) {
      var words: [String] = []
      for deployment in deployments
      where deployment["spec"]?["paused"] != true && Rollout.served(deployment) {
        words.append(
          try await steps(deployment).wait(atMost: options.timeout) { await recorder.progress($0) })
      }
      return words.isEmpty
        ? "not waited for: no Pod was available before, or Kubernetes had given up on it"
        : words.joined(separator: "; ")
    }
  }

  /// Ends the new broker where it has another Deployment, and holds the old Deployment still with
  /// its own Pod template.
  private func prepare() async throws -> String {
    var words: [String] = []
    let kept = Set(deployments.map(reference))
    for object in backup.created {
      let created = reference(object)
      guard created.kind == "Deployment", !kept.contains(created),
        let live = try await kubectl.get(created), live.belongs(to: release)
      else { continue }
      try await kubectl.delete(created, timeout: options.seconds(toEnd: live))
      words.append("\(created) and its Pods are gone")
    }
    for deployment in deployments {
      let steps = steps(deployment)
      if let live = try await steps.live() {
        // One that is being deleted is gone soon, whatever is done to it.
        if live["metadata"]?["deletionTimestamp"] == nil,
          live["spec"]?["selector"] == deployment["spec"]?["selector"],
          try await isHeld(steps, deployment)
        {
          words.append("\(steps.reference) is held still with its old Pod template")
          continue
        }
        let copy = heldTemplate(deployment).content.replacing(
          ["metadata", "name"], with: .string("\(steps.reference.name)-dry-run"))
        _ = try await kubectl.create(copy, dryRun: true, secrets: secrets)
        try await kubectl.delete(steps.reference, timeout: options.seconds(toEnd: live))
        words.append("the new \(steps.reference) and its Pods are gone")
      }
      var object = heldTemplate(deployment).content
      object = object.replacing(["spec", "paused"], with: true)
      _ = try await kubectl.create(object, secrets: secrets)
      words.append("the old \(steps.reference) is made again, held still")
    }
    return words.joined(separator: ", ")
  }

  /// The old Deployment as helm can meet it: where it applies on the server, it refuses a variable
  /// that stands twice. The exact one follows after helm.
  private func heldTemplate(_ deployment: JSON) -> JSON {
    release.applyMethod == .serverSide ? deployment.withVariablesOnce : deployment
  }

  /// Whether the live Deployment could be held still in its place; not when the API server refuses
  /// the change as such.
  private func isHeld(_ steps: DeploymentSteps, _ deployment: JSON) async throws -> Bool {
    for attempt in 1...5 {
      guard let live = try await steps.live() else { return false }
      do {
        // Helm would take away the fields that its older manifest lacks, and the server refuses
        // what may be left of a probe.
        _ = try await steps.hold(
          live, as: heldTemplate(deployment),
          managers: release.applyMethod == .serverSide
            ? ManagedFields.withoutHelmsTemplate(live) : nil)
        return true
      } catch {
        // Somebody was faster, such as an autoscaler, or no answer came: look again.
        if error.isConflict || error.leavesOpen, attempt < 5 { continue }
        guard error.isInvalidDeployment else { throw error }
        return false
      }
    }
    return false
  }

  private func rollBackWithHelm() async throws -> String {
    let status: Helm.Status
    do {
      status = try await tools.helm.status(of: release.name)
    } catch {
      guard case .releaseNotFound = error else { throw error }
      return try await putReleaseBack()
    }
    guard status.revision != release.deployedRevision || status.status != "deployed" else {
      return "helm is at revision \(release.deployedRevision) already"
    }
    let history = try await tools.helm.history(of: release.name)
    if let last = history.last, last.status == "deployed",
      last.description == "Rollback to \(release.deployedRevision)",
      status.applyMethod == release.applyMethod
    {
      await recorder.change { $0.release.toRevision = last.number }
      return "helm rolled back to revision \(release.deployedRevision) already"
    }
    if !history.contains(where: { $0.number == release.deployedRevision }),
      let record = backup.record
    {
      _ = try await kubectl.create(record, secrets: secrets)
    }
    let manifest = try Objects(YAMLReader().manifestDocuments(status.manifest))
    let claims = try await keepClaims(of: manifest)
    try await clearServices(of: manifest)
    let kept = max(10, history.count + 3)
    try await rollBack(keeping: kept, beyond: manifest)
    let revision = try await tools.helm.status(of: release.name).revision
    await recorder.change { $0.release.toRevision = revision }
    return "helm made revision \(revision) of revision \(release.deployedRevision)"
      + claims.map { ", \($0) is kept with what the broker wrote" }.joined()
  }

  /// Puts helm's record of the revision back when the release was uninstalled; helm then knows it
  /// as it was, and its objects follow with everything else.
  private func putReleaseBack() async throws -> String {
    guard let record = backup.record else {
      throw RunFailure(
        .failed,
        "release \"\(release.name)\" was uninstalled, and helm's record of it is not in the "
          + "backup; "
          + "install chart \(release.chartVersion) again with helm, then go back")
    }
    _ = try await kubectl.create(record, secrets: secrets)
    let revision = try await tools.helm.status(of: release.name).revision
    await recorder.change { $0.release.toRevision = revision }
    return "helm's revision \(revision) is put back: the release was uninstalled"
  }

  /// Marks the claims that came after the backup, by the apply or by whoever upgraded later: helm
  /// deletes what its older manifest lacks, and with a claim what the broker wrote. It goes by the
  /// live object's annotation.
  private func keepClaims(of manifest: Objects) async throws(ClientError) -> [ObjectReference] {
    let kept = Set(backup.objects.map(reference))
    let claims = Set((backup.created + manifest.all).map(reference)).subtracting(kept)
      .filter { $0.kind == "PersistentVolumeClaim" }.sorted()
    var found: [ObjectReference] = []
    for claim in claims where try await kubectl.get(claim) != nil {
      _ = try await kubectl.patch(
        claim, with: ["metadata": ["annotations": ["helm.sh/resource-policy": "keep"]]], as: .merge)
      found.append(claim)
    }
    return found
  }

  /// Takes away what was set by hand on Services since, and Kubernetes would refuse beside what
  /// helm goes back to. What was there before the apply is put back afterwards.
  private func clearServices(of manifest: Objects) async throws(ClientError) {
    for service in manifest.all(kind: "Service") {
      let reference = reference(service)
      guard let live = try await kubectl.get(reference),
        let leftovers = ServiceLeftovers.patch(of: live, from: service, to: service)
      else { continue }
      _ = try await kubectl.patch(reference, with: leftovers, as: .strategic, secrets: secrets)
    }
  }

  /// Runs helm's rollback in the way that leaves a Deployment alone that we made again and that the
  /// release's last manifest does not have, because the apply had renamed it.
  private func rollBack(keeping revisions: Int, beyond manifest: Objects) async throws {
    let isForeign = deployments.contains {
      manifest.object(kind: "Deployment", name: $0.objectName) == nil
    }
    func rollBack(_ method: ReleaseIdentity.ApplyMethod? = nil) async throws(ClientError) {
      try await tools.helm.rollback(
        release.name, to: release.deployedRevision, keptRevisions: revisions,
        forcesConflicts: release.applyMethod == .serverSide, applying: method,
        timeout: options.timeout, secrets: secrets)
    }
    if isForeign, release.applyMethod == .clientSide {
      if try await tools.helm.version().hasPrefix("3.") {
        do {
          try await rollBack()
          return
        } catch {
          // The failed try is a new beginning, from which Helm 3 takes the object over.
          guard error.saysNotInRelease else { throw error }
        }
      } else {
        // Helm 4's merge would take away what the manifest lacks; applying on the server does not.
        try await rollBack(.serverSide)
        try await rollBack(.clientSide)
        return
      }
    }
    try await rollBack()
  }

  /// Puts every object back as it was, and deletes what the apply had created.
  private func restore() async throws -> String {
    var words: [String] = []
    for object in backup.objects {
      if let restored = try await restore(object) { words.append(restored) }
    }
    let kept = Set(backup.objects.map(reference))
    for object in backup.created {
      let created = reference(object)
      guard created.kind != "PersistentVolumeClaim", !kept.contains(created),
        let live = try await kubectl.get(created), live.belongs(to: release)
      else { continue }
      try await kubectl.delete(created, timeout: options.seconds(toEnd: live))
      words.append("\(created) is deleted")
    }
    return words.isEmpty ? "nothing else to put back" : words.joined(separator: ", ")
  }

  /// Puts one object back; nil when it was as it is to be.
  private func restore(_ object: JSON) async throws -> String? {
    let reference = reference(object)
    var wanted = object.content
    if reference.kind == "Deployment" {
      wanted = wanted.replacing(["spec", "paused"], with: true)
    }
    guard let live = try await kubectl.get(reference) else {
      let words = try await create(wanted, reference)
      try await giveFieldsBack(object, reference)
      return words
    }
    guard live.content != wanted else { return nil }
    if reference.kind == "Service", live["spec"]?["clusterIP"] != object["spec"]?["clusterIP"] {
      // An address cannot be changed; the one from before is asked for anew.
      try await kubectl.delete(reference, timeout: options.seconds(toEnd: live))
      let words = try await create(wanted, reference)
      try await giveFieldsBack(object, reference)
      return words
    }
    var members = wanted.members
    if let tokens = live["secrets"], reference.kind == "ServiceAccount" {
      members["secrets"] = tokens
    }
    wanted = JSON.object(members).replacing(
      ["metadata", "resourceVersion"], with: live["metadata"]?["resourceVersion"] ?? .null)
    _ = try await kubectl.replace(wanted, secrets: secrets)
    try await giveFieldsBack(object, reference)
    return "\(reference) is as it was"
  }

  /// Gives the fields of an object back to those who had them before: else helm's next server-side
  /// apply would conflict with us. A Deployment's are settled when it is resumed.
  private func giveFieldsBack(_ object: JSON, _ reference: ObjectReference) async throws {
    guard reference.kind != "Deployment", let managers = object["metadata"]?["managedFields"],
      !managers.elements.isEmpty
    else { return }
    try await kubectl.setManagers(of: reference, secrets: secrets) { _ in managers }
  }

  private func create(_ object: JSON, _ reference: ObjectReference) async throws -> String {
    do {
      if reference.kind == "PersistentVolumeClaim" {
        // Its volume belonged to the claim that is gone.
        _ = try await kubectl.create(object.withoutVolume, secrets: secrets)
        return "\(reference) is made again, empty: what the broker wrote went with the old one"
      }
      _ = try await kubectl.create(object, secrets: secrets)
      return "\(reference) is made again"
    } catch {
      guard error.saysAddressIsTaken else { throw error }
      _ = try await kubectl.create(object.withoutServiceAddresses, secrets: secrets)
      return "\(reference) is made again with another address, for the old one is taken"
    }
  }

  /// Compares what there is with the backup.
  func verify() async throws(RunFailure) -> [RunDocument.Difference] {
    var differences: [RunDocument.Difference] = []
    try await recorder.step(.verify) {
      let live = try await kubectl.get(backup.objects)
      differences = backup.objects.flatMap { object -> [RunDocument.Difference] in
        let reference = reference(object)
        let now = live.object(kind: reference.kind, name: reference.name)
        return FieldDifference.between(object.content, now?.content ?? .null).map { difference in
          RunDocument.Difference(
            object: PlanDocument.Subject(reference), path: difference.pathText,
            expected: sensitivity.redacting(difference.before, at: difference.path, of: reference),
            found: sensitivity.redacting(difference.after, at: difference.path, of: reference))
        }
      }
      let found = differences
      await recorder.change { $0.differences = found }
      return found.isEmpty
        ? "\(backup.objects.count) objects are as they were"
        : "\(found.count) fields are otherwise than they were"
    }
    return differences
  }

  private func foretoldChanges() async throws(ClientError) -> [RunDocument.Change] {
    let live = try await kubectl.get(backup.objects)
    func change(
      _ reference: ObjectReference, _ kind: ObjectChange.Kind, _ fields: [FieldDifference] = []
    ) -> RunDocument.Change {
      RunDocument.Change(
        object: PlanDocument.Object(reference, kind),
        fields: sensitivity.shown(fields, of: reference))
    }
    var changes: [RunDocument.Change] = []
    for object in backup.objects {
      let reference = reference(object)
      guard let now = live.object(kind: reference.kind, name: reference.name) else {
        changes.append(change(reference, .create))
        continue
      }
      let fields = FieldDifference.between(now.content, object.content)
      let isReplaced =
        reference.kind == "Deployment" && now["spec"]?["selector"] != object["spec"]?["selector"]
      if !fields.isEmpty {
        changes.append(change(reference, isReplaced ? .replace : .update, fields))
      }
    }
    let kept = Set(backup.objects.map(reference))
    for object in backup.created {
      let created = reference(object)
      guard !kept.contains(created), try await kubectl.get(created) != nil else { continue }
      changes.append(change(created, created.kind == "PersistentVolumeClaim" ? .keep : .delete))
    }
    return changes
  }
}

extension ClientError {
  /// Whether helm met an object that is in the cluster and not in the release's last manifest.
  fileprivate var saysNotInRelease: Bool {
    guard case .failed(_, _, let detail) = self else { return false }
    return detail.contains(/no [A-Za-z]+ with the name "/)
  }

  /// Whether another Service has the address by now.
  fileprivate var saysAddressIsTaken: Bool {
    guard case .failed(_, _, let detail) = self else { return false }
    return detail.contains("provided IP") || detail.contains("provided port is already allocated")
  }

  /// Whether the API server refuses a Deployment for what it says; a failed test of a patch, or
  /// what an admission webhook says, is something else.
  fileprivate var isInvalidDeployment: Bool {
    guard case .failed(_, _, let detail) = self else { return false }
    return detail.contains(/The Deployment "[^"]*" is invalid/)
  }
}

extension JSON {
  /// Whether helm made the object for a release.
  fileprivate func belongs(to release: ReleaseIdentity) -> Bool {
    let annotations = self["metadata"]?["annotations"]
    return annotations?["meta.helm.sh/release-name"]?.string == release.name
      && annotations?["meta.helm.sh/release-namespace"]?.string == release.namespace
  }

  /// A claim that waits for a volume of its own.
  fileprivate var withoutVolume: JSON {
    let annotations = (self["metadata"]?["annotations"]?.members ?? [:]).filter {
      !$0.key.contains(".kubernetes.io/")
    }
    return without("spec", "volumeName").replacing(
      ["metadata", "annotations"], with: .object(annotations))
  }

  /// A Deployment in which each variable of a container stands once: the last one, which counts.
  fileprivate var withVariablesOnce: JSON {
    guard case .array(let containers)? = self["spec"]?["template"]?["spec"]?["containers"] else {
      return self
    }
    let once = containers.map { container -> JSON in
      guard case .array(let entries)? = container["env"] else { return container }
      var names: Set<JSON> = []
      let kept = entries.reversed().filter { names.insert($0["name"] ?? .null).inserted }
      return container.replacing(["env"], with: .array(kept.reversed()))
    }
    return replacing(["spec", "template", "spec", "containers"], with: .array(once))
  }
}
