/// Which differences between live and predicted objects are judged by something that knows what
/// they mean: a setting of the recipe, the comparison of variables, or a rule.
///
/// Only what the target's own rendering brings about is: facts are read from that, and know nothing
/// of what is changed on the way.
package struct FieldCoverage {
  let comparison: Comparison
  let outlook: ObjectOutlook

  /// Whether a difference is claimed.
  func claims(_ difference: FieldDifference) -> Bool {
    guard !isChangedOnTheWay(difference) else { return false }
    let path = difference.path.map(\.name)
    switch outlook.reference.kind {
    case "Deployment" where outlook.current == comparison.situation.subject:
      return claimsOfBroker(path)
    case "Service": return claimsOfService(path)
    case "ServiceAccount":
      return path.starts(with: ["metadata", "annotations"])
        && path.last != Bookkeeping.resourcePolicy
        && has(WorkloadObserver.serviceAccountAnnotations)
    default: return false
    }
  }

  /// Whether the API server has something else than what is sent, and than what it fills in.
  func isChangedOnTheWay(_ difference: FieldDifference) -> Bool {
    guard outlook.isAnswered else { return false }
    let sent = outlook.sent.value(at: difference.path)
    guard sent != difference.after, !ServerDefaults.isDrawn(difference) else { return false }
    return FieldDifference.between(sent, difference.after, at: difference.path).contains {
      Self.isMade($0, onTheWayOf: outlook.sent)
    }
  }

  /// Whether a field that the API server has otherwise than it was sent is neither filled in nor
  /// drawn by itself, nor bookkeeping.
  private static func isMade(_ change: FieldDifference, onTheWayOf sent: JSON) -> Bool {
    !(change.before.isNothing && ServerDefaults.has(change.after, at: change.path))
      && !ServerDefaults.isDrawn(change) && !Bookkeeping.covers(change)
      && !isDerived(change, in: sent)
  }

  /// Whether the API server derives a field from another one of the object.
  private static func isDerived(_ change: FieldDifference, in sent: JSON) -> Bool {
    guard change.before.isNothing, let name = change.path.last?.name else { return false }
    func beside(_ member: String) -> JSON {
      sent.value(at: change.path.dropLast() + [.member(member)])
    }
    func under(_ member: String, _ above: Int) -> JSON {
      sent.value(at: change.path.dropLast(above) + [.member(member)])
    }
    switch name {
    // The older name of the same field.
    case "serviceAccount": return beside("serviceAccountName") == change.after
    case "targetPort": return beside("port") == change.after
    case "hostPort": return beside("containerPort") == change.after
    default: break
    }
    // What a container may have at most, it asks for.
    if change.path.contains(.member("requests")) {
      let limits = change.path.map { $0 == .member("requests") ? .member("limits") : $0 }
      return sent.value(at: limits) == change.after
    }
    return false
  }

  private func has(_ keys: FactKey...) -> Bool {
    keys.contains { comparison.setting($0) != nil }
  }

  // MARK: The Deployment

  private func claimsOfBroker(_ path: [String]) -> Bool {
    switch path.first {
    case "metadata":
      switch path.dropFirst().first {
      case "labels": return has(PodObserver.deploymentLabels)
      case "annotations": return has(PodObserver.deploymentAnnotations)
      default: return false
      }
    case "spec": break
    default: return false
    }
    switch path.dropFirst().first {
    // Of one that was paused, a rule of its own tells.
    case "paused": return true
    case "strategy": return has(WorkloadObserver.strategy)
    // Another selector makes another Deployment, which rules tell.
    case "selector": return true
    case "template": return claimsOfTemplate(path.dropFirst(2))
    case let field?: return PodObserver.covers(spec: field, has)
    case nil: return false
    }
  }

  private func claimsOfTemplate(_ path: ArraySlice<String>) -> Bool {
    guard let part = path.first, let field = path.dropFirst().first else { return false }
    guard part == "spec" else {
      switch field {
      case "labels":
        // The fact leaves out those of the selector: who adopts another one lets them go.
        let selected = comparison.situation.live.spec["selector"]?["matchLabels"]
        let isSelected = path.dropFirst(2).first.flatMap { selected?[$0] } != nil
        return has(PodObserver.podLabels)
          && (!isSelected || comparison.setting(WorkloadObserver.selector)?.consent != nil)
      case "annotations": return has(PodObserver.podAnnotations)
      default: return false
      }
    }
    let rest = path.dropFirst(2)
    switch field {
    case "containers":
      guard let name = rest.first else { return false }
      return name == comparison.situation.live.containerName
        ? claimsOfContainer(rest.dropFirst()) : has(PodObserver.extraContainers)
    case "volumes":
      let data = [comparison.situation.live, comparison.target].compactMap {
        WorkloadObserver.dataMount(of: $0)?["name"]?.string
      }
      guard let name = rest.first else { return has(PodObserver.otherVolumes) }
      return data.contains(name)
        ? has(WorkloadObserver.dataVolume, WorkloadObserver.dataPersistent)
        : has(PodObserver.otherVolumes)
    case "serviceAccount", "serviceAccountName":
      return has(WorkloadObserver.serviceAccountName)
    default: return PodObserver.covers(pod: field, has)
    }
  }

  private func claimsOfContainer(_ path: ArraySlice<String>) -> Bool {
    switch path.first {
    case "env", "envFrom": return true
    case "name": return has(WorkloadObserver.containerName)
    case "image": return has(WorkloadObserver.imageRepository, WorkloadObserver.imageTag)
    case "imagePullPolicy": return has(WorkloadObserver.imagePullPolicy)
    // Whose ports they are, the ways to the broker say.
    case "ports": return path.last != "hostIP" && has(PodObserver.containerPorts)
    case "volumeMounts":
      return has(PodObserver.otherMounts, WorkloadObserver.dataPersistent)
    case let field?: return PodObserver.covers(container: field, has)
    case nil: return true
    }
  }

  // MARK: A Service

  private func claimsOfService(_ path: [String]) -> Bool {
    let listeners = comparison.situation.recipe.listeners.map(\.name)
    guard
      let listener = listeners.first(where: { listener in
        comparison.situation.factsBefore[NetworkObserver.key(listener, NetworkObserver.name)]
          == .value(.string(outlook.current.name))
      })
    else { return false }
    func has(_ fact: String) -> Bool {
      comparison.setting(NetworkObserver.key(listener, fact)) != nil
    }
    let field = path.dropFirst().first ?? ""
    guard path.first == "spec" else {
      return path.first == "metadata" && ["labels", "annotations"].contains(field) && has(field)
        && path.last != Bookkeeping.resourcePolicy
    }
    switch field {
    // Which Pods it finds: who adopts another selector lets the old one go.
    case "selector":
      return comparison.setting(WorkloadObserver.selector)?.consent != nil
        || ServiceSelectorChanged.findings(in: comparison).contains {
          $0.subject == outlook.reference
        }
    case "ports": return has("port") || has(NetworkObserver.extraPorts)
    case "clusterIPs": return has("cluster-ip")
    default: return NetworkObserver.fact(ofSpec: field).map(has) ?? false
    }
  }
}

extension JSON {
  /// The value at a path of keys; null where there is none.
  func value(at path: some Collection<FieldDifference.Key>) -> JSON {
    path.reduce(self) { value, key in
      switch key {
      case .member(let name): value[name] ?? .null
      case .entry(let name): value.entry(name) ?? .null
      }
    }
  }

  /// The entry of a list that goes by a name.
  private func entry(_ name: String) -> JSON? {
    if let keyed = FieldDifference.entry(name, of: elements) { return keyed }
    return Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
  }
}

extension FieldCoverage {
  /// The fields that something in the cluster changes on the way, by what the API server makes of
  /// an object.
  package static func changes(onTheWayOf object: JSON, to answer: JSON) -> [FieldDifference] {
    FieldDifference.between(object.content, answer.content).filter {
      isMade($0, onTheWayOf: object)
    }
  }
}
