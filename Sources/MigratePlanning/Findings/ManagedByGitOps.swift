/// Flux or Argo CD owns the release.
///
/// Meaning: what is changed past it is changed back at its next sync, in the middle of the night if
/// need be.
///
/// Why: labels, annotations or field managers on the Deployment are those of Flux or Argo CD, which
/// bring the cluster to what git says, again and again.
///
/// Resolve: make the change in git. The plan writes what belongs there, without secrets, and says
/// what has to be done before:
///
///     backbone-migrate plan web --namespace mqtt --output helmrelease
///     backbone-migrate plan web --namespace mqtt --output application
///
/// The first is for Flux, the second for Argo CD; docs/how-to/gitops.md goes through all of it.
///
/// Severity: `blocker`.
package enum ManagedByGitOps: ComparisonRule {
  package static let code = FindingCode.managedByGitOps
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    guard let owner = situation.gitOpsOwner else { return [] }
    let format = owner.controller == .flux ? "helmrelease" : "application"
    return [
      comparison.finding(
        self, .blocker,
        "\(owner.controller.rawValue) manages release \"\(situation.snapshot.release.name)\" and "
          + "would undo the upgrade",
        remedy: "change it in git: plan -o \(format) writes what belongs there")
    ]
  }
}
