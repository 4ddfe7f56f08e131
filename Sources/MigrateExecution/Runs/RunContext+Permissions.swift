import MigrateAdapters
import MigratePlanning

extension RunContext {
  /// Requires that the user may do everything that a run and its way back do, so that neither stops
  /// half-way. An API server that does not answer such questions hinders nothing.
  ///
  /// - Throws: `RunFailure` with every permission that is missing.
  func require(_ permissions: [Permission]) async throws(RunFailure) {
    guard let granted = try? await cluster.granted(permissions) else { return }
    let missing = permissions.filter { granted[$0] == false }
    guard let namespace = missing.first?.namespace else { return }
    throw RunFailure(
      .refused,
      "the user may not \(missing.map(\.description).joined(separator: ", ")) in namespace "
        + "\"\(namespace)\", so this run or the way back from it would stop half-way; "
        + "get Role \"\(ShippedRole.apply.rawValue)\", "
        + "or see \"\(NextCommand(.doctor, options: place))\"")
  }
}
