package import MigratePlanning

extension Helm {
  /// What decides an upgrade.
  package struct Upgrade: Sendable {
    package var release: String
    /// The chart as it was read: a packaged chart or a folder.
    package var chart: String
    package var values: JSON
    package var description: String
    /// The revisions that helm keeps.
    package var keptRevisions: Int
    package var applyMethod: ReleaseIdentity.ApplyMethod
    /// How long helm may wait for the chart's hooks.
    package var timeout: Duration

    package init(
      release: String, chart: String, values: JSON, description: String, keptRevisions: Int,
      applyMethod: ReleaseIdentity.ApplyMethod, timeout: Duration
    ) {
      self.timeout = timeout
      self.release = release
      self.chart = chart
      self.values = values
      self.description = description
      self.keptRevisions = keptRevisions
      self.applyMethod = applyMethod
    }
  }

  /// Upgrades a release with exactly these values; does not wait for Pods, and never lets helm roll
  /// back by itself.
  ///
  /// Values go to helm on standard input. Helm is not told to force conflicts: where everything was
  /// prepared there are none, and one that shows up is somebody else's doing.
  ///
  /// - Throws: ``ClientError``.
  package func upgrade(_ upgrade: Upgrade) async throws(ClientError) {
    var arguments = [
      "upgrade", upgrade.release, upgrade.chart, "--reset-values", "--values", "-",
      "--description", upgrade.description, "--history-max", String(upgrade.keptRevisions),
      "--timeout", "\(upgrade.timeout.components.seconds)s",
    ]
    if upgrade.applyMethod == .serverSide, upgrade.values.defeatsServerSideApply {
      arguments.append("--server-side=false")
    }
    if upgrade.values.defeatsSchemaValidation { arguments.append(Self.skipSchemaFlag) }
    _ = try await output(
      "helm upgrade \(upgrade.release)", arguments, scope: .change(waiting: upgrade.timeout),
      input: Array(upgrade.values.valuesText.utf8))
  }

  /// Rolls a release back to a revision that helm still has; does not wait for Pods.
  ///
  /// It has to keep more revisions than there are, else it prunes the very one that it goes back
  /// to. With `forcesConflicts`, fields are taken from their owners, where helm applies on the
  /// server; without a method, Helm 4 applies in the way of the revision.
  ///
  /// - Throws: ``ClientError``.
  package func rollback(
    _ release: String, to revision: Int, keptRevisions: Int, forcesConflicts: Bool,
    applying method: ReleaseIdentity.ApplyMethod?, timeout: Duration
  ) async throws(ClientError) {
    var arguments = [
      "rollback", release, String(revision), "--history-max", String(keptRevisions), "--timeout",
      "\(timeout.components.seconds)s",
    ]
    switch method {
    case .serverSide?: arguments += ["--server-side=true", "--force-conflicts"]
    case .clientSide?: arguments.append("--server-side=false")
    case nil: if forcesConflicts { arguments.append("--force-conflicts") }
    }
    _ = try await output(
      "helm rollback \(release)", arguments, scope: .change(waiting: timeout))
  }
}
