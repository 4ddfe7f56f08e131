package import MigrateAdapters
package import MigratePlanning

/// Keeps backups in Secrets of the release's own namespace.
package enum BackupStore {
  /// Helm's Secret of a revision, as it is; nil when helm keeps its revisions elsewhere.
  ///
  /// - Throws: ``ClientError``.
  static func record(
    of release: String, revision: Int, with kubectl: Kubectl
  ) async throws(ClientError) -> JSON? {
    let name = recordName(of: release, revision: revision)
    return try await kubectl.get(ObjectReference(kind: "Secret", name: name))?.content
  }

  static func recordName(of release: String, revision: Int) -> String {
    "sh.helm.release.v1.\(release).v\(revision)"
  }

  /// Writes a backup and reads it back; half a backup is taken away again.
  ///
  /// - Returns: the number of Secrets.
  /// - Throws: ``RunFailure``.
  static func write(
    _ backup: Backup, dryRun: Bool = false, with kubectl: Kubectl
  ) async throws(RunFailure) -> Int {
    let secrets = backup.secrets
    do throws(RunFailure) {
      for secret in secrets {
        do {
          _ = try await kubectl.create(secret, dryRun: dryRun, secrets: [])
        } catch {
          throw RunFailure(
            .refused, "the backup cannot be kept in Secret \"\(secret.objectName)\": \(error)")
        }
      }
      if !dryRun { _ = try await read(run: backup.run, with: kubectl) }
    } catch {
      if !dryRun {
        for secret in secrets {
          let reference = ObjectReference(kind: "Secret", name: secret.objectName)
          try? await kubectl.delete(reference, timeout: 10)
        }
      }
      throw error
    }
    return secrets.count
  }

  /// Reads the backup that a run made.
  ///
  /// - Throws: ``RunFailure`` when there is none, or it is damaged.
  package static func read(
    run: String, with kubectl: Kubectl
  ) async throws(RunFailure) -> Backup {
    try await backup("of \(run)", "\(BackupLabels.run)=\(run)", with: kubectl)
  }

  /// Reads the newest backup of a release.
  ///
  /// - Throws: ``RunFailure`` when there is none, or it is damaged.
  package static func latest(
    of release: String, with kubectl: Kubectl
  ) async throws(RunFailure) -> Backup {
    try await backup(
      "of release \"\(release)\"", "\(BackupLabels.release)=\(release)", with: kubectl)
  }

  private static func backup(
    _ what: String, _ selector: String, with kubectl: Kubectl
  ) async throws(RunFailure) -> Backup {
    do {
      let found = try await kubectl.list(["secrets", "--selector", selector]).all
        .filter { $0["type"]?.string == Backup.secretType }
      func moment(_ secret: JSON) -> String {
        secret["metadata"]?["annotations"]?["backbone-migrate/created-at"]?.string ?? ""
      }
      guard let newest = found.max(by: { moment($0) < moment($1) }) else {
        throw RunFailure(
          .refused,
          "there is no backup \(what) in this namespace; look for one with "
            + "\"kubectl get secrets --all-namespaces --selector \(BackupLabels.release)\"")
      }
      let run = newest["metadata"]?["labels"]?[BackupLabels.run]
      let parts = found.filter { $0["metadata"]?["labels"]?[BackupLabels.run] == run }
      return try Backup(json: try JSONReader().value(try Backup.text(of: parts)))
    } catch {
      throw (error as? RunFailure) ?? RunFailure(.refused, "\(error)")
    }
  }
}
