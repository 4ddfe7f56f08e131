/// The last helm operation on the release failed.
///
/// The manifest that helm has may then differ from what runs. The plan reads what runs.
package enum ReleaseFailed: FindingRule {
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
