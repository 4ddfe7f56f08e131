/// What helm's client-side merge makes of a live object: what the old manifest has and the new one
/// lacks goes, what the new one has is set, and what neither mentions stays.
///
/// Kubernetes knows for its own kinds which lists are merged by a key, entry by entry; any other
/// list, and each list of a custom resource, is one value.
///
/// Source: the three-way strategic merge patch of apimachinery, and the JSON merge patch for custom
/// resources, as helm computes them; measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ThreeWayMerge {
  /// The object that is live after helm's patch from one manifest to another.
  package static func merged(from manifest: JSON, to rendered: JSON, live: JSON) -> JSON {
    merge(
      manifest, rendered, live, at: [], isBuiltIn: rendered.isBuiltInKind) ?? live
  }

  /// What is there afterwards; nil when it goes.
  private static func merge(
    _ old: JSON?, _ new: JSON, _ live: JSON?, at path: [String], isBuiltIn: Bool
  ) -> JSON? {
    switch new {
    case .null: return nil
    case .object(let members):
      // What helm renders as it is live is in no patch.
      if let live, live == new { return live }
      let replaces = isBuiltIn && retainsKeys(path)
      var result = replaces ? [:] : live?.members ?? [:]
      for (key, value) in members {
        result[key] = merge(
          old?[key], value, live?[key], at: path + [key], isBuiltIn: isBuiltIn)
      }
      for key in (old?.members ?? [:]).keys where members[key] == nil { result[key] = nil }
      return .object(result)
    case .array(let entries):
      guard isBuiltIn, let key = mergeKey(at: path) else { return new }
      return .array(
        merge(old?.elements ?? [], entries, live?.elements ?? [], by: key, at: path))
    default: return new
    }
  }

  /// Merges a list by the key of its entries. Entries of the same key, such as a port for TCP and
  /// for UDP, are told apart by their protocol; helm deletes by the key alone, and so deletes none
  /// of which another one stays.
  private static func merge(
    _ old: [JSON], _ new: [JSON], _ live: [JSON], by key: String, at path: [String]
  ) -> [JSON] {
    func isSame(_ one: JSON, _ other: JSON) -> Bool {
      one[key] == other[key]
        && (one["protocol"] ?? "TCP") == (other["protocol"] ?? "TCP")
    }
    let set = new.map { entry in
      merge(
        old.first { isSame($0, entry) }, entry, live.first { isSame($0, entry) },
        at: path + ["[]"], isBuiltIn: true) ?? entry
    }
    let others = live.filter { entry in
      !new.contains { isSame($0, entry) }
        && !(old.contains { $0[key] == entry[key] } && !new.contains { $0[key] == entry[key] })
    }
    return set + others
  }

  /// The key by which Kubernetes merges a list of its own kinds; nil for a list that is one value.
  package static func mergeKey(at path: [String]) -> String? {
    switch path.last {
    case "containers", "initContainers", "ephemeralContainers", "env", "volumes": "name"
    // A ServiceAccount's are one value.
    case "imagePullSecrets": path.count > 1 ? "name" : nil
    case "secrets": path.count == 1 ? "name" : nil
    case "resourceClaims": "name"
    case "volumeMounts": "mountPath"
    case "volumeDevices": "devicePath"
    case "hostAliases": "ip"
    case "topologySpreadConstraints": "topologyKey"
    case "ports": path.contains("[]") ? "containerPort" : path == ["spec", "ports"] ? "port" : nil
    case "ownerReferences": "uid"
    default: nil
    }
  }

  /// Whether of a changed value only the new one's keys are kept: fields of which one excludes the
  /// others.
  private static func retainsKeys(_ path: [String]) -> Bool {
    path == ["spec", "strategy"] || path.suffix(2) == ["volumes", "[]"]
  }
}

extension JSON {
  /// Whether the object is of a kind that Kubernetes itself serves, and so merges strategically;
  /// not a custom resource, although its group may end in `.k8s.io`.
  package var isBuiltInKind: Bool {
    let parts = (self["apiVersion"]?.string ?? "v1").split(separator: "/")
    guard parts.count > 1 else { return true }
    return builtInGroups.contains(String(parts[0]))
  }
}

/// The groups of Kubernetes itself, of 1.36 and before.
private let builtInGroups: Set<String> = [
  "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
  "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io",
  "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io", "extensions",
  "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io", "networking.k8s.io", "node.k8s.io",
  "policy", "rbac.authorization.k8s.io", "resource.k8s.io", "scheduling.k8s.io",
  "settings.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
]
