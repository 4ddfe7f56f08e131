package import MigratePlanning

/// Looks at what the tool works with, everything side by side, and changes nothing.
package struct Examination: Sendable {
  private let helm: @Sendable (_ namespace: String) -> Helm
  /// The kubectl of a namespace; nil for the context's.
  private let kubectl: @Sendable (_ namespace: String?) -> Kubectl
  private let namespace: String?

  /// Takes the helm and the kubectl to look at, and the namespace that was named.
  package init(
    helm: @escaping @Sendable (_ namespace: String) -> Helm,
    kubectl: @escaping @Sendable (_ namespace: String?) -> Kubectl, namespace: String?
  ) {
    self.helm = helm
    self.kubectl = kubectl
    self.namespace = namespace
  }

  /// Looks.
  package func surroundings(
    release: String?, historyPath: String, history: Surroundings.History,
    temporaryFolder: Surroundings.Answer<String>
  ) async -> Surroundings {
    let anywhere = kubectl(nil)
    async let pendingHelm = Result(asking: { () async throws(ClientError) in
      // Its version has no namespace.
      try await helm(namespace ?? "default").version()
    })
    async let pendingKubectl = Result(asking: { () async throws(ClientError) in
      try await anywhere.version()
    })
    async let pendingServer = Result(asking: { () async throws(ClientError) in
      try await anywhere.serverVersion()
    })
    let context = await Result(asking: { () async throws(ClientError) in
      try await anywhere.context()
    })
    let place = namespace ?? (try? context.get())?.namespace ?? "default"
    let there = kubectl(place)
    async let pendingPhase = Result(asking: { () async throws(ClientError) in
      try await there.phase(ofNamespace: place)
    })
    async let pendingPermissions = Result(asking: { () async throws(ClientError) in
      try await there.granted(ShippedRole.allCases.flatMap { $0.permissions(in: place) }.unique)
    })
    async let pendingRelease = releaseState(release, in: place, there)
    return Surroundings(
      helm: await pendingHelm, kubectl: await pendingKubectl, server: await pendingServer,
      context: context, namespace: place, phase: await pendingPhase,
      permissions: await pendingPermissions, historyPath: historyPath, history: history,
      temporaryFolder: temporaryFolder, release: await pendingRelease)
  }

  private func releaseState(
    _ name: String?, in namespace: String, _ kubectl: Kubectl
  ) async -> Surroundings.Release? {
    guard let name else { return nil }
    async let pendingLock = Result(asking: { () async throws(ClientError) in
      try await kubectl.lock(of: name)
    })
    async let pendingBackups = Result(asking: { () async throws(ClientError) in
      try await kubectl.backups(of: name)
    })
    let state = await Result(asking: { () async throws(ClientError) in
      try await releaseState(name, with: helm(namespace))
    })
    var further = Surroundings.Answer<[Permission: Bool]>.failure(.notAsked)
    if case .success(let state) = state {
      let permissions = state.kinds.filter { !$0.isOfRoles }.flatMap {
        $0.permissions(in: namespace)
      }
      further = await Result(asking: { () async throws(ClientError) in
        try await kubectl.granted(permissions)
      })
    }
    return Surroundings.Release(
      name: name, state: state, further: further, lock: await pendingLock,
      backups: await pendingBackups)
  }

  private func releaseState(
    _ release: String, with helm: Helm
  ) async throws(ClientError) -> Surroundings.ReleaseState {
    async let pendingHistory = Result(awaiting: { () async throws(ClientError) in
      try await helm.history(of: release)
    })
    let status = try await helm.status(of: release)
    // Without its history there is less to say.
    let revision = (try? await pendingHistory.get())?.last { $0.number == status.revision }
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
