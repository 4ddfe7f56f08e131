/// The Deployment's selector would change, which Kubernetes refuses.
///
/// Meaning: a plain upgrade fails with `spec.selector … field is immutable`, after it has changed
/// other objects, such as Services. The plan keeps the selector. Where it cannot, as with one that
/// has `matchExpressions`, `apply` replaces the Deployment: the old one and its Pods are gone
/// before the new one starts, so clients are without a broker meanwhile.
///
/// Why: chart 0.1.0 selects Pods by its own labels, chart 0.2.0 by the recommended ones, and a
/// Deployment's selector cannot be changed.
///
/// Resolve: there is nothing to do when it is kept. Deleting the Deployment with
/// `--cascade=orphan`, as is often advised, leaves the old broker running beside the new one. If
/// the selector is not kept, the target chart has no value for it, or a `--set` replaces it; this
/// shows what it has to be:
///
///     kubectl get deployment web --namespace mqtt \
///       --output jsonpath={.spec.selector}
///
/// Severity: `breaking`, taken care of when the selector is kept.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum SelectorImmutable: ComparisonRule {
  package static let code = FindingCode.selectorImmutable
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let (live, target) = (comparison.situation.live, comparison.target)
    guard target.name == live.name else { return [] }
    func change(from before: String, to after: String) -> String {
      "the selector would change from \(before) to \(after), which Kubernetes refuses: "
        + "the Deployment is deleted with its Pods, and made anew"
    }
    let setting = comparison.setting(WorkloadObserver.selector)
    // Whatever it is in which the two differ, nobody deletes a Deployment without a word.
    if comparison.replacesWorkload, setting.map({ $0.isKept || $0.before.isUnknown }) ?? true {
      let selectors = [live, target].map { $0.deployment["spec"]?["selector"] ?? [:] }
      return [
        comparison.finding(
          self, .breaking, change(from: selectors[0].canonical, to: selectors[1].canonical),
          before: .value(selectors[0]), after: .value(selectors[1]),
          remedy: "no value of the target chart keeps it; accept it when clients can be without "
            + "a broker for a moment",
          acceptedBy: setting?.consent)
      ]
    }
    return [
      comparison.finding(self, .breaking, of: WorkloadObserver.selector) { setting in
        setting.isKept
          ? "\(comparison.targetName) selects Pods by other labels by default; "
            + "\(setting.before.words) is kept"
          : change(from: setting.before.words, to: setting.after.words)
      }
    ].compactMap { $0 }
  }
}
