/// How a Service is reached from outside, or how it treats connections, would change.
///
/// Meaning: annotations tell a cloud which load balancer to make; node ports, addresses, source
/// ranges and traffic policies decide who gets in, and from where. Without them the address may
/// change, the load balancer become public, or sessions move between Pods.
///
/// Why: they were set by hand, and chart 0.2.0 has none by default. The plan keeps all that the
/// chart has a value for.
///
/// Resolve: there is nothing to do to keep them. Where the target chart has no value for one, set
/// it on the Service again after the upgrade, and use a chart that has the value:
///
///     kubectl get service web --namespace mqtt --output yaml
///     backbone-migrate plan web --adopt load-balancer-settings-lost
///
/// Severity: `breaking`, taken care of when they are kept; `warning` for labels.
package enum LoadBalancerSettingsLost: ComparisonRule {
  package static let code = FindingCode.loadBalancerSettingsLost
  package static let dimension = Dimension.network

  package static func findings(in comparison: Comparison) -> [Finding] {
    let isOfLabels = { (setting: SettingComparison) in
      setting.home.key.name.hasSuffix("-service-\(NetworkObserver.labels)")
    }
    // What goes with its Service is not said field by field.
    let isThere = { (setting: SettingComparison) in setting.after != .absent }
    return comparison.findings(self, .breaking, among: { isThere($0) && !isOfLabels($0) }) {
      homes in
      "\(comparison.targetName) has others by default; kept: \(homes)"
    }
      + comparison.findings(self, .warning, among: { isThere($0) && isOfLabels($0) }) { homes in
        "\(comparison.targetName) has other labels by default; kept: \(homes)"
      }
  }
}
