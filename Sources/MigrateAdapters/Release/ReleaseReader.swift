package import MigratePlanning

/// Reads a live release: what helm knows of it, and what the cluster has.
package struct ReleaseReader: Sendable {
  private let releases: ReleaseStore
  private let cluster: @Sendable (_ namespace: String?) -> Cluster
  private let context: String?

  /// Takes what helm knows, the cluster in the namespace of the release (nil for the context's),
  /// and the kubeconfig context as the operator named it.
  package init(
    releases: ReleaseStore, cluster: @escaping @Sendable (_ namespace: String?) -> Cluster,
    context: String?
  ) {
    self.releases = releases
    self.cluster = cluster
    self.context = context
  }

  /// Reads a release: helm's, or else the objects that Argo CD makes of an Application of that
  /// name.
  ///
  /// - Throws: ``ClientError``.
  package func read(
    _ release: String, withRoleBindings: Bool = false
  ) async throws(ClientError) -> Snapshot {
    let found: ReleaseStore.Release
    do {
      found = try await releases.release(release)
    } catch .releaseNotFound(let name, let namespace) {
      // Argo CD renders with helm and keeps no release; a mistyped name is the commoner reason.
      guard
        let application = try? await Application(
          release, cluster: cluster(namespace), in: namespace)
      else { throw .releaseNotFound(name, namespace: namespace) }
      return try await read(application, withRoleBindings: withRoleBindings)
    }
    return try await read(found, withRoleBindings: withRoleBindings)
  }

  /// Reads a release of helm's.
  ///
  /// Every object of the manifest is read side by side, the ServiceAccount that it names, and the
  /// namespace kube-system, whose uid names the cluster. Only what the live Deployment turns out to
  /// name beyond that takes further questions.
  private func read(
    _ release: ReleaseStore.Release, withRoleBindings: Bool
  ) async throws(ClientError) -> Snapshot {
    let (last, status, history) = (release.last, release.deployed, release.history)
    guard last.status != "uninstalled" else {
      throw .releaseUninstalled(last.name, namespace: last.namespace, revision: last.revision)
    }
    let there = cluster(status.namespace)
    let manifest = try objects(ofManifest: status.manifest)
    let found = try await read(
      manifest, status.namespace, in: there, withRoleBindings: withRoleBindings)
    let revision = history.last { $0.number == status.revision }
    return Snapshot(
      release: ReleaseIdentity(
        name: status.name, namespace: status.namespace, revision: last.revision,
        status: last.status, chartName: revision?.chartName ?? "",
        chartVersion: revision?.chartVersion ?? "", context: context,
        clusterID: found.clusterID, applyMethod: status.applyMethod,
        deployedRevision: status.revision),
      supplied: status.supplied, manifest: manifest, live: found.live, related: found.related,
      sourceKeys: found.sourceKeys, templates: Self.templates(inManifest: status.manifest),
      aliases: release.aliases,
      revisions: history.map(\.number), storedBytes: release.storedBytes,
      unserved: found.unserved, hidden: found.hidden)
  }

  /// Reads what Argo CD made of an Application.
  private func read(
    _ application: Application, withRoleBindings: Bool
  ) async throws(ClientError) -> Snapshot {
    let found = try await read(
      application.manifest, application.namespace, in: cluster(application.namespace),
      withRoleBindings: withRoleBindings)
    return Snapshot(
      release: ReleaseIdentity(
        name: application.name, namespace: application.namespace, revision: 0, status: "none",
        chartName: application.chart?.name ?? "", chartVersion: application.chart?.version ?? "",
        context: context, clusterID: found.clusterID, applyMethod: application.applyMethod,
        nameInChart: application.releaseName),
      supplied: application.supplied, manifest: application.manifest, live: found.live,
      related: found.related, sourceKeys: found.sourceKeys, unserved: found.unserved,
      hidden: found.hidden + application.hidden)
  }

  /// What the cluster has of a release.
  private struct Found {
    /// The objects of the manifest.
    var live: Objects
    /// What it depends on beside them.
    var related: Objects
    var sourceKeys: SourceKeys
    /// Those of the manifest whose kind is not served, as far as they are named.
    var unserved: [JSON]
    var hidden: [Unchecked]
    /// The uid of the namespace kube-system; nil when it could not be read.
    var clusterID: String?
  }

  private func read(
    _ manifest: Objects, _ namespace: String, in cluster: Cluster, withRoleBindings: Bool
  ) async throws(ClientError) -> Found {
    async let pendingBindings = Result(awaiting: { () async throws(ClusterError) in
      withRoleBindings ? try await cluster.roleBindings().all : []
    })
    let accounts = serviceAccounts(of: manifest)
    var hidden: [Unchecked] = []
    let found: Objects
    var unserved: [JSON] = []
    do {
      (found, unserved) = try await live(manifest, namespace, accounts: accounts, cluster)
    } catch  where error.hidesLiveObjects {
      hidden = Self.hidden(because: error)
      found = manifest
    }
    let clusterID = found.object(kind: "Namespace", name: "kube-system")?["metadata"]?["uid"]
    let held = Set(manifest.references(defaultNamespace: namespace))
    let isHeld = { (object: JSON) in
      held.contains(object.objectReference(defaultNamespace: namespace))
    }
    let live = Objects(found.all.filter(isHeld))
    var related = found.all.filter { object in
      !isHeld(object) && (object["kind"] != "Namespace" || object.objectName == namespace)
    }
    let further =
      serviceAccounts(of: live).filter { !accounts.contains($0) }
      .map { Self.object("ServiceAccount", $0, in: namespace) }
      + claims(of: live).map { Self.object("PersistentVolumeClaim", $0, in: namespace) }
      .filter { live.counterpart(of: $0, in: namespace) == nil }
    do {
      related += try await cluster.asked { cluster throws(ClusterError) in
        try await cluster.get(further).all
      }
    } catch .failed(_, _, .forbidden, let detail) {
      hidden.append(
        Unchecked(
          code: FindingCode.singleWriterRollout.rawValue,
          reason: "the claims that the Pods mount could not be read: \(detail)"))
      related += try await cluster.asked { cluster throws(ClusterError) in
        try await cluster.get(further.filter { $0["kind"] != "PersistentVolumeClaim" }).all
      }
    }
    var sourceKeys: SourceKeys = [:]
    for source in sources(of: live) where sourceKeys[source] == nil {
      sourceKeys[source] = try await cluster.asked { cluster throws(ClusterError) in
        try await cluster.keys(of: source)
      }
    }
    switch await pendingBindings {
    case .success(let bindings): related += bindings
    case .failure(let error):
      hidden.append(
        Unchecked(
          code: FindingCode.roleBindingLeftBehind.rawValue,
          reason: "bindings of the ServiceAccount could not be read: \(ClientError(error))"))
    }
    return Found(
      live: live, related: Objects(related), sourceKeys: sourceKeys, unserved: unserved,
      hidden: hidden,
      clusterID: clusterID?.string)
  }

  /// What stays unknown when the live objects cannot be read, and the release's manifest has to
  /// stand in for them.
  package static func hidden(because reason: some CustomStringConvertible) -> [Unchecked] {
    [
      (FindingCode.drift, "what was set by hand on the live Deployment is not seen"),
      (.serviceAccountMissing, "whether the ServiceAccount exists is not seen"),
    ].map { code, what in Unchecked(code: code.rawValue, reason: "\(what): \(reason)") }
  }

  /// The templates that a manifest's `# Source:` comments name.
  package static func templates(inManifest text: String) -> [String] {
    var templates: [String] = []
    for line in text.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map(Substring.init)
    where line.hasPrefix("# Source: ") {
      let template = String(line.dropFirst("# Source: ".count))
      if !templates.contains(template) { templates.append(template) }
    }
    return templates
  }

  private func objects(ofManifest text: String) throws(ClientError) -> Objects {
    do {
      return Objects(try YAMLReader().manifestDocuments(text))
    } catch {
      throw .unreadable(action: "helm status", reason: "the manifest: \(error)")
    }
  }

  /// The live objects, with kube-system and the release's namespace where they may be read; and
  /// those of the manifest whose kind is not served.
  ///
  /// Such an object may be there all the same, in a version that Kubernetes serves now.
  private func live(
    _ manifest: Objects, _ namespace: String, accounts: [String], _ cluster: Cluster
  ) async throws(ClientError) -> (Objects, unserved: [JSON]) {
    let needed =
      manifest.all
      + accounts.map { Self.object("ServiceAccount", $0, in: namespace) }
      .filter { manifest.counterpart(of: $0, in: namespace) == nil }
    // Whoever may not read kube-system may still read his own.
    let namespaces = Set([namespace, "kube-system"]).sorted().map {
      Self.object("Namespace", $0)
    }
    return try await cluster.asked { cluster throws(ClusterError) in
      let looks = try await cluster.look(for: needed + namespaces)
      var (live, unserved): ([JSON], [JSON]) = ([], [])
      for (object, look) in zip(needed, looks) {
        switch look {
        case .live(let found): live.append(found)
        case .absent: break
        case .hidden(let error): throw error
        case .notServed:
          unserved.append(object.identity)
          if let found = try await cluster.inServedVersion(object) { live.append(found) }
        }
      }
      live += looks.dropFirst(needed.count).compactMap { look in
        if case .live(let namespace) = look { namespace } else { nil }
      }
      return (Objects(live), unserved)
    }
  }

  private func deployments(_ objects: Objects) -> [JSON] {
    objects.all(kind: "Deployment").map { $0["spec"]?["template"]?["spec"] ?? [:] }
  }

  private func serviceAccounts(of objects: Objects) -> [String] {
    Set(
      deployments(objects).compactMap { $0["serviceAccountName"]?.string }.filter { !$0.isEmpty }
    ).sorted()
  }

  private func sources(of objects: Objects) -> [EnvironmentSource.Identity] {
    deployments(objects).flatMap { $0["containers"]?.elements ?? [] }
      .flatMap { ContainerEnvironment(container: $0).deciding }
  }

  /// The claims that the Pods mount.
  private func claims(of objects: Objects) -> [String] {
    Set(
      deployments(objects).flatMap { $0["volumes"]?.elements ?? [] }
        .compactMap { $0["persistentVolumeClaim"]?["claimName"]?.string }
    ).sorted()
  }

  /// An object of the core API, as far as it is named.
  private static func object(
    _ kind: String, _ name: String, in namespace: String? = nil
  ) -> JSON {
    var metadata: [String: JSON] = ["name": .string(name)]
    if let namespace { metadata["namespace"] = .string(namespace) }
    return ["apiVersion": "v1", "kind": .string(kind), "metadata": .object(metadata)]
  }
}
