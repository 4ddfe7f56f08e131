/// The broker's Deployment is not as its Pod template says.
///
/// Meaning: a Deployment that is paused rolls nothing out, so `apply` refuses it. One that
/// Kubernetes has given up on runs an older Pod than the plan was made from, or none: what the plan
/// keeps may be what does not work.
///
/// Why: somebody paused it, or a run of this tool was stopped half-way; or its newest Pods never
/// came up.
///
/// Resolve: see which it is, and let it go on:
///
///     backbone-migrate status web --namespace mqtt
///     kubectl rollout status deployment/web --namespace mqtt
///     kubectl rollout resume deployment/web --namespace mqtt
///
/// Severity: `blocker` when it is paused, else `warning`.
package enum RolloutUnfinished: ComparisonRule {
  package static let code = FindingCode.rolloutUnfinished
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let (release, name) = (situation.snapshot.release, situation.live.name)
    guard situation.snapshot.showsLiveObjects, release.isKeptByHelm else { return [] }
    let deployment = situation.live.deployment
    if deployment["spec"]?["paused"] == true {
      return [
        comparison.finding(
          self, .blocker,
          "Deployment \"\(name)\" is paused, by a run that was stopped or by somebody on purpose",
          remedy:
            "see backbone-migrate status \(release.name) -n \(release.namespace); if no run was "
            + "stopped: kubectl rollout resume \("deployment/\(name)".shellQuoted) -n "
            + "\(release.namespace)"
        )
      ]
    }
    guard case .stuck(let words) = Rollout(deployment: deployment, among: Objects([])) else {
      return []
    }
    return [
      comparison.finding(
        self, .warning,
        "Deployment \"\(name)\" did not come up with the Pod template that it has: "
          + Sensitivity.redacting(words, situation.sensitivity.secrets),
        remedy:
          "see kubectl rollout status \("deployment/\(name)".shellQuoted) -n \(release.namespace)")
    ]
  }
}
