/// The Deployment's selector would change, which Kubernetes refuses.
///
/// Chart 0.1.0 selects Pods by its own labels, chart 0.2.0 by the recommended ones, and
/// `spec.selector` cannot be changed. A plain upgrade fails after it has changed other objects. The
/// plan keeps the selector.
package enum SelectorImmutable: FindingRule {
  package static let code = FindingCode.selectorImmutable
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    guard comparison.target.name == comparison.situation.live.name else { return [] }
    return [
      comparison.finding(self, .blocker, of: WorkloadObserver.selector) { setting in
        setting.isKept
          ? "\(comparison.targetName) selects Pods by other labels by default; "
            + "\(setting.before.words) is kept"
          : "the selector would change from \(setting.before.words) to \(setting.after.words), "
            + "which Kubernetes refuses"
      }
    ].compactMap { $0 }
  }
}
