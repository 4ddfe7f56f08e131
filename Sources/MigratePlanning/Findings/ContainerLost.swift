/// The Pod's other containers, or what the broker's container runs, would change.
///
/// Meaning: a sidecar or an init container would be gone after the upgrade, and what it did with
/// it: logs, certificates, a proxy. Or the broker would start with another command or other
/// arguments.
///
/// Why: it was added by hand, or by something that changes Deployments in the cluster. The plan
/// keeps sidecars, command and arguments. Chart 0.2.0 has no place for init containers, by design.
///
/// Resolve: there is nothing to do for what is kept. Let an init container go, or use a chart that
/// has a value `initContainers`:
///
///     backbone-migrate plan web --adopt container-lost
///     backbone-migrate plan web --chart ./our-backbone
///
/// Severity: `breaking`, taken care of when they are kept.
///
/// Source: the design of chart 0.2.0, "Open Questions".
package enum ContainerLost: ComparisonRule {
  package static let code = FindingCode.containerLost
  package static let dimension = Dimension.scheduling

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.findings(self, .breaking) { homes in
      "\(comparison.targetName) has none of these by default; kept: \(homes)"
    }
  }
}
