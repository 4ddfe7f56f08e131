/// The broker's requests and limits would change.
///
/// Meaning: without requests the new Pod may share a crowded node and be the first to be evicted;
/// without a limit it may take the node's memory. In a namespace with a quota it may not start at
/// all. The plan keeps them.
///
/// Why: they were added by hand, and chart 0.2.0 has none by default.
///
/// Resolve: there is nothing to do to keep them. Others can be set in the same step:
///
///     backbone-migrate plan web \
///       --set 'resources={requests: {memory: 128Mi}, limits: {memory: 512Mi}}'
///
/// Severity: `breaking`, taken care of when they are kept.
package enum ResourcesLost: ComparisonRule {
  package static let code = FindingCode.resourcesLost
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.findings(self, .breaking) { _ in
      "\(comparison.targetName) has other requests and limits by default; those that are set are "
        + "kept"
    }
  }
}
