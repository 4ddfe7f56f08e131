/// Kubernetes' record of who wrote which field of an object.
package enum ManagedFields {
  /// A field and the manager that wrote it.
  package struct Entry: Hashable, Sendable {
    package var manager: String
    /// The keys that lead to the field, without their `f:`.
    package var path: [String]
  }

  /// Managers that are no person: helm, and what keeps a cluster going.
  private static let machines: Set<String> = [
    "helm", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-apiserver",
    "cluster-autoscaler", "vpa-updater",
  ]

  /// The fields that somebody wrote by hand, the status and the record of kubectl's own excepted.
  package static func setByHand(_ object: JSON) -> [Entry] {
    (object["metadata"]?["managedFields"]?.elements ?? []).flatMap { entry -> [Entry] in
      guard let manager = entry["manager"]?.string, !machines.contains(manager),
        entry["subresource"] == nil, let fields = entry["fieldsV1"]
      else { return [] }
      return leaves(fields).filter { path in
        path.first != "status"
          && !path.contains("kubectl.kubernetes.io/last-applied-configuration")
          && !path.contains("deployment.kubernetes.io/revision")
      }.map { Entry(manager: manager, path: $0) }
    }
  }

  /// The innermost fields; the marks of list entries (`.`) are none.
  private static func leaves(_ fields: JSON) -> [[String]] {
    fields.members.sorted { $0.key < $1.key }.flatMap { key, value -> [[String]] in
      guard key != "." else { return [] }
      let name = key.hasPrefix("f:") ? String(key.dropFirst(2)) : key
      let inner = leaves(value)
      return inner.isEmpty ? [[name]] : inner.map { [name] + $0 }
    }
  }

  /// The record of an object without what people's tools and this program have of it, so that helm can
  /// take it; nil when they have nothing.
  package static func withoutHandTools(_ object: JSON) -> JSON? {
    let entries = object["metadata"]?["managedFields"]?.elements ?? []
    let others = entries.filter { entry in
      let name = entry["manager"]?.string ?? ""
      return entry["subresource"] != nil
        || !name.hasPrefix("kubectl") && name != "backbone-migrate"
    }
    return others.count < entries.count && !others.isEmpty ? .array(others) : nil
  }

  /// The record of an object without the entries of a manager; with `cleansHandTools` also without
  /// what people's tools have of a Pod template, because helm has it now. Nil when Kubernetes keeps
  /// no record, as of a Deployment that has had a variable twice.
  package static func cleaned(
    _ object: JSON, of manager: String, cleansHandTools: Bool
  ) -> [JSON]? {
    object["metadata"]?["managedFields"]?.elements.compactMap { entry in
      let name = entry["manager"]?.string ?? ""
      // The record begins anew with the second when Kubernetes had given it up.
      if name == manager || name == "before-first-apply" { return nil }
      guard cleansHandTools, name.hasPrefix("kubectl"), entry["subresource"] == nil,
        entry["fieldsV1"]?["f:spec"]?["f:template"] != nil
      else { return entry }
      let cleaned = entry.without("fieldsV1", "f:spec", "f:template")
      let rest = cleaned["fieldsV1"]?["f:spec"]?.members ?? [:]
      let pruned = rest.isEmpty ? cleaned.without("fieldsV1", "f:spec") : cleaned
      return pruned["fieldsV1"]?.members.isEmpty == false ? pruned : nil
    }
  }
}
