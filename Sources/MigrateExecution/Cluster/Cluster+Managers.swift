import MigrateAdapters
import MigratePlanning

extension Cluster {
  /// Writes down anew who has the fields of an object; where `managers` has nothing to say of the
  /// live object, or there is none, it stays as it is.
  ///
  /// - Throws: ``ClusterError``.
  func setManagers(
    of reference: ObjectReference, _ managers: (JSON) -> JSON?
  ) async throws(ClusterError) {
    for attempt in 1...5 {
      guard let live = try await get(reference), let wanted = managers(live) else { return }
      do {
        _ = try await patch(
          reference,
          with: [
            [
              "op": "replace", "path": "/metadata/resourceVersion",
              "value": live["metadata"]?["resourceVersion"] ?? .null,
            ], ["op": "add", "path": "/metadata/managedFields", "value": wanted],
          ])
        return
      } catch {
        guard attempt < 5, error.isConflict || error.leavesOpen else { throw error }
      }
    }
  }
}
