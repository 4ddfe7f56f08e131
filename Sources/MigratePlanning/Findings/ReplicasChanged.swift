/// The number of Pods would change.
///
/// Meaning: whoever scaled the Deployment would get fewer or more brokers than before, at once. The
/// plan keeps the number.
///
/// Why: somebody, or a HorizontalPodAutoscaler, scaled the Deployment after helm. Chart 0.2.0 says
/// one, since the broker keeps its state to itself.
///
/// Resolve: there is nothing to do to keep the number. Several brokers do not share sessions, so
/// one may be what you want:
///
///     backbone-migrate plan web --adopt replicaCount
///
/// Severity: `breaking`, taken care of when the number is kept.
///
/// Source: the design of chart 0.2.0, "Non-Goals".
package enum ReplicasChanged: ComparisonRule {
  package static let code = FindingCode.replicasChanged
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.findings(self, .breaking) { _ in
      let before = comparison.setting(PodObserver.replicas)?.before.words ?? "?"
      return "\(comparison.targetName) has another number of Pods by default; \(before) is kept"
    }
  }
}
