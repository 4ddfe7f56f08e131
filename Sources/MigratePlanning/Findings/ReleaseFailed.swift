/// The last helm operation on the release failed.
///
/// Meaning: helm stops in the middle and does not undo: some objects may be of the failed revision,
/// others of the one before. The plan goes by what is live, not by what helm believes.
///
/// Why: the history says, in the failed revision's description.
///
/// Resolve: read the reason, and see that the broker runs as it should before you migrate it:
///
///     helm history web --namespace mqtt
///     kubectl rollout status deployment/web --namespace mqtt
///
/// Severity: `warning`.
package enum ReleaseFailed: ComparisonRule {
  package static let code = FindingCode.releaseFailed
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let release = comparison.situation.snapshot.release
    guard release.status == "failed" else { return [] }
    return [
      comparison.finding(
        self, .warning,
        "revision \(release.revision) of release \"\(release.name)\" failed; "
          + "the plan goes by what is live",
        remedy: "see why: helm history \(release.name) -n \(release.namespace)")
    ]
  }
}
