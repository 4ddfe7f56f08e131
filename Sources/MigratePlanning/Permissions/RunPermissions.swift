/// The permissions without which a run, or the way back from it, would stop half-way. What is only
/// for words, such as the events that say why a Pod does not come up, is not among them.
package struct RunPermissions: Sendable {
  private var found: Set<Permission> = []
  private let namespace: String

  private init(_ namespace: String) {
    self.namespace = namespace
    // The lock; the backup, and helm's revisions.
    add(["get", "create", "update"], "leases", group: "coordination.k8s.io")
    add(["get", "list", "create", "update"], "secrets")
  }

  /// What carrying a plan out needs, and taking it back.
  package static func apply(_ plan: Plan) -> [Permission] {
    let snapshot = plan.comparison.situation.snapshot
    var needs = RunPermissions(snapshot.release.namespace)
    for change in plan.objects {
      let reference = change.object
      let object = [plan.comparison.rendered, snapshot.manifest].lazy.compactMap {
        $0.object(reference, in: snapshot.release.namespace)
      }.first
      guard let object else { continue }
      switch change.change {
      case .create where reference.kind == "PersistentVolumeClaim":
        // A claim stays, marked to be kept.
        needs.add(["get", "create", "patch"], object)
      case .create: needs.add(["get", "create", "patch", "delete"], object)
      case .update: needs.add(Self.changed, object)
      case .replace, .delete: needs.addMadeAnew(object)
      case .none where snapshot.release.applyMethod == .serverSide:
        needs.add(["get", "patch"], object)
      case .none, .keep: needs.add(["get"], object)
      }
    }
    return needs.found.sorted()
  }

  /// What going back to a backup needs, from what there is now.
  package static func rollback(to backup: Backup, from live: Objects) -> [Permission] {
    let release = backup.snapshot.release
    var needs = RunPermissions(release.namespace)
    func now(_ object: JSON) -> JSON? {
      live.counterpart(of: object, in: release.namespace)
    }
    for object in backup.objects {
      let isOfRelease =
        backup.snapshot.manifest.counterpart(of: object, in: release.namespace) != nil
      guard let there = now(object) else {
        needs.addMadeAnew(object)
        continue
      }
      switch object["kind"] {
      case "Deployment" where Deployment(there).selector != Deployment(object).selector,
        "Service" where object.hasOtherAddress(than: there):
        // These fields never change: it is deleted and made anew.
        needs.addMadeAnew(object)
      default:
        let isSame = there.content == object.content
        needs.add(isSame && !isOfRelease ? ["get"] : Self.changed, object)
      }
    }
    let kept = Set(backup.objects.map { $0.objectReference(defaultNamespace: release.namespace) })
    for object in backup.created where now(object) != nil {
      let reference = object.objectReference(defaultNamespace: release.namespace)
      guard !kept.contains(reference) else { continue }
      needs.add(
        object["kind"] == "PersistentVolumeClaim"
          ? ["get", "patch"] : ["get", "delete"], object)
    }
    return needs.found.sorted()
  }

  /// An object that helm changes, and that is put back whole.
  private static let changed = ["get", "patch", "update"]

  /// An object that is deleted and made anew. Its name, or its address, is free only when the old
  /// one is gone, which is waited for.
  private mutating func addMadeAnew(_ object: JSON) {
    let waits = ["Deployment", "Service"].contains(object["kind"]?.string ?? "")
    add(Self.changed + ["create", "delete"] + (waits ? ["watch"] : []), object)
  }

  private mutating func add(_ verbs: [String], _ object: JSON) {
    guard let name = ResourceName(of: object) else { return }
    let place = object.objectReference(defaultNamespace: namespace).namespace
    for verb in verbs {
      found.insert(Permission(verb, name.resource, group: name.group, in: place))
    }
  }

  private mutating func add(_ verbs: [String], _ resource: String, group: String = "") {
    for verb in verbs {
      found.insert(Permission(verb, resource, group: group, in: namespace))
    }
  }
}
