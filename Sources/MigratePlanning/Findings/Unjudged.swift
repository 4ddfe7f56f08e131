/// Sides of the workload that are compared field by field but not judged yet: a difference there is
/// reported as unchecked, with the fields, and keeps the verdict from being `ready`.
package enum Unjudged {
  /// A field, how to read it, and what Kubernetes makes of it when it is left out.
  private struct Field: Sendable {
    let code: String
    let name: String
    let absent: JSON
    /// Whether the values may be shown; an argument may be a secret.
    let isShown: Bool
    let read: @Sendable (Workload) -> JSON?

    init(
      _ code: String, _ name: String, absent: JSON = .null, isShown: Bool = true,
      read: @escaping @Sendable (Workload) -> JSON?
    ) {
      self.code = code
      self.name = name
      self.absent = absent
      self.isShown = isShown
      self.read = read
    }
  }

  private static let fields: [Field] = [
    Field("runs-as-non-root", "the Pod's securityContext", absent: [:]) {
      $0.podSpec["securityContext"]
    },
    Field("runs-as-non-root", "the container's securityContext", absent: [:]) {
      $0.container["securityContext"]
    },
    Field("probe-introduced", "livenessProbe") { $0.container["livenessProbe"] },
    Field("probe-introduced", "readinessProbe") { $0.container["readinessProbe"] },
    Field("probe-introduced", "startupProbe") { $0.container["startupProbe"] },
    Field("replicas-changed", "replicas", absent: 1) { $0.deployment["spec"]?["replicas"] },
    Field("resources-lost", "resources", absent: [:]) { $0.container["resources"] },
    Field("scheduling-lost", "nodeSelector", absent: [:]) { $0.podSpec["nodeSelector"] },
    Field("scheduling-lost", "tolerations", absent: []) { $0.podSpec["tolerations"] },
    Field("scheduling-lost", "affinity", absent: [:]) { $0.podSpec["affinity"] },
    Field("scheduling-lost", "topologySpreadConstraints", absent: []) {
      $0.podSpec["topologySpreadConstraints"]
    },
    Field("scheduling-lost", "priorityClassName", absent: "") { $0.podSpec["priorityClassName"] },
    Field("image-pull-secrets-lost", "imagePullSecrets", absent: []) {
      $0.podSpec["imagePullSecrets"]
    },
    Field("container-lost", "initContainers", absent: []) { names($0.podSpec["initContainers"]) },
    Field("container-lost", "containers", absent: []) {
      .integer($0.podSpec["containers"]?.elements.count ?? 0)
    },
    Field("container-lost", "command", absent: [], isShown: false) { $0.container["command"] },
    Field("container-lost", "args", absent: [], isShown: false) { $0.container["args"] },
    Field("volume-lost", "volumes mounted elsewhere than at /data", absent: []) { workload in
      let mounts = workload.container["volumeMounts"]?.elements ?? []
      let paths = mounts.compactMap { $0["mountPath"]?.string }
        .map { path in path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }
      return .array(
        paths.filter { $0 != WorkloadObserver.dataPath }.sorted().map(JSON.string))
    },
  ]

  /// The codes of what is compared here.
  package static var codes: Set<String> {
    Set(fields.map(\.code) + [servicesCode, FindingCode.environmentFromSource.rawValue])
  }

  private static let servicesCode = UnjudgedCode.servicePortMoved.rawValue

  private static func names(_ containers: JSON?) -> JSON {
    .array((containers?.elements ?? []).compactMap { $0["name"] })
  }

  /// What differs and is not judged, one entry a code.
  package static func unchecked(in comparison: Comparison) -> [Unchecked] {
    let live = comparison.situation.live
    var reasons: [(code: String, reason: String)] = []
    for field in fields {
      let before = field.read(live) ?? field.absent
      let after = field.read(comparison.target) ?? field.absent
      guard before != after else { continue }
      let reason =
        field.isShown
        ? "\(field.name) changes from \(before.canonical) to \(after.canonical)"
        : "\(field.name) changes"
      reasons.append((field.code, reason))
    }
    let before = services(comparison.situation.snapshot.live, live)
    let after = services(comparison.rendered, comparison.target)
    if before != after {
      reasons.append(
        (servicesCode, "Services change from \(before.canonical) to \(after.canonical)"))
    }
    if let (source, reason) = comparison.situation.before.unreadable.first {
      reasons.append(
        (
          FindingCode.environmentFromSource.rawValue,
          "\(source.kind.rawValue) \"\(source.name)\" fills variables and could not be read: "
            + reason
        ))
    }
    for (name, reason) in comparison.situation.before.undecided {
      reasons.append(
        (FindingCode.environmentFromSource.rawValue, "variable \"\(name)\" is not known: \(reason)")
      )
    }
    var unchecked: [Unchecked] = []
    for (code, reason) in reasons {
      if let index = unchecked.firstIndex(where: { $0.code == code }) {
        unchecked[index].reason += "; " + reason
      } else {
        unchecked.append(Unchecked(code: code, reason: reason))
      }
    }
    return unchecked
  }

  /// The Services by name: their type, and their ports with the container ports that they lead to.
  private static func services(_ objects: Objects, _ workload: Workload) -> JSON {
    .object(
      Dictionary(
        objects.all(kind: "Service").map { service in
          let ports = (service["spec"]?["ports"]?.elements ?? []).map { port -> String in
            let named = (workload.container["ports"]?.elements ?? []).first {
              $0["name"] == port["targetPort"] && port["targetPort"]?.string != nil
            }
            let target = named?["containerPort"] ?? port["targetPort"] ?? port["port"] ?? .null
            return "\(port["port"]?.canonical ?? "?")→\(target.string ?? target.canonical)"
          }
          let type = service["spec"]?["type"]?.string ?? "ClusterIP"
          return (service.objectName, .string("\(type) \(ports.joined(separator: ", "))"))
        }, uniquingKeysWith: { _, last in last }))
  }
}
