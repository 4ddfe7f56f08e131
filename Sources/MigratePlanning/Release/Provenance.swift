/// Who set a part of the live configuration.
package enum Provenance: Hashable, Sendable {
  /// The values given to helm.
  case values
  /// Somebody after helm: the field manager, when Kubernetes knows it.
  case live(manager: String?)
  /// The old chart itself.
  case manifest

  package var name: String {
    switch self {
    case .values: "values"
    case .live: "live"
    case .manifest: "manifest"
    }
  }

  package var manager: String? {
    guard case .live(let manager) = self else { return nil }
    return manager
  }
}

extension Workload {
  /// The field manager that wrote a field of the container last, helm excepted; nil when Kubernetes
  /// does not say. The field is named as in `managedFields`.
  package func manager(of field: [String]) -> String? {
    let path =
      [
        "f:spec", "f:template", "f:spec", "f:containers", "k:{\"name\":\"\(containerName)\"}",
      ] + field
    func owned(by entry: JSON) -> JSON? {
      path.reduce(entry["fieldsV1"]) { value, key in value?[key] }
    }
    let owners = (deployment["metadata"]?["managedFields"]?.elements ?? []).filter {
      owned(by: $0) != nil
    }
    // Whoever wrote the value counts before those who only share the entry.
    let writers = owners.filter {
      let field = owned(by: $0)
      return field?["f:value"] != nil || field?["f:valueFrom"] != nil
    }
    let managers = (writers.isEmpty ? owners : writers).sorted {
      ($0["time"]?.string ?? "") < ($1["time"]?.string ?? "")
    }.compactMap { $0["manager"]?.string }
    return managers.last { $0 != "helm" }
  }
}

extension JSON {
  /// Every name that values may give to a variable: each key, and the `name` of each list's
  /// element.
  package var mentionedNames: Set<String> {
    switch self {
    case .object(let members):
      var names = Set(members.keys)
      if let name = members["name"]?.string { names.insert(name) }
      for value in members.values { names.formUnion(value.mentionedNames) }
      return names
    case .array(let elements):
      return elements.reduce(into: []) { $0.formUnion($1.mentionedNames) }
    default: return []
    }
  }
}
