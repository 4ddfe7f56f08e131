/// Another helm operation on the release is not finished, or was cut off.
///
/// Helm refuses every upgrade of a release whose status is pending.
package enum ReleasePending: FindingRule {
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
