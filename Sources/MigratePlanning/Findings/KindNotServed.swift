/// An object is of a kind that the cluster does not serve.
///
/// Meaning: helm fails before it changes anything, and so does its rollback. It has to build the
/// objects of the release's current manifest and of the new one, and cannot build one of a kind
/// that the API server does not know ("no matches for kind").
///
/// Why: the cluster was upgraded past the version in which Kubernetes still served that one, such
/// as an Ingress of `networking.k8s.io/v1beta1` from 1.22 on. Or the CustomResourceDefinition is
/// gone, or was never there. A helm whose discovery is from before may not notice, and leaves the
/// object behind.
///
/// Resolve: for an object in the release's manifest of a kind that Kubernetes serves in another
/// version, rewrite helm's record of the release with the plugin `mapkubeapis`; the object itself
/// stays as it is:
///
///     helm plugin install https://github.com/helm/helm-mapkubeapis
///     helm mapkubeapis web --namespace mqtt
///     backbone-migrate plan web --namespace mqtt
///
/// For a custom resource, install its CustomResourceDefinition again, at least until the upgrade is
/// done. For an object that the new chart renders, install what serves it before, or turn the
/// object off by the chart's values.
///
/// Severity: `blocker`.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum KindNotServed: FindingRule {
  package static let code = FindingCode.kindNotServed
  package static let dimension = Dimension.ownership

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let release = comparison.situation.snapshot.release
    let old = comparison.situation.snapshot.unserved.map { object in
      let reference = object.objectReference(defaultNamespace: release.namespace)
      let version = object["apiVersion"]?.string ?? ""
      return comparison.finding(
        self, .blocker,
        "\(reference) stands in the release's manifest as \"\(version)\", which the cluster does "
          + "not serve, so helm can neither upgrade nor roll back",
        subject: reference,
        remedy: object.isBuiltInKind
          ? "rewrite helm's record with its plugin mapkubeapis (helm mapkubeapis \(release.name) "
            + "-n \(release.namespace)), then plan again"
          : "install the CustomResourceDefinition of \(reference.kind) again, then plan again")
    }
    let new = (evidence.answers?.rejections ?? []).compactMap { rejection -> Finding? in
      guard let version = rejection.unservedVersion else { return nil }
      return comparison.finding(
        self, .blocker,
        "\(rejection.object) is rendered by \(comparison.targetName) as \"\(version)\", which the "
          + "cluster does not serve, so helm cannot upgrade",
        subject: rejection.object,
        remedy: "install what serves \"\(version)\" first, or turn \(rejection.object.kind) off by "
          + "the chart's values, then plan again")
    }
    return old + new
  }
}
