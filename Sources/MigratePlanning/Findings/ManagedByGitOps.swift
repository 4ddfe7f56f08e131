/// Flux or Argo CD owns the release.
///
/// Meaning: what is changed past it is changed back at its next sync, in the middle of the night if
/// need be.
///
/// Why: labels, annotations or field managers on the Deployment are those of Flux or Argo CD, which
/// bring the cluster to what git says, again and again.
///
/// Resolve: make the change in git: the plan's values and the new chart version go into the
/// HelmRelease or the Application. Secrets are left out of them:
///
///     backbone-migrate plan web --namespace mqtt --output values
///
/// Severity: `blocker`.
package enum ManagedByGitOps: FindingRule {
  package static let code = FindingCode.managedByGitOps
  package static let dimension = Dimension.ownership

  private static let marks: [(owner: String, member: String, prefix: String)] = [
    ("Flux", "labels", "helm.toolkit.fluxcd.io/"),
    ("Flux", "labels", "kustomize.toolkit.fluxcd.io/"),
    ("Argo CD", "annotations", "argocd.argoproj.io/tracking-id"),
    ("Argo CD", "labels", "argocd.argoproj.io/instance"),
  ]

  private static let managers: [String: String] = [
    "helm-controller": "Flux", "kustomize-controller": "Flux",
    "argocd-controller": "Argo CD", "argocd-application-controller": "Argo CD",
  ]

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let metadata = situation.live.deployment["metadata"]
    let marked = marks.first { mark in
      (metadata?[mark.member]?.members ?? [:]).keys.contains { $0.hasPrefix(mark.prefix) }
    }?.owner
    let managing = (metadata?["managedFields"]?.elements ?? []).lazy
      .compactMap { $0["manager"]?.string }.compactMap { managers[$0] }.first
    guard let owner = marked ?? managing else { return [] }
    return [
      comparison.finding(
        self, .blocker,
        "\(owner) manages release \"\(situation.snapshot.release.name)\" and would undo the upgrade",
        remedy: "change it in git: take the values from -o values, and the chart's new version")
    ]
  }
}
