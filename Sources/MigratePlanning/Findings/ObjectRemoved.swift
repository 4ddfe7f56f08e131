/// An object of the release goes.
///
/// Meaning: helm deletes what the old chart made and the new one does not, and with it what it did:
/// an address, who may connect, what the broker may do, how many Pods may end at once, a job. What
/// something that stays still uses cannot go: its Pods would not start.
///
/// Why: chart 0.2.0 has no such object, or makes one only when a value asks for it.
///
/// Resolve: mark what shall stay, so that helm leaves it where it is. It belongs to nobody then:
///
///     kubectl annotate ingress web --namespace mqtt \
///       helm.sh/resource-policy=keep
///
/// Or let it go:
///
///     backbone-migrate apply web --accept object-removed=Ingress/web
///
/// Severity: `breaking`; `blocker` for what something that stays still uses.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ObjectRemoved: ComparisonRule {
  package static let code = FindingCode.objectRemoved
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.deleted.filter { !isJudgedElsewhere($0, comparison) }.compactMap { object in
      guard
        let live = comparison.situation.snapshot.live.object(
          object, in: comparison.situation.snapshot.release.namespace)
      else { return nil }
      let user = comparison.user(of: object)
      let release = comparison.situation.snapshot.release
      let keep =
        "kubectl annotate \(object.kind.lowercased()) \(object.name.shellQuoted) "
        + "helm.sh/resource-policy=keep"
        + (object.namespace.map { " --namespace \($0)" } ?? "")
      let other = live["metadata"]?["annotations"]?["meta.helm.sh/release-name"]?.string
      let owner =
        other.map { $0 == release.name ? "" : ", although it is marked as release \"\($0)\"'s" }
        ?? ""
      if let user {
        return comparison.finding(
          self, .blocker,
          "\(object) belongs to the release and is not in \(comparison.targetName): the upgrade "
            + "deletes it\(owner), and \(user) uses it", subject: object, remedy: "keep it: \(keep)"
        )
      }
      return comparison.finding(
        self, .breaking,
        "\(object) goes\(owner)" + (meaning(of: object.kind).map { ": \($0)" } ?? ""),
        subject: object,
        remedy: "keep it: \(keep); or let it go: --accept \(code)=\(object)",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    }
  }

  /// What rules of their own speak of.
  private static func isJudgedElsewhere(
    _ object: ObjectReference, _ comparison: Comparison
  ) -> Bool {
    // Those rules go by the broker's own namespace.
    if let namespace = object.namespace, namespace != comparison.situation.subject.namespace {
      return false
    }
    return switch object.kind {
    case "Service", "PersistentVolumeClaim": true
    case "Deployment": object == comparison.situation.subject
    case "ConfigMap", "Secret": comparison.isReadByBroker(object)
    default: false
    }
  }

  /// What a kind of object did.
  private static func meaning(of kind: String) -> String? {
    switch kind {
    case "Ingress", "HTTPRoute", "TCPRoute", "Gateway", "VirtualService":
      "clients that come by its address lose it"
    case "NetworkPolicy": "who may connect is no longer limited, or no longer allowed, by it"
    case "PodDisruptionBudget": "nothing keeps a drain from ending all Pods at once"
    case "HorizontalPodAutoscaler", "ScaledObject", "VerticalPodAutoscaler":
      "nothing scales the broker any more"
    case "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding":
      "rights that it granted are gone"
    case "Secret": "whatever reads it finds nothing"
    case "ConfigMap": "whatever reads it finds nothing"
    case "ServiceAccount": "whatever runs as it cannot start any more"
    case "Deployment", "StatefulSet", "DaemonSet", "Pod", "ReplicaSet": "its Pods end"
    case "Job", "CronJob": "it is not run any more"
    case "ServiceMonitor", "PodMonitor", "PrometheusRule":
      "nothing watches the broker by it any more"
    default: nil
    }
  }
}

extension Comparison {
  /// Whether the broker's own container or its Pods' volumes read a ConfigMap or Secret; rules of
  /// their own speak of that.
  fileprivate func isReadByBroker(_ object: ObjectReference) -> Bool {
    let members: Set<String> = [
      "configMapKeyRef", "configMapRef", "configMap", "secretKeyRef", "secretRef", "secret",
    ]
    let container: JSON = .array(["env", "envFrom"].compactMap { target.container[$0] })
    let name = JSON.string(object.name)
    let places = [container, target.podSpec["volumes"] ?? []]
    return places.contains {
      $0.mentions(name, under: members, at: "name")
        || $0.mentions(name, under: members, at: "secretName")
    }
  }

  /// What of the objects that are there afterwards uses an object; nil when nothing does.
  fileprivate func user(of object: ObjectReference) -> String? {
    let members: Set<String>
    switch object.kind {
    case "Secret":
      members = ["secretKeyRef", "secretRef", "secret", "imagePullSecrets", "tls", "secretName"]
    case "ConfigMap": members = ["configMapKeyRef", "configMapRef", "configMap"]
    case "ServiceAccount": members = []
    default: return nil
    }
    let namespace = situation.snapshot.release.namespace
    for user in rendered.all {
      let reference = user.objectReference(defaultNamespace: namespace)
      // What Pods and Ingresses name is in their own namespace.
      if let own = reference.namespace, own != object.namespace { continue }
      let name = JSON.string(object.name)
      let isUsed =
        object.kind == "ServiceAccount"
        ? user.names(name, at: "serviceAccountName")
        : user.mentions(name, under: members, at: "name")
          || user.mentions(name, under: members, at: "secretName")
          || user.names(name, at: "secretName") && object.kind == "Secret"
          || object.kind == "Secret" && user.listsPullSecret(name)
      if isUsed { return reference.description }
    }
    return nil
  }
}

extension JSON {
  /// Whether a member of a key has a value, at any depth.
  fileprivate func names(_ value: JSON, at key: String) -> Bool {
    switch self {
    case .array(let elements): elements.contains { $0.names(value, at: key) }
    case .object(let own):
      own[key] == value || own.values.contains { $0.names(value, at: key) }
    default: false
    }
  }

  /// Whether `imagePullSecrets` name a Secret, at any depth.
  fileprivate func listsPullSecret(_ name: JSON) -> Bool {
    switch self {
    case .array(let elements): elements.contains { $0.listsPullSecret(name) }
    case .object(let own):
      own.contains { key, value in
        key == "imagePullSecrets" && value.elements.contains { $0["name"] == name }
          || value.listsPullSecret(name)
      }
    default: false
    }
  }
}
