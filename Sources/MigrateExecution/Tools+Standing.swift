import MigrateAdapters
import MigratePlanning

extension Tools {
  /// How the broker stands where a run that had begun to change was stopped, by what there is now of its
  /// Deployments: whether Pods of it run, and whether anything rolls out before the operator does what
  /// is named.
  func standing(of deployments: [ObjectReference], until wayOn: String) async -> String {
    var there: [ObjectReference: JSON] = [:]
    do {
      for deployment in deployments {
        guard let live = try await kubectl.get(deployment),
          live["metadata"]?["deletionTimestamp"] == nil
        else { continue }
        there[deployment] = live
      }
    } catch {
      return "how the broker stands cannot be seen now"
    }
    if there.isEmpty {
      return "its Deployment is taken away, and no broker runs until you \(wayOn)"
    }
    func names(_ deployments: [ObjectReference: JSON]) -> String {
      deployments.keys.map(\.description).sorted().joined(separator: ", ")
    }
    let free = there.filter { $0.value["spec"]?["paused"] != true }
    if !free.isEmpty { return "\(names(free)) rolls out all the same, and was not verified" }
    let names = names(there)
    return there.values.contains { $0["status"]?["replicas"]?.integer ?? 0 > 0 }
      ? "\(names) is held still: its Pods run on as they are until you \(wayOn)"
      : "\(names) is held still and has no Pods: no broker runs until you \(wayOn)"
  }
}
