/// Kubernetes' record of who wrote which field of an object.
package enum ManagedFields {
  /// A field and the manager that wrote it.
  package struct Entry: Hashable, Sendable {
    package var manager: String
    /// The keys that lead to the field, without their `f:`.
    package var path: [String]
  }

  /// Managers that are no person: helm, what keeps a cluster going, and what brings it to what git
  /// says.
  private static let machines: Set<String> = [
    "helm", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-apiserver",
    "cluster-autoscaler", "vpa-updater",
  ]

  /// The fields that somebody wrote by hand, the status and the record of kubectl's own excepted.
  package static func setByHand(_ object: JSON) -> [Entry] {
    (object["metadata"]?["managedFields"]?.elements ?? []).flatMap { entry -> [Entry] in
      guard let manager = entry["manager"]?.string, !machines.contains(manager),
        GitOpsOwner.managers[manager] == nil,
        entry["subresource"] == nil, let fields = entry["fieldsV1"]
      else { return [] }
      return leaves(fields).filter { path in
        path.first != "status"
          && !path.contains("kubectl.kubernetes.io/last-applied-configuration")
          && !path.contains("deployment.kubernetes.io/revision")
      }.map { Entry(manager: manager, path: $0) }
    }
  }

  /// Whether somebody asked for a field of an object, rather than that the API server filled it in.
  /// An object that is not in a cluster asks for all that it says; one without a record for
  /// nothing.
  ///
  /// Source: what is drawn after the record is kept, such as a Service's address, is not in it.
  static func asks(_ object: JSON, for path: [String]) -> Bool {
    guard let entries = object["metadata"]?["managedFields"]?.elements, !entries.isEmpty else {
      return object["metadata"]?["uid"] == nil
    }
    return entries.contains { entry in
      let field = path.reduce(entry["fieldsV1"]) { $0?["f:" + $1] }
      return field != nil
    }
  }

  /// The parts of an object that a manager wrote, with what names it.
  package static func written(_ object: JSON, by manager: String) -> JSON {
    var written: [String: JSON] = [:]
    for entry in object["metadata"]?["managedFields"]?.elements ?? []
    where entry["manager"]?.string == manager && entry["subresource"] == nil {
      guard let fields = entry["fieldsV1"], let part = part(of: object, fields) else { continue }
      written.merge(part.members) { _, later in later }
    }
    var metadata = written["metadata"]?.members ?? [:]
    metadata["name"] = object["metadata"]?["name"]
    metadata["namespace"] = object["metadata"]?["namespace"]
    written["metadata"] = .object(metadata)
    written["apiVersion"] = object["apiVersion"]
    written["kind"] = object["kind"]
    return .object(written)
  }

  /// The part of a value that `fieldsV1` names: members by `f:`, elements by their keys (`k:`) or
  /// values (`v:`).
  private static func part(of value: JSON, _ fields: JSON) -> JSON? {
    let inner = fields.members.filter { $0.key != "." }
    if inner.isEmpty { return value }
    switch value {
    case .object(let members):
      var part: [String: JSON] = [:]
      for (key, value) in members {
        if let fields = inner["f:" + key] { part[key] = Self.part(of: value, fields) }
      }
      return .object(part)
    case .array(let elements):
      return .array(
        elements.compactMap { element in
          let key = inner.keys.first { names($0, element) }
          return key.flatMap { part(of: element, inner[$0] ?? [:]) }
        })
    default: return value
    }
  }

  /// Whether a key of `fieldsV1` means an element: `k:{"name":"web"}`, or `v:"web"`.
  private static func names(_ key: String, _ element: JSON) -> Bool {
    guard let text = try? JSONReader().value(Array(key.utf8.dropFirst(2))) else { return false }
    if key.hasPrefix("v:") { return text == element }
    return key.hasPrefix("k:") && text.members.allSatisfy { element[$0.key] == $0.value }
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

  /// The record of an object without what people's tools and this program have of it, so that helm
  /// can take it; nil when they have nothing.
  package static func withoutHandTools(_ object: JSON) -> JSON? {
    let entries = object["metadata"]?["managedFields"]?.elements ?? []
    let others = entries.filter { entry in
      let name = entry["manager"]?.string ?? ""
      return entry["subresource"] != nil
        || !name.hasPrefix("kubectl") && name != "backbone-migrate"
    }
    return others.count < entries.count && !others.isEmpty ? .array(others) : nil
  }

  /// The record of a Deployment in which helm has nothing of the Pod template; nil when it has
  /// nothing now.
  package static func withoutHelmsTemplate(_ object: JSON) -> JSON? {
    let entries = object["metadata"]?["managedFields"]?.elements ?? []
    let others = entries.map { entry in
      entry["manager"] == "helm" && entry["subresource"] == nil
        ? entry.without("fieldsV1", "f:spec", "f:template") : entry
    }
    return others == entries ? nil : .array(others)
  }

  /// The record of a Deployment in which people's tools have nothing beside the Pod template, its
  /// number of Pods included; nil when they have nothing there now.
  package static func withoutHandsOnSpec(_ object: JSON) -> JSON? {
    let entries = object["metadata"]?["managedFields"]?.elements ?? []
    let others = entries.compactMap { entry -> JSON? in
      guard entry["manager"]?.string?.hasPrefix("kubectl") == true,
        entry["subresource"] != "status", let spec = entry["fieldsV1"]?["f:spec"]
      else { return entry }
      if let template = spec["f:template"] {
        return entry.replacing(["fieldsV1", "f:spec"], with: ["f:template": template])
      }
      let rest = entry.without("fieldsV1", "f:spec")
      return rest["fieldsV1"]?.members.isEmpty == false ? rest : nil
    }
    return others == entries ? nil : .array(others)
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
