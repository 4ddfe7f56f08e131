package import MigratePlanning

/// What helm knows of releases. Where helm keeps them in Secrets or ConfigMaps, they are read and
/// decoded here, in one request and without a process; helm is asked where it keeps them elsewhere,
/// where a record is not one that is known here, and where there is no kubectl.
package struct ReleaseStore: Sendable {
  private let helm: Helm
  private let cluster: Cluster
  private let storage: Cluster.ReleaseStorage?

  /// Takes helm, the cluster in the namespace of the releases, and helm's variable `HELM_DRIVER`,
  /// which says where releases are kept.
  package init(helm: Helm, cluster: Cluster, driver: String?) {
    self.helm = helm
    self.cluster = cluster
    // As helm reads it: pkg/action/action.go.
    storage =
      switch driver ?? "" {
      case "", "secret", "secrets": .secret
      case "configmap", "configmaps": .configMap
      default: nil
      }
  }

  /// A release as helm keeps it: its last revision, and all that there are, the oldest first.
  package struct Release: Sendable {
    package var last: Helm.Status
    package var history: [HelmRevision]
    /// The revision that runs: the one still deployed where the last operation failed or never
    /// ended.
    package var deployed: Helm.Status
    /// The size of what helm keeps of that one, in bytes; nil where that is not seen.
    package var storedBytes: Int?
    /// The dependencies of the release's chart that have another name there; empty where helm had
    /// to be asked, which does not say so.
    package var aliases: [ChartAlias] = []
  }

  /// Everything about a release.
  ///
  /// - Throws: ``ClientError``.
  package func release(_ name: String) async throws(ClientError) -> Release {
    guard let records = try await records(of: name) else { return try await askedRelease(name) }
    let last = records[records.count - 1]
    let deployed = records.last { $0.status == "deployed" } ?? last
    return Release(
      last: Helm.Status(last), history: records.map(HelmRevision.init),
      deployed: Helm.Status(deployed), storedBytes: deployed.storedBytes,
      aliases: deployed.aliases)
  }

  /// The state of a release's last revision.
  ///
  /// - Throws: ``ClientError``.
  package func status(of name: String) async throws(ClientError) -> Helm.Status {
    guard let records = try await records(of: name) else { return try await helm.status(of: name) }
    return Helm.Status(records[records.count - 1])
  }

  /// The same; nil when it was uninstalled.
  ///
  /// - Throws: ``ClientError``.
  package func installed(_ name: String) async throws(ClientError) -> Helm.Status? {
    do {
      return try await status(of: name)
    } catch .releaseNotFound {
      return nil
    }
  }

  /// The revisions that helm still has, the oldest first.
  ///
  /// - Throws: ``ClientError``.
  package func history(of name: String) async throws(ClientError) -> [HelmRevision] {
    guard let records = try await records(of: name) else { return try await helm.history(of: name) }
    return records.map(HelmRevision.init)
  }

  /// The releases of the whole cluster; of the namespace alone where a user may not see others.
  ///
  /// - Throws: ``ClientError``.
  package func releases() async throws(ClientError) -> [Helm.Listed] {
    guard let storage else { return try await helm.releases() }
    let everywhere = await Result(awaiting: { () async throws(ClusterError) in
      try await cluster.listed(in: storage, isEverywhere: true)
    })
    if case .failure(let error) = everywhere, !error.isForbidden { throw ClientError(error) }
    if case .success(let listed) = everywhere { return listed }
    return try await cluster.asked { cluster throws(ClusterError) in
      try await cluster.listed(in: storage, isEverywhere: false)
    }
  }

  /// A release's revisions, of which there is at least one; nil where helm has to be asked.
  private func records(of name: String) async throws(ClientError) -> [StoredRelease]? {
    guard let storage else { return nil }
    let records: [StoredRelease]
    do {
      records = try await cluster.releases(of: name, in: storage)
    } catch {
      switch error.problem {
      // Helm knows what becomes of a record that is damaged, or of a later time.
      case .unreadable: return nil
      // A machine without kubectl may still have helm; one that was named and is not there is a
      // mistake.
      case .noProgram(.notFound(let executable)) where !executable.contains("/"): return nil
      default: throw ClientError(error)
      }
    }
    guard !records.isEmpty else {
      throw .releaseNotFound(name, namespace: cluster.connection.namespace)
    }
    return records
  }

  private func askedRelease(_ name: String) async throws(ClientError) -> Release {
    let helm = helm
    async let pendingHistory = Result(awaiting: { () async throws(ClientError) in
      try await helm.history(of: name)
    })
    let last = try await helm.status(of: name)
    let history = try await pendingHistory.get()
    let running = history.last { $0.status == "deployed" }?.number ?? last.revision
    return Release(
      last: last, history: history,
      deployed: running == last.revision ? last : try await helm.status(of: name, revision: running)
    )
  }
}

extension Helm.Status {
  fileprivate init(_ record: StoredRelease) {
    self.init(
      name: record.name, namespace: record.namespace, revision: record.revision,
      status: record.status, supplied: record.config, manifest: record.manifest,
      applyMethod: record.applyMethod)
  }
}

extension HelmRevision {
  fileprivate init(_ record: StoredRelease) {
    self.init(
      number: record.revision, status: record.status, chartName: record.chartName,
      chartVersion: record.chartVersion, description: record.description)
  }
}
