/// What the broker's process may do on its node would change.
///
/// Meaning: capabilities, privileges, the system calls that are let through, and whether the root
/// file system can be written. With fewer of them something that the broker does may fail, with
/// more of them it can do more harm.
///
/// Why: they were set by hand, or you chose others. The plan keeps what is set now.
///
/// Resolve: there is nothing to do to keep them. To change them on purpose, name them:
///
///     backbone-migrate plan web --set \
///       'containerSecurityContext={capabilities: {drop: [ALL]}}'
///
/// Severity: `breaking`, taken care of when they are kept.
package enum CapabilitiesDropped: ComparisonRule {
  package static let code = FindingCode.capabilitiesDropped
  package static let dimension = Dimension.security

  package static func findings(in comparison: Comparison) -> [Finding] {
    let before = rights(comparison.situation.live)
    let after = rights(comparison.target)
    let byDefault = rights(comparison.situation.targetByDefault)
    guard before != after || before != byDefault else { return [] }
    let isKept = before == after
    let names = { (rights: JSON) in rights == [:] ? "not set" : rights.canonical }
    return [
      comparison.finding(
        self, .breaking,
        isKept
          ? "\(comparison.targetName) has other rights by default: \(names(byDefault)); "
            + "\(names(before)) is kept"
          : "the container's rights change from \(names(before)) to \(names(after))",
        before: .value(before), after: .value(after),
        remedy: isKept
          ? "nothing to do; --adopt \(RunsAsNonRoot.code) takes the chart's security context"
          : "set containerSecurityContext to what it was",
        isResolved: isKept, acceptedBy: isKept ? nil : comparison.securityConsent(code))
    ]
  }

  private static func rights(_ workload: Workload) -> JSON {
    .object(
      SecurityContexts(workload).effective.filter { !SecurityContexts.identity.contains($0.key) })
  }
}
