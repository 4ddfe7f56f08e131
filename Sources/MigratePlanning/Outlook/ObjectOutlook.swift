/// What becomes of one live object of a release that is there afterwards as well, or that another
/// one takes the place of.
package struct ObjectOutlook: Hashable, Sendable {
  /// The object that is there afterwards.
  package var reference: ObjectReference
  /// The one that is there now: the same, or the one that it takes the place of.
  package var current: ObjectReference
  package var live: JSON
  /// The object as an apply leaves it by itself: everything that it writes, as one object.
  package var sent: JSON
  /// What the API server makes of that: what it fills in, and what admission changes. The same as
  /// what is sent where it was not asked, or refused.
  package var predicted: JSON
  /// Whether the API server answered.
  package var isAnswered: Bool

  /// Whether another object takes the place of the one that is there.
  package var isRenamed: Bool { reference != current }
}

/// One write of an apply to an object, as it is put to the API server.
package struct ObjectWrite: Hashable, Sendable {
  package var reference: ObjectReference
  /// The live object that is changed, or that the new one takes the place of; nil where there is
  /// none.
  package var live: JSON?
  /// The object as it is to be.
  package var object: JSON
  package var manner: Manner

  package enum Manner: Hashable, Sendable {
    /// The object is made.
    case create
    /// The live one is changed to it.
    case change
    /// Helm applies it on the server.
    case apply
  }
}

extension Comparison {
  /// Whether helm writes the release's objects by applying them on the server.
  package var isAppliedOnServer: Bool {
    let release = situation.snapshot.release
    return release.applyMethod == .serverSide && release.isKeptByHelm
  }

  /// What an apply writes to the objects of the release, and to those that it makes, each as the
  /// one write that all its steps come to: what holds the Deployment still, helm's, and what takes
  /// leftovers away and lets it roll out.
  package var writes: [ObjectWrite] {
    let (snapshot, namespace) = (situation.snapshot, situation.snapshot.release.namespace)
    return rendered.all.map { object in
      let reference = object.objectReference(defaultNamespace: namespace)
      let isBroker = object == target.deployment
      let live = snapshot.live.object(reference, in: namespace)
      if isBroker, replacesWorkload {
        return ObjectWrite(
          reference: reference, live: situation.live.deployment, object: object, manner: .create)
      }
      guard let live else {
        return ObjectWrite(
          reference: reference, live: predecessor(of: object), object: object, manner: .create)
      }
      if isBroker {
        return ObjectWrite(
          reference: reference, live: live, object: held(live, object), manner: .change)
      }
      let manifest =
        snapshot.manifest.object(reference, in: namespace) ?? [:]
      let cleared = ServiceLeftovers.cleared(live, from: manifest, to: object)
      if isAppliedOnServer, cleared == live {
        return ObjectWrite(reference: reference, live: live, object: object, manner: .apply)
      }
      return ObjectWrite(
        reference: reference, live: live,
        object: ThreeWayMerge.merged(
          from: isAppliedOnServer ? ManagedFields.written(cleared, by: "helm") : manifest,
          to: object,
          live: cleared),
        manner: .change)
    }
  }

  /// The Deployment in its place: helm's merge of everything beside what an apply holds still,
  /// which is as the target has it.
  private func held(_ live: JSON, _ wanted: JSON) -> JSON {
    let snapshot = situation.snapshot
    let manifest =
      isAppliedOnServer
      ? ManagedFields.written(live, by: "helm")
      : snapshot.manifest.counterpart(of: live, in: snapshot.release.namespace) ?? [:]
    var spec = ThreeWayMerge.merged(from: manifest, to: wanted, live: live)["spec"]?.members ?? [:]
    for field in Deployment.heldFields { spec[field] = wanted["spec"]?[field] }
    spec["paused"] = nil
    return ThreeWayMerge.merged(
      from: manifest.without("spec"), to: wanted.without("spec"), live: live
    ).replacing(["spec"], with: .object(spec))
  }

  /// The object of the release that a new one takes the place of: the Service that led to the same
  /// listener, the ServiceAccount that the Pods ran as.
  private func predecessor(of object: JSON) -> JSON? {
    let live = situation.liveHere
    switch object["kind"]?.string {
    case "Service":
      let names = situation.recipe.listeners.compactMap { listener -> String? in
        let key = NetworkObserver.key(listener.name, NetworkObserver.name)
        guard let setting = setting(key), setting.after == .value(.string(object.objectName)),
          case .value(let name) = setting.before
        else { return nil }
        return name.string
      }
      return names.first.flatMap { live.object(kind: "Service", name: $0) }
    case "ServiceAccount":
      guard object.objectName == WorkloadObserver.serviceAccountName(of: target) else { return nil }
      return live.object(
        kind: "ServiceAccount", name: WorkloadObserver.serviceAccountName(of: situation.live))
    default: return nil
    }
  }
}

extension Deployment {
  /// The fields of `spec` that an apply gives the Deployment by itself, before helm: to be held
  /// still it gets them as the target has them.
  package static let heldFields = [
    "template", "strategy", "minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit",
  ]
}

extension ObjectWrite {
  /// The JSON patch that changes the live object; empty when there is nothing to change.
  package var patch: JSON { live.map { Self.patch(from: $0, to: object) } ?? [] }

  /// The JSON patch that makes one version of an object of another, member by member of what it
  /// says; empty when they say the same.
  static func patch(from live: JSON, to object: JSON) -> JSON {
    var operations: [JSON] = []
    func change(_ before: JSON?, _ after: JSON?, at path: [String]) {
      guard before != after else { return }
      let pointer = JSON.string(
        path.map {
          "/" + $0.replacing("~", with: "~0").replacing("/", with: "~1")
        }.joined())
      operations.append(
        after.map { ["op": "add", "path": pointer, "value": $0] }
          ?? ["op": "remove", "path": pointer])
    }
    for key in ["labels", "annotations", "ownerReferences", "finalizers"] {
      change(live["metadata"]?[key], object["metadata"]?[key], at: ["metadata", key])
    }
    let fixed: Set<String> = ["apiVersion", "kind", "metadata", "status"]
    for key in Set(live.members.keys).union(object.members.keys).subtracting(fixed).sorted() {
      let (before, after) = (live[key], object[key])
      guard case .object(let old)? = before, case .object(let new)? = after else {
        change(before, after, at: [key])
        continue
      }
      for member in Set(old.keys).union(new.keys).sorted() {
        change(old[member], new[member], at: [key, member])
      }
    }
    return .array(operations)
  }

  /// What becomes of the object by an answer of the API server; nil where nothing is there before.
  func outlook(answer: JSON?, namespace: String) -> ObjectOutlook? {
    guard let live else { return nil }
    return ObjectOutlook(
      reference: reference, current: live.objectReference(defaultNamespace: namespace), live: live,
      sent: object, predicted: answer ?? object, isAnswered: answer != nil)
  }
}
