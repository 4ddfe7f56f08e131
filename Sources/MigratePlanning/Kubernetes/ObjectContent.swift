import FoundationEssentials

extension JSON {
  /// What a Kubernetes object says, without what the server writes into it: the part that a backup
  /// brings back.
  package var content: JSON {
    guard case .object(var members) = self else { return self }
    members["status"] = nil
    if case .object(var metadata)? = members["metadata"] {
      for key in [
        "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
        "deletionTimestamp", "deletionGracePeriodSeconds",
      ] {
        metadata[key] = nil
      }
      if case .object(var annotations)? = metadata["annotations"] {
        // Kubernetes' own count of a Deployment's Pod templates.
        annotations["deployment.kubernetes.io/revision"] = nil
        metadata["annotations"] = annotations.isEmpty ? nil : .object(annotations)
      }
      members["metadata"] = .object(metadata)
    }
    // The token that Kubernetes before 1.24 made for an account; a new account gets a new one.
    if members["kind"] == "ServiceAccount" { members["secrets"] = nil }
    return .object(members)
  }

  /// A Secret as the API server keeps it: what was written as text stands among its data in Base64,
  /// over what is there under the same name, and is never read back as text.
  ///
  /// Source: core/v1 `Secret.stringData`; measured, see docs/measured.md.
  package var asStored: JSON {
    guard case .object(var members) = self, members["kind"] == "Secret",
      self["apiVersion"] ?? "v1" == "v1",
      let texts = members["stringData"]?.members
    else { return self }
    var data = members["data"]?.members ?? [:]
    for (name, text) in texts {
      data[name] = .string(Data((text.string ?? "").utf8).base64EncodedString())
    }
    members["stringData"] = nil
    members["data"] = .object(data)
    return .object(members)
  }

  /// The object without a member of its metadata or of the whole.
  package func without(_ keys: String...) -> JSON { without(keys[...]) }

  private func without(_ keys: ArraySlice<String>) -> JSON {
    guard case .object(var members) = self, let key = keys.first else { return self }
    if keys.count == 1 {
      members[key] = nil
    } else if let inner = members[key] {
      members[key] = inner.without(keys.dropFirst())
    }
    return .object(members)
  }

  /// A Service without the addresses and ports that Kubernetes gives it, and may have given away
  /// since.
  package var withoutServiceAddresses: JSON {
    let service = without("spec", "clusterIP").without("spec", "clusterIPs")
      .without("spec", "healthCheckNodePort")
    let ports = (service["spec"]?["ports"]?.elements ?? []).map { $0.without("nodePort") }
    return service.replacing(["spec", "ports"], with: .array(ports))
  }
}
