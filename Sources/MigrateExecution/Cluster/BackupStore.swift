package import MigrateAdapters
package import MigratePlanning

/// Keeps backups in Secrets of the release's own namespace.
package enum BackupStore {
  /// Helm's Secret of a revision, as it is; nil when helm keeps its revisions elsewhere.
  ///
  /// - Throws: ``ClusterError``.
  static func record(
    of release: String, revision: Int, with cluster: Cluster
  ) async throws(ClusterError) -> JSON? {
    let name = recordName(of: release, revision: revision)
    return try await cluster.get(ObjectReference(kind: "Secret", name: name))?.content
  }

  static func recordName(of release: String, revision: Int) -> String {
    "sh.helm.release.v1.\(release).v\(revision)"
  }

  /// Writes a backup and reads it back; half a backup is taken away again.
  ///
  /// - Returns: the number of Secrets.
  /// - Throws: `RunFailure`.
  static func write(
    _ backup: Backup, dryRun: Bool = false, with cluster: Cluster
  ) async throws(RunFailure) -> Int {
    let secrets = backup.secrets
    do throws(RunFailure) {
      for secret in secrets {
        do {
          _ = try await cluster.create(secret, dryRun: dryRun)
        } catch {
          throw RunFailure(
            .refused, "the backup cannot be kept in Secret \"\(secret.objectName)\": \(error)")
        }
      }
      if !dryRun { _ = try await read(run: backup.run, with: cluster) }
    } catch {
      if !dryRun {
        for secret in secrets {
          let reference = ObjectReference(kind: "Secret", name: secret.objectName)
          try? await cluster.remove(reference)
        }
      }
      throw error
    }
    return secrets.count
  }

  /// Reads the backup that a run made.
  ///
  /// - Throws: `RunFailure` when there is none, or it is damaged.
  package static func read(
    run: String, with cluster: Cluster
  ) async throws(RunFailure) -> Backup {
    guard let backup = try await backup("\(BackupLabels.run)=\(run)", with: cluster) else {
      throw missing(of: run)
    }
    return backup
  }

  /// Reads the newest backup of a release; nil when there is none.
  ///
  /// - Throws: `RunFailure` when it is damaged, or cannot be read.
  package static func latest(
    of release: String, with cluster: Cluster
  ) async throws(RunFailure) -> Backup? {
    try await backup("\(BackupLabels.release)=\(release)", with: cluster)
  }

  /// That there is no backup of something, and what to do: look for one, if there is no better
  /// advice.
  package static func missing(of what: String, advice: String? = nil) -> RunFailure {
    RunFailure(
      .refused,
      "there is no backup of \(what) in this namespace; "
        + (advice
          ?? "look for one with \"kubectl get secrets --all-namespaces --selector "
          + "\(BackupLabels.release)\""))
  }

  /// Takes away what a run left of a backup that it did not finish: nothing was changed then, so
  /// that nobody needs it.
  ///
  /// - Throws: ``ClusterError``.
  static func sweep(_ run: String, with cluster: Cluster) async throws(ClusterError) {
    for secret in try await secrets("\(BackupLabels.run)=\(run)", with: cluster) {
      try await cluster.remove(ObjectReference(kind: "Secret", name: secret.objectName))
    }
  }

  private static func secrets(
    _ selector: String, with cluster: Cluster
  ) async throws(ClusterError) -> [JSON] {
    try await cluster.list("secrets", Cluster.Selection(labels: selector)).all
      .filter { $0["type"]?.string == Backup.secretType }
  }

  private static func backup(
    _ selector: String, with cluster: Cluster
  ) async throws(RunFailure) -> Backup? {
    do {
      let found = try await secrets(selector, with: cluster)
      let runs = Dictionary(grouping: found) {
        $0["metadata"]?["labels"]?[BackupLabels.run]?.string ?? ""
      }
      func moment(_ parts: [JSON]) -> String {
        parts.compactMap {
          $0["metadata"]?["annotations"]?["backbone-migrate/created-at"]?.string
        }.max() ?? ""
      }
      var damage: (any Error)?
      // One that was not finished is no backup, as long as there is another.
      for parts in runs.values.sorted(by: { moment($0) > moment($1) }) {
        do {
          return try Backup(json: try JSONReader.ofDocuments.value(try Backup.text(of: parts)))
        } catch {
          damage = damage ?? error
        }
      }
      if let damage { throw damage }
      return nil
    } catch {
      throw (error as? RunFailure) ?? RunFailure(.refused, "\(error)")
    }
  }
}
