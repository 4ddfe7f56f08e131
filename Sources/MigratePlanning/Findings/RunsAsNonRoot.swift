/// The broker would run as another user.
///
/// Meaning: by default the target chart runs the broker as user 1000 and refuses an image that runs
/// as root. A broker that ran as root may find files in /data that it cannot write, or a port below
/// 1024 that it may not open, or it does not start (`container has runAsNonRoot and image will run
/// as root`). The plan keeps what is set now, and sets nothing where nothing is set.
///
/// Why: chart 0.1.0 set no security context, so the image decided. Chart 0.2.0 restricts it.
///
/// Resolve: there is nothing to do to keep it. To run as user 1000, look first as whom the broker
/// runs now and whose its files are; best in a step of its own after the upgrade:
///
///     kubectl exec deployment/web --namespace mqtt -- id
///     kubectl exec deployment/web --namespace mqtt -- ls -ln /data
///     backbone-migrate plan web --adopt runs-as-non-root
///
/// Severity: `breaking`, taken care of when it is kept.
///
/// Source: the design of chart 0.2.0, "Security context defaults".
package enum RunsAsNonRoot: ComparisonRule {
  package static let code = FindingCode.runsAsNonRoot
  package static let dimension = Dimension.security

  package static func findings(in comparison: Comparison) -> [Finding] {
    let before = identity(comparison.situation.live)
    let after = identity(comparison.target)
    let byDefault = identity(comparison.situation.targetByDefault)
    guard before != after || before != byDefault else { return [] }
    let isKept = before == after
    return [
      comparison.finding(
        self, .breaking,
        isKept
          ? "\(comparison.targetName) would run the broker as \(words(byDefault)) by default; "
            + "\(words(before)) is kept"
          : "the broker runs as \(words(after)), where it ran as \(words(before))",
        before: .value(before), after: .value(after),
        remedy: isKept
          ? "nothing to do; --adopt \(code) takes the new default"
          : "leave it as it was, or set securityContext",
        isResolved: isKept, acceptedBy: isKept ? nil : comparison.securityConsent(code))
    ]
  }

  private static func identity(_ workload: Workload) -> JSON {
    .object(
      SecurityContexts(workload).effective.filter { SecurityContexts.identity.contains($0.key) })
  }

  private static func words(_ identity: JSON) -> String {
    identity == [:] ? "the image's user" : identity.canonical
  }
}

extension Comparison {
  /// The flag by which the operator settled a security context.
  func securityConsent(_ code: FindingCode) -> String? {
    settings.lazy.filter { $0.home.key.dimension == .security && !$0.isKept }
      .compactMap(\.consent).first ?? situation.choices.consent(homes: [], code: code)
  }
}
