extension Helm {
  /// What helm says of a release; nil when it was uninstalled.
  ///
  /// - Throws: ``ClientError``.
  package func installed(_ release: String) async throws(ClientError) -> Status? {
    do {
      return try await status(of: release)
    } catch .releaseNotFound {
      return nil
    }
  }
}
