/// How far a Deployment has come with replacing its Pods.
package enum Rollout: Hashable, Sendable {
  /// Every Pod is new and available, and none of the old ones is left.
  case complete
  /// Not yet; what it waits for, in words.
  case progressing(String)
  /// It will not get further by itself: Kubernetes gave up, or refuses the Pods.
  case stuck(String)

  /// Judges a Deployment by itself and by its ReplicaSets and Pods.
  package init(deployment: JSON, among objects: Objects) {
    let status = deployment["status"]
    let wanted = deployment["spec"]?["replicas"]?.integer ?? 1
    let observed = status?["observedGeneration"]?.integer ?? 0
    guard observed >= deployment["metadata"]?["generation"]?.integer ?? 0 else {
      self = .progressing("Kubernetes has not looked at the change yet")
      return
    }
    // Kubernetes counts in 32 bits; so no difference of two is beyond a number.
    let count = { (key: String) in max(0, min(status?[key]?.integer ?? 0, Int(Int32.max))) }
    let (updated, available, all) = (
      count("updatedReplicas"), count("availableReplicas"), count("replicas")
    )
    if updated >= wanted, available >= wanted, all == updated {
      self = .complete
      return
    }
    let reasons = Self.reasons(deployment, objects)
    let conditions = status?["conditions"]?.elements ?? []
    if let progress = conditions.first(where: { $0["type"] == "Progressing" }),
      progress["status"] == "False"
    {
      let words = progress["message"]?.string ?? progress["reason"]?.string ?? "no reason given"
      self = .stuck(([words] + reasons).joined(separator: "; "))
      return
    }
    // Kubernetes counts the old ones among those that are available.
    let old = max(0, all - updated)
    let words =
      "\(updated) of \(wanted) Pods are new"
      + (updated > 0 ? ", \(max(0, min(updated, available - old))) of them available" : "")
      + (old > 0 ? ", \(old) old \(old == 1 ? "one is" : "ones are") still there" : "")
    self = .progressing(([words] + reasons).joined(separator: "; "))
  }

  /// Whether every Pod of a Deployment is of its newest template and available, by its own status.
  package static func isComplete(_ deployment: JSON) -> Bool {
    if case .complete = Rollout(deployment: deployment, among: Objects([])) { true } else { false }
  }

  /// Whether a Deployment had all that it needs to come up again: its rollout was complete, or
  /// under way with Pods that were available.
  package static func served(_ deployment: JSON) -> Bool {
    switch Rollout(deployment: deployment, among: Objects([])) {
    case .complete: true
    case .progressing: deployment["status"]?["availableReplicas"]?.integer ?? 0 > 0
    case .stuck: false
    }
  }

  /// Why Pods of the newest template do not come up, in Kubernetes' words.
  package static func reasons(_ deployment: JSON, _ objects: Objects) -> [String] {
    var reasons: [String] = []
    for condition in deployment["status"]?["conditions"]?.elements ?? []
    where condition["type"] == "ReplicaFailure" && condition["status"] == "True" {
      reasons += [condition["message"]?.string].compactMap { $0 }
    }
    for pod in objects.newestPods(of: deployment) {
      reasons += waits(of: pod).map { "Pod \(pod.objectName): \($0)" }
    }
    return Array(reasons.prefix(5))
  }

  /// What Kubernetes warned of since a moment, an ISO 8601 text in UTC, about a Deployment and what
  /// it made: the three newest that are not among some words already. Each attempt at a Pod has a
  /// name of its own; what differs by that alone is said once.
  package static func warnings(
    _ events: Objects, of deployment: String, since moment: String, beyond words: String
  ) -> [String] {
    var said = [words.withoutPodNames]
    var warnings: [String] = []
    for event in events.all.reversed() {
      let about = event["involvedObject"]
      let name = about?["name"]?.string ?? ""
      guard name == deployment || name.hasPrefix(deployment + "-"),
        event["lastTimestamp"]?.string ?? "" >= moment, let message = event["message"]?.string
      else { continue }
      let core = message.withoutPodNames.trimmingPrefix("Error creating: ")
      if said.contains(where: { $0.contains(core) }) { continue }
      said.append(String(core))
      warnings.append("\(about?["kind"]?.string ?? "object") \(name): \(message)")
      if warnings.count == 3 { break }
    }
    return warnings
  }

  /// What a Pod waits for: a node, an image, a container that keeps ending, a probe.
  private static func waits(of pod: JSON) -> [String] {
    var waits: [String] = []
    let status = pod["status"]
    for condition in status?["conditions"]?.elements ?? []
    where condition["type"] == "PodScheduled" && condition["status"] == "False" {
      waits += [condition["message"]?.string ?? "no node takes it"]
    }
    let containers =
      (status?["initContainerStatuses"]?.elements ?? [])
      + (status?["containerStatuses"]?.elements ?? [])
    for container in containers {
      let name = container["name"]?.string ?? ""
      if let waiting = container["state"]?["waiting"], let reason = waiting["reason"]?.string,
        reason != "ContainerCreating", reason != "PodInitializing"
      {
        let message = waiting["message"]?.string.map { " (\($0))" } ?? ""
        let ended = container["lastState"]?["terminated"]?["exitCode"]?.integer
        waits.append(
          "container \(name) is in \(reason)\(message)"
            + (ended.map { ", it ended with status \($0)" } ?? ""))
      } else if container["ready"] == false, container["state"]?["running"] != nil {
        waits.append("container \(name) runs and is not ready")
      }
    }
    return waits
  }
}

extension Objects {
  /// The ReplicaSets that a Deployment owns.
  package func replicaSets(of deployment: JSON) -> [JSON] {
    all(kind: "ReplicaSet").filter { $0.isOwned(by: deployment) }
  }

  /// The Pods that a Deployment owns by its ReplicaSets.
  package func pods(of deployment: JSON) -> [JSON] {
    let sets = replicaSets(of: deployment)
    return all(kind: "Pod").filter { pod in sets.contains { pod.isOwned(by: $0) } }
  }

  /// The Pods of the newest ReplicaSet of a Deployment.
  fileprivate func newestPods(of deployment: JSON) -> [JSON] {
    func revision(_ object: JSON) -> Int {
      let annotations = object["metadata"]?["annotations"]
      return annotations?["deployment.kubernetes.io/revision"]?.string.flatMap { Int($0) } ?? 0
    }
    guard let newest = replicaSets(of: deployment).max(by: { revision($0) < revision($1) }) else {
      return []
    }
    return all(kind: "Pod").filter { $0.isOwned(by: newest) }
  }
}

extension JSON {
  fileprivate func isOwned(by owner: JSON) -> Bool {
    guard let uid = owner["metadata"]?["uid"] else { return false }
    return (self["metadata"]?["ownerReferences"]?.elements ?? []).contains { $0["uid"] == uid }
  }
}

extension String {
  /// The text with `…` for the five characters that Kubernetes ends the name of a Pod with.
  fileprivate var withoutPodNames: String {
    replacing(/"([a-z0-9.-]+)-[a-z0-9]{5}"/) { "\"\($0.1)-…\"" }
  }
}
