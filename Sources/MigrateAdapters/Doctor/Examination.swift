package import MigratePlanning

/// Looks at what the tool works with, everything side by side, and changes nothing.
package struct Examination: Sendable {
  private let helm: Helm
  private let kubectl: Kubectl
  /// The cluster in a namespace.
  private let cluster: @Sendable (_ namespace: String) -> Cluster
  /// What helm knows of a namespace's releases.
  private let releases: @Sendable (_ namespace: String) -> ReleaseStore
  private let namespace: String?

  /// Takes the helm, the kubectl and the cluster to look at, what helm knows of releases there, and
  /// the namespace that was named.
  package init(
    helm: Helm, kubectl: Kubectl, cluster: @escaping @Sendable (_ namespace: String) -> Cluster,
    releases: @escaping @Sendable (_ namespace: String) -> ReleaseStore, namespace: String?
  ) {
    self.helm = helm
    self.kubectl = kubectl
    self.cluster = cluster
    self.releases = releases
    self.namespace = namespace
  }

  /// Looks.
  package func surroundings(
    release: String?, historyPath: String, history: Surroundings.History,
    temporaryFolder: Surroundings.Answer<String>
  ) async -> Surroundings {
    async let pendingHelm = Result(asking: { () async throws(ClientError) in
      try await helm.version()
    })
    async let pendingKubectl = Result(asking: { () async throws(ClientError) in
      try await kubectl.version()
    })
    let context = await Result(asking: { () async throws(ClientError) in
      try await kubectl.context()
    })
    let place = namespace ?? (try? context.get())?.namespace ?? "default"
    let there = cluster(place)
    async let pendingServer = Result(
      asking: there,
      { cluster throws(ClusterError) in
        try await cluster.serverVersion()
      })
    async let pendingPhase = Result(
      asking: there,
      { cluster throws(ClusterError) in
        try await cluster.phase(ofNamespace: place)
      })
    async let pendingPermissions = Result(
      asking: there,
      { cluster throws(ClusterError) in
        try await cluster.granted(ShippedRole.allCases.flatMap { $0.permissions(in: place) }.unique)
      })
    async let pendingRelease = releaseState(release, in: place, there)
    return Surroundings(
      helm: await pendingHelm, kubectl: await pendingKubectl, server: await pendingServer,
      context: context, namespace: place, phase: await pendingPhase,
      permissions: await pendingPermissions, historyPath: historyPath, history: history,
      temporaryFolder: temporaryFolder, release: await pendingRelease)
  }

  private func releaseState(
    _ name: String?, in namespace: String, _ cluster: Cluster
  ) async -> Surroundings.Release? {
    guard let name else { return nil }
    async let pendingLock = Result(
      asking: cluster,
      { cluster throws(ClusterError) in
        try await cluster.lock(of: name)
      })
    async let pendingBackups = Result(
      asking: cluster,
      { cluster throws(ClusterError) in
        try await cluster.backups(of: name)
      })
    let state = await Result(asking: { () async throws(ClientError) in
      try await releaseState(name, releases(namespace))
    })
    var further = Surroundings.Answer<[Permission: Bool]>.failure(.notAsked)
    if case .success(let state) = state {
      let permissions = state.kinds.filter { !$0.isOfRoles }.flatMap {
        $0.permissions(in: namespace)
      }
      further = await Result(
        asking: cluster,
        { cluster throws(ClusterError) in
          try await cluster.granted(permissions)
        })
    }
    return Surroundings.Release(
      name: name, state: state, further: further, lock: await pendingLock,
      backups: await pendingBackups)
  }

  private func releaseState(
    _ name: String, _ releases: ReleaseStore
  ) async throws(ClientError) -> Surroundings.ReleaseState {
    let release = try await releases.release(name)
    let status = release.last
    let revision = release.history.last { $0.number == status.revision }
    var kinds: [ResourceName] = []
    var unknown: [String] = []
    for object in (try? YAMLReader().manifestDocuments(status.manifest)) ?? [] {
      if let name = ResourceName(of: object) {
        kinds.append(name)
      } else if let kind = object["kind"]?.string {
        unknown.append(kind)
      }
    }
    return Surroundings.ReleaseState(
      revision: status.revision, status: status.status,
      chart: revision.map { "\($0.chartName) \($0.chartVersion)" }, kinds: kinds.unique,
      unknownKinds: unknown.unique)
  }
}
