/// The Deployment's selector would change, which Kubernetes refuses.
///
/// Meaning: a plain upgrade fails with `spec.selector … field is immutable`, after it has changed
/// other objects, such as Services. The plan keeps the selector. Where it cannot, `apply` replaces
/// the Deployment: the old one and its Pods are gone before the new one starts, so clients are
/// without a broker meanwhile.
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
    guard comparison.target.name == comparison.situation.live.name else { return [] }
    return [
      comparison.finding(self, .breaking, of: WorkloadObserver.selector) { setting in
        setting.isKept
          ? "\(comparison.targetName) selects Pods by other labels by default; "
            + "\(setting.before.words) is kept"
          : "the selector would change from \(setting.before.words) to \(setting.after.words), "
            + "which Kubernetes refuses: the Deployment is deleted with its Pods, and made anew"
      }
    ].compactMap { $0 }
  }
}
