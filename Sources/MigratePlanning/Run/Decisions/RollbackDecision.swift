/// What a rollback has to do with helm, by what helm says of the release.
package enum RollbackDecision: Hashable, Sendable {
  /// The release was uninstalled; helm knows it again when its record is put back.
  case putRecordBack
  /// The release was uninstalled, and its record is not in the backup.
  case recordMissing
  /// Helm is at the revision from before.
  case alreadyThere
  /// An earlier try rolled back.
  case alreadyRolledBack(revision: Int)
  /// `helm rollback`, keeping so many revisions that it does not prune the very one it goes back
  /// to; where helm has pruned that already, its record has to be made again first.
  case rollBack(recordMissing: Bool, keptRevisions: Int)

  /// The release as helm has it.
  package struct Installed: Hashable, Sendable {
    package var revision: Int
    package var status: String
    package var applyMethod: ReleaseIdentity.ApplyMethod

    package init(revision: Int, status: String, applyMethod: ReleaseIdentity.ApplyMethod) {
      self.revision = revision
      self.status = status
      self.applyMethod = applyMethod
    }
  }

  /// Decides where helm's last revision is enough to decide, or the release was uninstalled; nil
  /// where its history has to be read. The backup may have helm's record of the revision to go back
  /// to.
  package init?(_ installed: Installed?, release: ReleaseIdentity, hasRecord: Bool) {
    guard let installed else {
      self = hasRecord ? .putRecordBack : .recordMissing
      return
    }
    guard installed.revision == release.deployedRevision, installed.status == "deployed" else {
      return nil
    }
    self = .alreadyThere
  }

  /// Decides by helm's history, the oldest revision first.
  package init(
    _ installed: Installed?, _ history: [HelmRevision], release: ReleaseIdentity, hasRecord: Bool
  ) {
    if let last = history.last, last.isDeployed, last.isRollback(to: release.deployedRevision),
      installed?.applyMethod == release.applyMethod
    {
      self = .alreadyRolledBack(revision: last.number)
    } else {
      let isPruned = !history.contains { $0.number == release.deployedRevision }
      self = .rollBack(
        recordMissing: isPruned && hasRecord, keptRevisions: max(10, history.count + 3))
    }
  }
}

/// In which way helm's rollback leaves a Deployment alone that was made again and that the
/// release's last manifest does not have, because the apply had renamed it.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum RollbackManner: Hashable, Sendable {
  /// As ever. Helm 3 fails at an object that its last manifest lacks; that is a new beginning, from
  /// which it takes the object over, so it is tried once more.
  case plain
  /// Helm 4's merge would take away what the manifest lacks; applying on the server does not. The
  /// second time brings the release back to the method that it had.
  case onServerThenOnClient

  /// Whether helm's version decides.
  package static func dependsOnVersion(
    takesOver: Bool, applyMethod: ReleaseIdentity.ApplyMethod
  ) -> Bool { takesOver && applyMethod == .clientSide }

  /// Decides by whether helm meets a Deployment that its last manifest does not have, and by helm's
  /// version without the leading `v`; nil where that does not matter.
  package init(
    takesOver: Bool, applyMethod: ReleaseIdentity.ApplyMethod, helmVersion: String?
  ) {
    guard Self.dependsOnVersion(takesOver: takesOver, applyMethod: applyMethod), let helmVersion
    else {
      self = .plain
      return
    }
    self = helmVersion.hasPrefix("3.") ? .plain : .onServerThenOnClient
  }
}
