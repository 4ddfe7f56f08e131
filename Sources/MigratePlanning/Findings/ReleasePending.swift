/// Another helm operation on the release is not finished, or was cut off.
///
/// Meaning: helm refuses every upgrade of the release, even a dry run, until it has another status.
///
/// Why: somebody is upgrading it right now, a pipeline is, or helm was killed on the way: by
/// Ctrl-C, a timeout, or a Pod that was evicted.
///
/// Resolve: see what is going on, and wait if anybody is at work. If nobody is, a rollback ends it.
/// It goes by what helm knows and takes away what was set by hand, so keep that first, in a file
/// that nobody else reads, for it holds secrets. If the broker lacks variables afterwards,
/// Kubernetes still has them in an earlier revision of the Deployment:
///
///     helm history web --namespace mqtt
///     kubectl get deployment web --namespace mqtt --output yaml > before.yaml
///     helm rollback web --namespace mqtt
///     kubectl rollout history deployment/web --namespace mqtt
///     kubectl rollout undo deployment/web --namespace mqtt --to-revision=…
///
/// Severity: `blocker`.
///
/// Source: what a rollback takes away was measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ReleasePending: ComparisonRule {
  package static let code = FindingCode.releasePending
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let release = comparison.situation.snapshot.release
    guard release.status.hasPrefix("pending-") || release.status == "uninstalling" else {
      return []
    }
    return [
      comparison.finding(
        self, .blocker, "release \"\(release.name)\" is \(release.status)",
        remedy: "wait until helm is done; if nobody runs it any more: "
          + "helm rollback \(release.name) -n \(release.namespace)")
    ]
  }
}
