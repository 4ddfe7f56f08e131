/// The Deployment would replace its Pods in another way.
///
/// Meaning: with `Recreate` the old broker stops before the new one starts, and clients are without
/// one for a while. With `RollingUpdate` both run side by side for a while. The plan keeps what is
/// set.
///
/// Why: chart 0.2.0 chooses `Recreate` when the data is in a claim that one node at a time may
/// write. Helm 4 cannot make that change to a Deployment that it applied on the server
/// (`rollingUpdate: Forbidden`), so it is not made in passing.
///
/// Resolve: there is nothing to do to keep it. With a claim for one node, `Recreate` is worth
/// having: a new Pod on another node waits for the volume in vain. Take it with:
///
///     backbone-migrate plan web --adopt strategy
///
/// Severity: `breaking`, taken care of when the strategy is kept.
///
/// Source: measured on Helm 4.3, see docs/measured.md.
package enum StrategyChanged: ComparisonRule {
  package static let code = FindingCode.strategyChanged
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    let strategy = comparison.finding(
      self, .breaking, of: WorkloadObserver.strategy, evenIfMended: true
    ) { setting in
      setting.isKept
        ? "\(comparison.targetName) would choose another strategy; \(setting.before.words) is kept"
        : "the strategy changes from \(setting.before.words) to \(setting.after.words)"
    }
    let timing = comparison.findings(
      self, .breaking, among: { $0.home.key != WorkloadObserver.strategy }
    ) { homes in
      "\(comparison.targetName) has another timing of rollouts by default; kept: \(homes)"
    }
    return [strategy].compactMap { $0 } + timing
  }
}
