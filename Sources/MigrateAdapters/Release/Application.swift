import MigratePlanning

/// The objects that Argo CD makes of an Application. It renders a chart with helm and applies what
/// comes of it; there is no release that helm would know.
struct Application {
  var name: String
  /// The namespace of the objects.
  var namespace: String
  /// The objects as Argo CD applied them.
  var manifest: Objects
  var chart: (name: String, version: String)?
  /// What it gives helm as the release's name; nil when that is its own, when it may not be read,
  /// and for what helm would not take.
  var releaseName: String?
  /// The values that the Application gives to helm; empty when it may not be read.
  var supplied: JSON = [:]
  var applyMethod = ReleaseIdentity.ApplyMethod.clientSide
  var hidden: [Unchecked] = []

  /// The kinds that charts of the broker hold.
  private static let kinds = [
    "deployments.apps", "services", "serviceaccounts", "configmaps", "persistentvolumeclaims",
    "ingresses.networking.k8s.io",
  ]

  /// Reads the objects of an Application in a namespace, the context's for nil. What was applied on
  /// the client is in kubectl's annotation; what was applied on the server are the fields of Argo
  /// CD.
  ///
  /// - Throws: ``ClientError``, also when no Deployment of such an Application is there.
  init(_ name: String, cluster: Cluster, in namespace: String?) async throws(ClientError) {
    let objects = try await cluster.asked { cluster throws(ClusterError) in
      try await Self.objects(cluster)
    }
    let owned = objects.filter { object in
      let owner = GitOpsOwner(of: object)
      return owner?.controller == .argoCD && owner?.name == name
    }
    guard let deployment = owned.first(where: { $0["kind"] == "Deployment" }) else {
      throw .releaseNotFound(name, namespace: namespace)
    }
    self.name = name
    self.namespace = deployment["metadata"]?["namespace"]?.string ?? namespace ?? "default"
    manifest = Objects(owned.map(Self.applied))
    if Self.lastApplied(deployment) == nil { applyMethod = .serverSide }
    let source = try? await Self.source(of: name, cluster)
    supplied = source.flatMap(Self.values) ?? [:]
    releaseName = source?["helm"]?["releaseName"]?.string.flatMap { name in
      (try? ReleaseIdentity.check(name: name, namespace: self.namespace)).map { name }
    }
    chart = Self.chart(deployment) ?? source.flatMap(Self.chart(ofSource:))
    if chart == nil {
      hidden.append(
        Unchecked(
          code: FindingCode.recipeNotApplicable.rawValue,
          reason:
            "which chart Application \"\(name)\" renders could not be read: the Deployment has "
            + "no label helm.sh/chart, and the Application may not be read or names none"))
    }
  }

  private static func objects(_ cluster: Cluster) async throws(ClusterError) -> [JSON] {
    var objects: [JSON] = []
    for answer in await cluster.sideBySide(
      kinds, { kind throws(ClusterError) in try await cluster.list(kind) })
    {
      objects += try answer.get().all
    }
    return objects
  }

  private static func applied(_ object: JSON) -> JSON {
    lastApplied(object) ?? ManagedFields.written(object, by: "argocd-controller")
  }

  private static func lastApplied(_ object: JSON) -> JSON? {
    let text = object["metadata"]?["annotations"]?[
      "kubectl.kubernetes.io/last-applied-configuration"]?.string
    return text.flatMap { try? JSONReader().value(Array($0.utf8)) }
  }

  /// The chart by Helm's label, such as `backbone-0.1.0`.
  private static func chart(_ deployment: JSON) -> (name: String, version: String)? {
    guard let label = deployment["metadata"]?["labels"]?["helm.sh/chart"]?.string else {
      return nil
    }
    // A label takes no "+", so that charts write "_" in its place: helm's own templates do.
    return [label, label.replacing("_", with: "+")].map(Helm.split).first { !$0.version.isEmpty }
  }

  private static func chart(ofSource source: JSON) -> (name: String, version: String)? {
    guard let name = source["chart"]?.string, let version = source["targetRevision"]?.string else {
      return nil
    }
    return (name, version)
  }

  /// The source of an Application that renders a chart, wherever Argo CD lives.
  private static func source(of name: String, _ cluster: Cluster) async throws -> JSON? {
    let applications = try await cluster.list(
      "applications.argoproj.io",
      Cluster.Selection(fields: "metadata.name=\(name)", isEverywhere: true))
    let spec = applications.all.first?["spec"]
    return ([spec?["source"]].compactMap { $0 } + (spec?["sources"]?.elements ?? []))
      .first { $0["chart"] != nil || $0["helm"] != nil }
  }

  private static func values(_ source: JSON) -> JSON? {
    let helm = source["helm"]
    if let values = helm?["valuesObject"] { return values }
    return helm?["values"]?.string.flatMap { try? YAMLReader().document($0) }
  }
}
