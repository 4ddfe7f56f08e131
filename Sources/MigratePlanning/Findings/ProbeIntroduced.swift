/// Kubernetes would begin to check the broker's health, or check it otherwise.
///
/// Meaning: a broker that does not pass its readiness probe gets no traffic; one that does not pass
/// its liveness probe is restarted, again and again. A probe that asks for something this broker
/// does not have takes a healthy broker down. The plan keeps the probes that there are, and makes
/// none where there are none.
///
/// Why: chart 0.1.0 had no probes. Chart 0.2.0 asks `/health` on the HTTP port when the API is on,
/// else opens a connection to the MQTT port, else to the HTTP port.
///
/// Resolve: there is nothing to do to keep them. To have the probes of the chart, try first what
/// they will try, here `/health` on port 8883:
///
///     kubectl port-forward deployment/web 8883 --namespace mqtt
///     curl --include http://localhost:8883/health
///     backbone-migrate plan web --adopt probe-introduced
///
/// Severity: `breaking`, taken care of when they are kept; `breaking` also when the broker takes
/// longer to start than the probe waits.
///
/// Source: the design of chart 0.2.0, "Probe configuration".
package enum ProbeIntroduced: FindingRule {
  package static let code = FindingCode.probeIntroduced
  package static let dimension = Dimension.health

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let (live, target) = (comparison.situation.live, comparison.target)
    let changed = Probe.Kind.allCases.compactMap { kind -> Finding? in
      let (before, after) = (Probe(kind, of: live), Probe(kind, of: target))
      guard before != after else { return nil }
      return comparison.finding(
        self, .breaking,
        before == nil
          ? "a \(kind) probe begins to check the broker"
          : after == nil
            ? "the \(kind) probe goes" : "the \(kind) probe checks the broker otherwise",
        before: shown(before, comparison), after: shown(after, comparison),
        remedy: "leave out what changes it", acceptedBy: comparison.consent(to: kind))
    }
    let kept = comparison.findings(self, .breaking, among: \.isKept) { homes in
      "\(comparison.targetName) would check the broker's health otherwise; it is checked as it is "
        + "now (\(homes))"
    }
    return changed + kept + impatient(evidence)
  }

  /// A liveness probe that gives the broker up before it has started.
  private static func impatient(_ evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    guard let seconds = evidence.answers?.startUpSeconds,
      let probe = Probe(.liveness, of: comparison.target),
      probe != Probe(.liveness, of: comparison.situation.live),
      Probe(.startup, of: comparison.target) == nil, seconds > probe.patience
    else { return [] }
    return [
      comparison.finding(
        self, .breaking,
        "the broker took \(seconds) s to start, and the liveness probe restarts it after "
          + "\(probe.patience) s",
        remedy: "--set startupProbe.enabled=true, or a longer livenessProbe.initialDelaySeconds",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    ]
  }

  private static func shown(_ probe: Probe?, _ comparison: Comparison) -> Observed {
    let sensitivity = comparison.situation.sensitivity
    return probe.map { .value(sensitivity.hiding(sensitivity.redacting($0.content))) } ?? .absent
  }
}

extension Comparison {
  /// Whether a liveness probe is new or another one.
  package var introducesLivenessProbe: Bool {
    let after = Probe(.liveness, of: target)
    return after != nil && after != Probe(.liveness, of: situation.live)
  }

  /// The flag by which the operator settled a probe.
  func consent(to kind: Probe.Kind) -> String? {
    [kind.enabledKey, kind.contentKey].lazy.compactMap { self.setting($0)?.consent }.first
      ?? situation.choices.consent(homes: [], code: .probeIntroduced)
  }
}
