import MigrateAdapters
import MigratePlanning

/// Has helm go back to the revision from before.
struct HelmRollback: RunStep {
  let name = RunDocument.StepName.helm
  let rollback: RollbackInput

  private var helm: Helm { rollback.context.helm }
  private var cluster: Cluster { rollback.context.cluster }
  private var release: ReleaseIdentity { rollback.release }
  private var backup: Backup { rollback.backup }

  func perform() async throws -> String? {
    let status = try await rollback.context.releases.installed(release.name)
    switch try await decision(status) {
    case .recordMissing:
      throw RunFailure(
        .failed,
        "release \"\(release.name)\" was uninstalled, and helm's record of it is not in the "
          + "backup; "
          + "install chart \(release.chartVersion) again with helm, then go back")
    case .putRecordBack:
      try await putRecordBack()
      return "helm's revision \(try await noteRevision()) is put back: the release was uninstalled"
    case .alreadyThere: return "helm is at revision \(release.deployedRevision) already"
    case .alreadyRolledBack(let revision):
      await rollback.recorder.change { $0.release.toRevision = revision }
      return "helm rolled back to revision \(release.deployedRevision) already"
    case .rollBack(let recordMissing, let keptRevisions):
      if recordMissing { try await putRecordBack() }
      return try await rollBack(from: status?.manifest ?? "", keptRevisions)
    }
  }

  private func decision(_ status: Helm.Status?) async throws -> RollbackDecision {
    let hasRecord = backup.record != nil
    let installed = status.map {
      RollbackDecision.Installed(
        revision: $0.revision, status: $0.status, applyMethod: $0.applyMethod)
    }
    if let decision = RollbackDecision(installed, release: release, hasRecord: hasRecord) {
      return decision
    }
    let history = try await rollback.context.releases.history(of: release.name)
    return RollbackDecision(installed, history, release: release, hasRecord: hasRecord)
  }

  /// Puts helm's record of the revision back; helm then knows it as it was.
  private func putRecordBack() async throws {
    if let record = backup.record { _ = try await cluster.create(record) }
  }

  /// Notes the revision that helm is at.
  private func noteRevision() async throws -> Int {
    let revision = try await rollback.context.releases.status(of: release.name).revision
    await rollback.recorder.change { $0.release.toRevision = revision }
    return revision
  }

  private func rollBack(from text: String, _ keptRevisions: Int) async throws -> String {
    let manifest = try Objects(YAMLReader().manifestDocuments(text))
    let claims = try await keepClaims(of: manifest)
    try await clearServices(of: manifest)
    try await rollBack(keptRevisions, in: try await manner(beyond: manifest))
    return "helm made revision \(try await noteRevision()) of revision \(release.deployedRevision)"
      + claims.map { ", \($0) is kept with what the broker wrote" }.joined()
  }

  private func manner(beyond manifest: Objects) async throws -> RollbackManner {
    let takesOver = rollback.deployments.contains {
      manifest.counterpart(of: $0.object, in: release.namespace) == nil
    }
    let method = release.applyMethod
    let needsVersion = RollbackManner.dependsOnVersion(takesOver: takesOver, applyMethod: method)
    return RollbackManner(
      takesOver: takesOver, applyMethod: method,
      helmVersion: needsVersion ? try await helm.version() : nil)
  }

  private func rollBack(_ keptRevisions: Int, in manner: RollbackManner) async throws {
    func rollBack(_ method: ReleaseIdentity.ApplyMethod? = nil) async throws(ClientError) {
      try await helm.rollback(
        release.name, to: release.deployedRevision, keptRevisions: keptRevisions,
        forcesConflicts: rollback.isServerSide, applying: method,
        timeout: rollback.options.timeout)
    }
    switch manner {
    case .plain:
      do {
        try await rollBack()
      } catch {
        // A Deployment that the apply renamed, or an object that was marked to be kept; or what
        // was set by hand does not go together with what helm applies.
        let isCleared = error.isInvalid ? try await holdAsHelmMadeIt() : error.isNotInRelease
        guard isCleared else { throw error }
        try await rollBack()
      }
    case .onServerThenOnClient:
      try await rollBack(.serverSide)
      try await rollBack(.clientSide)
    }
  }

  /// Gives the Deployments, which are paused, the Pod templates of helm's own manifest: of those
  /// and what it applies, its merge makes the same again. What was set by hand is put back after
  /// helm.
  ///
  /// - Returns: whether there was such a one.
  private func holdAsHelmMadeIt() async throws -> Bool {
    var isHeld = false
    for deployment in rollback.deployments {
      let live = rollback.live(deployment)
      guard
        let made = backup.snapshot.manifest.counterpart(
          of: deployment.object, in: release.namespace), let now = try await live.live()
      else { continue }
      _ = try await live.pause(now, as: Deployment(made))
      isHeld = true
    }
    return isHeld
  }

  /// Marks the claims that came after the backup, by the apply or by whoever upgraded later: helm
  /// deletes what its older manifest lacks, and with a claim what the broker wrote. It goes by the
  /// live object's annotation.
  private func keepClaims(of manifest: Objects) async throws(ClusterError) -> [ObjectReference] {
    let claims = Set((backup.created + manifest.all).map(rollback.reference))
      .subtracting(rollback.kept).filter { $0.kind == "PersistentVolumeClaim" }.sorted()
    var found: [ObjectReference] = []
    for claim in claims where try await cluster.get(claim) != nil {
      _ = try await cluster.patch(
        claim, with: ["metadata": ["annotations": ["helm.sh/resource-policy": "keep"]]], as: .merge)
      found.append(claim)
    }
    return found
  }

  /// Takes away what was set by hand on Services since, and Kubernetes would refuse beside what
  /// helm goes back to. What was there before the apply is put back afterwards.
  private func clearServices(of manifest: Objects) async throws(ClusterError) {
    for service in manifest.all(kind: "Service") {
      let reference = rollback.reference(service)
      guard let live = try await cluster.get(reference),
        let leftovers = ServiceLeftovers.patch(of: live, from: service, to: service)
      else { continue }
      _ = try await cluster.patch(reference, with: leftovers)
    }
  }
}
