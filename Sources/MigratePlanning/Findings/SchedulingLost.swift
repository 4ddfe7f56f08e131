/// What decides on which node the broker runs, and who looks after it there, would change.
///
/// Meaning: without its node selector, tolerations, affinity or priority, the new Pod may land on a
/// node where it does not belong, or on none at all. With a volume that is tied to a node it then
/// waits for ever. An autoscaler or a disruption budget that no longer finds the broker does
/// nothing.
///
/// Why: it was added by hand, and chart 0.2.0 has none by default. The plan keeps all of it. What
/// others made goes by the Deployment's name, or by its Pods' labels, and you chose other ones.
///
/// Resolve: there is nothing to do to keep it. An autoscaler that goes by the old name:
///
///     kubectl patch hpa web --namespace mqtt \
///       --patch '{"spec": {"scaleTargetRef": {"name": "web-backbone"}}}'
///
/// Severity: `breaking`, taken care of when it is kept.
package enum SchedulingLost: FindingRule {
  package static let code = FindingCode.schedulingLost
  package static let dimension = Dimension.scheduling

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    return comparison.findings(self, .breaking) { homes in
      "\(comparison.targetName) has others by default; kept: \(homes)"
    } + abandoned(evidence)
  }

  /// Autoscalers and disruption budgets that no longer find the broker.
  private static func abandoned(_ evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let situation = comparison.situation
    let (live, target) = (situation.live, comparison.target)
    let autoscalers = evidence.neighbours(.horizontalPodAutoscaler).filter { object in
      let reference = object["spec"]?["scaleTargetRef"]
      return target.name != live.name && reference?["kind"] == "Deployment"
        && reference?["name"]?.string == live.name
    }
    let budgets = evidence.neighbours(.podDisruptionBudget).filter { object in
      guard case .object(let selector)? = object["spec"]?["selector"]?["matchLabels"],
        !selector.isEmpty
      else { return false }
      func finds(_ workload: Workload) -> Bool {
        selector.allSatisfy { workload.podLabels[$0.key] == $0.value }
      }
      return finds(live) && !finds(target)
    }
    return (autoscalers + budgets).map { object in
      let reference = object.objectReference(
        defaultNamespace: situation.snapshot.release.namespace)
      return comparison.finding(
        self, .breaking,
        "\(reference), which is not of the release, no longer finds the broker",
        subject: reference,
        remedy: "keep the Deployment's name and its Pods' labels, or change \(reference)",
        acceptedBy: situation.choices.consent(homes: [], code: code))
    }
  }
}
