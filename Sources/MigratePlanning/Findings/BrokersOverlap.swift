/// Two brokers run side by side for a while, on the same data.
///
/// Meaning: with `RollingUpdate` the new Pod starts before the old one ends, as with every rollout
/// so far. Both have /data open, and a database that is made for one process may suffer. Clients of
/// the two do not see each other's messages meanwhile.
///
/// Why: that is the strategy of the Deployment, and the plan keeps it.
///
/// Resolve: have the old broker end first; clients are without one for a while:
///
///     backbone-migrate plan web --set strategy.type=Recreate
///
/// Severity: `warning`.
package enum BrokersOverlap: ComparisonRule {
  package static let code = FindingCode.brokersOverlap
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    guard comparison.startsNewPodFirst, comparison.target.spec["replicas"] != 0,
      let before = WorkloadObserver.dataSource(of: comparison.situation.live),
      before == WorkloadObserver.dataSource(of: comparison.target),
      before["emptyDir"] == nil, before["ephemeral"] == nil
    else { return [] }
    return [
      comparison.finding(
        self, .warning, "the old and the new broker have /data open at the same time for a while",
        remedy: "to have the old one end first: --set strategy.type=Recreate")
    ]
  }
}
