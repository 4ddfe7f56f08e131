/// A probe calls something that the broker does not have.
///
/// Meaning: the probe fails although the broker is well. With a failing readiness probe the rollout
/// never gets ready; with a failing liveness probe the broker is restarted, again and again.
///
/// Why: the probe calls a port where no listener is switched on, a path that is off, or a port by a
/// name that the container does not have. In chart 0.2.0 the probes follow the listeners; one that
/// you give as `custom`, or another chart's, need not.
///
/// Resolve: have the probe call a listener that is on, or leave it off:
///
///     backbone-migrate plan web --set livenessProbe.enabled=false \
///       --set readinessProbe.enabled=false
///
/// Severity: `blocker` when the probe is new; `warning` when it is as it was.
package enum ProbeWithoutEndpoint: ComparisonRule {
  package static let code = FindingCode.probeWithoutEndpoint
  package static let dimension = Dimension.health

  package static func findings(in comparison: Comparison) -> [Finding] {
    Probe.Kind.allCases.compactMap { kind in
      guard let probe = Probe(kind, of: comparison.target),
        let reason = reason(probe, comparison.target, comparison.listeners)
      else { return nil }
      let before = Probe(kind, of: comparison.situation.live)
      let wasSo =
        before.map {
          self.reason($0, comparison.situation.live, comparison.situation.listeners) != nil
        } ?? false
      return comparison.finding(
        self, wasSo ? .warning : .blocker,
        "the \(kind) probe \(reason)" + (wasSo ? ", as it does now" : ""),
        remedy: "have it call a listener that is on, or --set \(kind.member).enabled=false")
    }
  }

  /// Why a probe fails whatever the broker does; nil when it may pass.
  private static func reason(
    _ probe: Probe, _ workload: Workload, _ listeners: [Listener]
  ) -> String? {
    if let name = probe.missingPort {
      return "calls port \"\(name)\", which the container does not have"
    }
    guard let port = probe.port else { return nil }
    let there = listeners.filter { $0.port == port }
    if there.isEmpty {
      // Something else than a listener may be there, unless it is where a listener used to be.
      let isStale =
        listeners.contains { $0.defaultPort == port }
        && listeners.allSatisfy { $0.port != nil }
      return isStale ? "calls port \(port), where nothing listens" : nil
    }
    if there.allSatisfy({ $0.isOn == false }) {
      return "calls port \(port), where listener \"\(there[0].name)\" is switched off"
    }
    if let path = probe.path {
      let answers = there.compactMap { $0.paths[path] }
      if !answers.isEmpty, answers.allSatisfy({ $0 == false }) {
        return "asks for \(path) on port \(port), which is switched off"
      }
    }
    return nil
  }
}
