/// The Pod's credentials for the image registry would change.
///
/// Meaning: the broker starts where the image is there already, and fails with `ImagePullBackOff`
/// where it is not: on another node, perhaps months later. The plan keeps them.
///
/// Why: they were added by hand, and chart 0.2.0 has none by default. Those of the ServiceAccount
/// stay with it.
///
/// Resolve: there is nothing to do to keep them. Others can be named in the same step:
///
///     backbone-migrate plan web \
///       --set 'imagePullSecrets=[{name: registry-credentials}]'
///
/// Severity: `breaking`, taken care of when they are kept.
package enum ImagePullSecretsLost: ComparisonRule {
  package static let code = FindingCode.imagePullSecretsLost
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.findings(self, .breaking) { _ in
      "\(comparison.targetName) has no credentials for the registry by default; "
        + "those that are set are kept"
    }
  }
}
