/// The upgrade makes a claim that `helm rollback` would delete, with its data.
///
/// Meaning: the claim is an object of the release. Helm deletes it when the release goes back to a
/// revision that does not have it, and when the release is uninstalled.
/// `backbone-migrate rollback` keeps it.
///
/// Why: chart 0.2.0 makes the claim when persistence is on and no claim is named. Nothing tells
/// helm to keep it.
///
/// Resolve: have it kept, or make the claim yourself and name it:
///
///     backbone-migrate plan web --set persistence.enabled=true \
///       --set 'persistence.annotations={helm.sh/resource-policy: keep}'
///     backbone-migrate plan web --set persistence.enabled=true \
///       --set persistence.existingClaim=web-data
///
/// Severity: `warning`.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ClaimDeletedByRollback: ComparisonRule {
  package static let code = FindingCode.claimDeletedByRollback
  package static let dimension = Dimension.storage

  package static func findings(in comparison: Comparison) -> [Finding] {
    let namespace = comparison.situation.snapshot.release.namespace
    return comparison.newClaims.filter {
      $0["metadata"]?["annotations"]?["helm.sh/resource-policy"] != "keep"
    }.map { claim in
      comparison.finding(
        self, .warning,
        "helm rollback would delete the new PersistentVolumeClaim \"\(claim.objectName)\" with its "
          + "data",
        subject: claim.objectReference(defaultNamespace: namespace),
        remedy: "--set 'persistence.annotations={helm.sh/resource-policy: keep}'")
    }
  }
}
