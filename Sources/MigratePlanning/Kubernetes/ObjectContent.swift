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
        for key in serversAnnotations { annotations[key] = nil }
        metadata["annotations"] = annotations.isEmpty ? nil : .object(annotations)
      }
      members["metadata"] = .object(metadata)
    }
    // The token that Kubernetes before 1.24 made for an account; a new account gets a new one.
    if members["kind"] == "ServiceAccount" { members["secrets"] = nil }
    return JSON.object(members).withoutDrawnSelector
  }

  /// Whether the object is a Job by whose own identity Kubernetes tells its Pods.
  package var hasDrawnSelector: Bool {
    self["kind"] == "Job" && self["spec"]?["manualSelector"] != true
  }

  /// A Job without what Kubernetes makes of its identity: another Job gets another selector.
  ///
  /// Source: batch/v1 `JobSpec.manualSelector`.
  private var withoutDrawnSelector: JSON {
    guard hasDrawnSelector else { return self }
    let labels = (self["spec"]?["template"]?["metadata"]?["labels"]?.members ?? [:]).filter {
      !drawnLabels.contains($0.key)
    }
    let job = without("spec", "selector")
    if !labels.isEmpty {
      return job.replacing(["spec", "template", "metadata", "labels"], with: .object(labels))
    }
    let bare = job.without("spec", "template", "metadata", "labels")
    return bare["spec"]?["template"]?["metadata"]?.members.isEmpty == true
      ? bare.without("spec", "template", "metadata") : bare
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

  /// An object as the API server can be asked about it, instead of a live one or beside what stands
  /// in its place: that may have an address or a port of a Service, which the live one does not.
  package func asAsked(insteadOf live: JSON?) -> JSON {
    guard self["kind"] == "Service" else { return self }
    guard let live else { return withoutServiceAddresses }
    let taken = Set((live["spec"]?["ports"]?.elements ?? []).compactMap { $0["nodePort"] })
    let ports = (self["spec"]?["ports"]?.elements ?? []).map { port in
      port["nodePort"].map(taken.contains) ?? true ? port : port.without("nodePort")
    }
    let service = replacing(["spec", "ports"], with: .array(ports))
    return live["spec"]?["healthCheckNodePort"] == self["spec"]?["healthCheckNodePort"]
      ? service : service.without("spec", "healthCheckNodePort")
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

/// Annotations in which Kubernetes keeps what it counts and sees: of a Deployment's Pod templates,
/// an autoscaler's status in its first version, and how a Job's Pods are told.
private let serversAnnotations = [
  "deployment.kubernetes.io/revision", "autoscaling.alpha.kubernetes.io/conditions",
  "autoscaling.alpha.kubernetes.io/current-metrics", "batch.kubernetes.io/job-tracking",
]

/// The labels by which Kubernetes tells a Job's Pods.
private let drawnLabels: Set<String> = [
  "controller-uid", "job-name", "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
]
