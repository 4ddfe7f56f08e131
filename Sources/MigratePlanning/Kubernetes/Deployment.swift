/// A Deployment of `apps/v1` as it is read, live, rendered or kept in a backup: the one place that
/// knows where its fields stand.
package struct Deployment: Hashable, Sendable {
  package let object: JSON

  /// Takes the object as it is; a field that is not there is nil, or what Kubernetes takes for it.
  package init(_ object: JSON) { self.object = object }

  package var name: String { object.objectName }
  package var uid: JSON? { object["metadata"]?["uid"] }
  package var generation: JSON? { object["metadata"]?["generation"] }
  package var resourceVersion: JSON? { object["metadata"]?["resourceVersion"] }
  /// Kubernetes' record of who wrote which field.
  package var managedFields: [JSON] { object["metadata"]?["managedFields"]?.elements ?? [] }
  /// Whether it is on its way out: it is gone soon, whatever is done to it.
  package var isBeingDeleted: Bool { object["metadata"]?["deletionTimestamp"] != nil }

  package var spec: JSON? { object["spec"] }
  package var isPaused: Bool { spec?["paused"] == true }
  package var selector: JSON? { spec?["selector"] }
  package var strategy: JSON? { spec?["strategy"] }
  package var template: JSON? { spec?["template"] }
  package var podSpec: JSON { template?["spec"] ?? [:] }
  package var containers: [JSON] { podSpec["containers"]?.elements ?? [] }

  /// Seconds that its Pods have to end in, where the template says so.
  package var terminationGracePeriodSeconds: Int {
    podSpec["terminationGracePeriodSeconds"]?.integer ?? 0
  }

  /// Whether Kubernetes counts Pods of it.
  package var hasPods: Bool { (object["status"]?["replicas"]?.integer ?? 0) > 0 }

  /// What it selects its Pods by, as kubectl's `--selector` and the API take it; empty without any.
  package var labelSelector: String {
    let labels = (selector?["matchLabels"]?.members ?? [:]).sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value.string ?? "")" }
    let expressions = (selector?["matchExpressions"]?.elements ?? []).map { expression in
      let key = expression["key"]?.string ?? ""
      let values = (expression["values"]?.elements ?? []).compactMap(\.string)
        .joined(separator: ",")
      return switch expression["operator"]?.string {
      case "NotIn": "\(key) notin (\(values))"
      case "Exists": key
      case "DoesNotExist": "!\(key)"
      default: "\(key) in (\(values))"
      }
    }
    return (labels + expressions).joined(separator: ",")
  }

  /// Whether the other one is the very same object and says the same. Kubernetes' own count,
  /// `generation`, goes up as well where somebody changes it and changes it back.
  package func isSameVersion(as other: Deployment) -> Bool {
    uid == other.uid && spec == other.spec
  }

  /// Whether a field manager has the field that pauses it.
  package func isPaused(by manager: String) -> Bool {
    isPaused
      && managedFields.contains {
        $0["manager"]?.string == manager && $0["fieldsV1"]?["f:spec"]?["f:paused"] != nil
      }
  }

  /// The same, paused: nothing rolls out.
  package var paused: Deployment { Deployment(object.replacing(["spec", "paused"], with: true)) }

  /// The same with each variable of a container standing once: the last one, which counts.
  package var withVariablesOnce: Deployment {
    guard !containers.isEmpty else { return self }
    let once = containers.map { container -> JSON in
      guard case .array(let entries)? = container["env"] else { return container }
      var names: Set<JSON> = []
      let kept = entries.reversed().filter { names.insert($0["name"] ?? .null).inserted }
      return container.replacing(["env"], with: .array(kept.reversed()))
    }
    return Deployment(
      object.replacing(["spec", "template", "spec", "containers"], with: .array(once)))
  }
}

extension Objects {
  /// The Deployments, in their order.
  package var deployments: [Deployment] { all(kind: "Deployment").map(Deployment.init) }
}
