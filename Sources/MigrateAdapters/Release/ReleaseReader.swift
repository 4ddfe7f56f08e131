package import MigratePlanning

/// Reads a live release: what helm knows of it, and what the cluster has.
package struct ReleaseReader: Sendable {
  private let helm: Helm
  private let kubectl: @Sendable (_ namespace: String) -> Kubectl
  private let context: String?

  /// Takes the helm to use, the kubectl for the namespace that helm turns out to look at, and the
  /// kubeconfig context as the operator named it.
  package init(
    helm: Helm, kubectl: @escaping @Sendable (_ namespace: String) -> Kubectl, context: String?
  ) {
    self.helm = helm
    self.kubectl = kubectl
    self.context = context
  }

  /// Reads a release.
  ///
  /// After helm's status, one kubectl call reads every object of the manifest, the ServiceAccount that
  /// it names, and the namespace kube-system, whose uid names the cluster; helm's history runs beside
  /// it. More at once would only make all of them wait on a machine with two cores. Only what the live Deployment turns out to name beyond that takes further calls.
  ///
  /// - Throws: ``ClientError``.
  package func read(
    _ release: String, withRoleBindings: Bool = false
  ) async throws(ClientError) -> Snapshot {
    let last = try await helm.status(of: release)
    async let pendingHistory = Result(awaiting: { () async throws(ClientError) in
      try await helm.history(of: release)
    })
    let status =
      last.status == "deployed" ? last : try await deployed(last, await pendingHistory.get())
    let kubectl = kubectl(status.namespace)
    let manifest = try objects(ofManifest: status.manifest)
    let accounts = serviceAccounts(of: manifest)
    async let pendingSize = Result(awaiting: { () async throws(ClientError) in
      // Compressed, a release of this size is far from the limit.
      status.manifest.utf8.count > 200_000
        ? try await kubectl.storedBytes(release: status.name, revision: status.revision) : nil
    })
    async let pendingBindings = Result(awaiting: { () async throws(ClientError) in
      withRoleBindings ? try await kubectl.roleBindings().all : []
    })
    var hidden: [Unchecked] = []
    let found: Objects
    do {
      found = try await live(status, manifest, accounts: accounts, kubectl)
    } catch  where error.hidesLiveObjects {
      hidden = Self.hidden(because: error)
      found = manifest
    }
    let namespaceUID = found.object(kind: "Namespace", name: "kube-system")?["metadata"]?["uid"]
    let held = Set(manifest.references(defaultNamespace: status.namespace))
    let isHeld = { (object: JSON) in
      held.contains(object.objectReference(defaultNamespace: status.namespace))
    }
    let live = Objects(found.all.filter(isHeld))
    var related = found.all.filter { object in
      !isHeld(object) && (object["kind"] != "Namespace" || object.objectName == status.namespace)
    }
    let further =
      serviceAccounts(of: live).filter { !accounts.contains($0) }
      .map { self.manifest(of: "ServiceAccount", $0, namespace: status.namespace) }
      + claims(of: live).filter { live.object(kind: "PersistentVolumeClaim", name: $0) == nil }
      .map { self.manifest(of: "PersistentVolumeClaim", $0, namespace: status.namespace) }
    if !further.isEmpty {
      do {
        related += try await kubectl.get(manifests: further).all
      } catch .failed(_, _, let detail) where detail.contains("forbidden") {
        hidden.append(
          Unchecked(
            code: FindingCode.singleWriterRollout.rawValue,
            reason: "the claims that the Pods mount could not be read: \(detail)"))
        related += try await kubectl.get(
          manifests: further.filter { !$0.contains("PersistentVolumeClaim") }
        ).all
      }
    }
    var sourceKeys: SourceKeys = [:]
    for source in sources(of: live) where sourceKeys[source] == nil {
      sourceKeys[source] = try await kubectl.keys(of: source)
    }
    switch await pendingBindings {
    case .success(let bindings): related += bindings
    case .failure(let error):
      hidden.append(
        Unchecked(
          code: FindingCode.roleBindingLeftBehind.rawValue,
          reason: "bindings of the ServiceAccount could not be read: \(error)"))
    }
    let history = try await pendingHistory.get()
    let revision = history.last { $0.number == status.revision }
    return Snapshot(
      release: ReleaseIdentity(
        name: status.name, namespace: status.namespace, revision: last.revision,
        status: last.status, chartName: revision?.chartName ?? "",
        chartVersion: revision?.chartVersion ?? "", context: context,
        clusterID: namespaceUID?.string, applyMethod: status.applyMethod,
        deployedRevision: status.revision),
      supplied: status.supplied, manifest: manifest, live: live, related: Objects(related),
      sourceKeys: sourceKeys, templates: Self.templates(inManifest: status.manifest),
      revisions: history.map(\.number), storedBytes: try? await pendingSize.get(), hidden: hidden)
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

  /// The revision that runs where the last operation failed or never ended: the one still deployed.
  private func deployed(
    _ last: Helm.Status, _ history: [Helm.Revision]
  ) async throws(ClientError) -> Helm.Status {
    guard let revision = history.last(where: { $0.status == "deployed" }) else { return last }
    return try await helm.status(of: last.name, revision: revision.number)
  }

  private func objects(ofManifest text: String) throws(ClientError) -> Objects {
    do {
      return Objects(try YAMLReader().manifestDocuments(text))
    } catch {
      throw .unreadable(action: "helm status", reason: "the manifest: \(error)")
    }
  }

  /// The live objects, with kube-system and the release's namespace where they may be read.
  private func live(
    _ status: Helm.Status, _ manifest: Objects, accounts: [String], _ kubectl: Kubectl
  ) async throws(ClientError) -> Objects {
    let owned = manifest.all.map(\.identity.valuesText)
    let manifests =
      owned
      + accounts.filter { manifest.object(kind: "ServiceAccount", name: $0) == nil }
      .map { self.manifest(of: "ServiceAccount", $0, namespace: status.namespace) }
    let own = self.manifest(of: "Namespace", status.namespace)
    let all =
      status.namespace == "kube-system"
      ? [own] : [own, self.manifest(of: "Namespace", "kube-system")]
    do {
      return try await kubectl.get(manifests: manifests + all)
    } catch .failed(_, _, let detail) where detail.contains("forbidden") {
      let live = try await kubectl.get(manifests: manifests)
      // Whoever may not read kube-system may still read his own.
      let namespace = try? await kubectl.get(manifests: [own])
      return Objects(live.all + (namespace?.all ?? []))
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

  /// Names an object of the core API to kubectl; its name may look like a number.
  private func manifest(of kind: String, _ name: String, namespace: String? = nil) -> String {
    var metadata: [String: JSON] = ["name": .string(name)]
    if let namespace { metadata["namespace"] = .string(namespace) }
    let object: JSON = [
      "apiVersion": "v1", "kind": .string(kind), "metadata": .object(metadata),
    ]
    return object.valuesText
  }
}
