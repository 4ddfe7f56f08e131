import MigrateAdapters
import MigratePlanning

/// Puts every object back as it was, and deletes what the apply had created.
struct RestoreObjects: RunStep {
  let name = RunDocument.StepName.restore
  let rollback: RollbackInput

  private var cluster: Cluster { rollback.context.cluster }

  func perform() async throws -> String? {
    var words: [String] = []
    for object in rollback.backup.objects {
      if let restored = try await restore(object) { words.append(restored) }
    }
    for object in rollback.backup.created where try await rollback.deleteCreated(object) {
      words.append("\(rollback.reference(object)) is deleted")
    }
    return words.isEmpty ? "nothing else to put back" : words.joined(separator: ", ")
  }

  /// Puts one object back; nil when it was as it is to be.
  private func restore(_ object: JSON) async throws -> String? {
    let reference = rollback.reference(object)
    let live = try await cluster.get(reference)
    let words: String
    switch RestoreDecision(object, live: live) {
    case .none: return nil
    case .create(let wanted): words = try await create(wanted, reference)
    case .recreate(let wanted):
      // An address cannot be changed; the one from before is asked for anew.
      try await cluster.delete(reference, timeout: rollback.options.seconds(toEnd: live ?? [:]))
      words = try await create(wanted, reference)
    case .replace(let wanted):
      _ = try await cluster.replace(wanted)
      words = "\(reference) is as it was"
    }
    try await giveFieldsBack(object, reference)
    return words
  }

  /// Gives the fields of an object back to those who had them before: else helm's next server-side
  /// apply would conflict with us. A Deployment's are settled when it is resumed.
  private func giveFieldsBack(_ object: JSON, _ reference: ObjectReference) async throws {
    guard reference.kind != "Deployment", let managers = object["metadata"]?["managedFields"],
      !managers.elements.isEmpty
    else { return }
    try await cluster.setManagers(of: reference) { _ in managers }
  }

  private func create(_ object: JSON, _ reference: ObjectReference) async throws -> String {
    do {
      if reference.kind == "PersistentVolumeClaim" {
        // Its volume belonged to the claim that is gone.
        _ = try await cluster.create(object.withoutVolume)
        return "\(reference) is made again, empty: what the broker wrote went with the old one"
      }
      _ = try await cluster.create(object)
      return "\(reference) is made again"
    } catch {
      guard error.isAddressTaken else { throw error }
      _ = try await cluster.create(object.withoutServiceAddresses)
      return "\(reference) is made again with another address, for the old one is taken"
    }
  }
}

extension JSON {
  /// A claim that waits for a volume of its own.
  fileprivate var withoutVolume: JSON {
    let annotations = (self["metadata"]?["annotations"]?.members ?? [:]).filter {
      !$0.key.contains(".kubernetes.io/")
    }
    return without("spec", "volumeName").replacing(
      ["metadata", "annotations"], with: .object(annotations))
  }
}
