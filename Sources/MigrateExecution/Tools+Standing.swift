import MigrateAdapters
import MigratePlanning

extension Tools {
  /// How the broker stands where a run that had begun to change was stopped, by what there is now
  /// of its Deployments: whether Pods of it run, and whether anything rolls out before the operator
  /// does what is named.
  func standing(of deployments: [ObjectReference], until wayOn: String) async -> String {
    let (words, _) = await look(at: deployments, until: wayOn)
    return words
  }

  /// A failure with how the broker stands, where the run has left it standing still.
  func failure(
    _ error: RunFailure, leaving deployments: [ObjectReference], until wayOn: String
  ) async -> String {
    let (words, isStill) = await look(at: deployments, until: wayOn)
    return isStill ? "\(error); \(words)" : "\(error)"
  }

  private func look(
    at deployments: [ObjectReference], until wayOn: String
  ) async -> (words: String, isStill: Bool) {
    var there: [ObjectReference: JSON] = [:]
    do {
      for deployment in deployments {
        guard let live = try await kubectl.get(deployment),
          live["metadata"]?["deletionTimestamp"] == nil
        else { continue }
        there[deployment] = live
      }
    } catch {
      return ("how the broker stands cannot be seen now", false)
    }
    if there.isEmpty {
      return ("its Deployment is taken away, and no broker runs until you \(wayOn)", true)
    }
    func names(_ deployments: [ObjectReference: JSON]) -> String {
      deployments.keys.map(\.description).sorted().joined(separator: ", ")
    }
    let free = there.filter { $0.value["spec"]?["paused"] != true }
    if !free.isEmpty {
      return ("\(names(free)) rolls out all the same, and was not verified", false)
    }
    let names = names(there)
    let hasPods = there.values.contains { $0["status"]?["replicas"]?.integer ?? 0 > 0 }
    return (
      hasPods
        ? "\(names) is held still: its Pods run on as they are until you \(wayOn)"
        : "\(names) is held still and has no Pods: no broker runs until you \(wayOn)", true
    )
  }
}
