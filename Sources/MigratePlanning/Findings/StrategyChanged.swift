/// The Deployment would replace its Pods in another way.
///
/// Chart 0.2.0 stops the old Pod before it starts the new one when the data is in a claim that one
/// node at a time may write. Helm 4 cannot make that change to a Deployment that was applied on the
/// server, and the broker would be away for a while at every change. The plan keeps the strategy.
package enum StrategyChanged: FindingRule {
  package static let code = FindingCode.strategyChanged
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    [
      comparison.finding(self, .breaking, of: WorkloadObserver.strategy) { setting in
        setting.isKept
          ? "\(comparison.targetName) would choose another strategy; \(setting.before.words) is kept"
          : "the strategy changes from \(setting.before.words) to \(setting.after.words)"
      }
    ].compactMap { $0 }
  }
}
