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

extension Snapshot {
  /// Who set a variable of the workload's container.
  ///
  /// A variable that the manifest has just so comes from the values when they name it, else from
  /// the chart; anything else was set on the live object, by the manager that `managedFields`
  /// names last for it.
  package func provenance(of name: String, in live: Workload, manifest: Workload?) -> Provenance {
    let entry = live.environment.variables.last { $0.name == name }
    let declared = manifest?.environment.variables.last { $0.name == name }
    if let entry, entry == declared {
      return supplied.names(variable: name) ? .values : .manifest
    }
    if entry == nil, let manifest, manifest.environment.sources == live.environment.sources {
      return .manifest
    }
    return .live(
      manager: live.manager(
        of: entry == nil ? ["f:envFrom"] : ["f:env", "k:{\"name\":\"\(name)\"}"]))
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
    let writers = (deployment["metadata"]?["managedFields"]?.elements ?? []).filter { entry in
      var value = entry["fieldsV1"]
      for key in path { value = value?[key] }
      return value != nil
    }
    let managers = writers.sorted {
      ($0["time"]?.string ?? "") < ($1["time"]?.string ?? "")
    }.compactMap { $0["manager"]?.string }
    return managers.last { $0 != "helm" } ?? managers.last
  }
}

extension JSON {
  /// Whether values mention a variable, as the `name` of a list's element or as a key.
  fileprivate func names(variable name: String) -> Bool {
    switch self {
    case .object(let members):
      members[name] != nil || members["name"] == .string(name)
        || members.values.contains { $0.names(variable: name) }
    case .array(let elements): elements.contains { $0.names(variable: name) }
    default: false
    }
  }
}
