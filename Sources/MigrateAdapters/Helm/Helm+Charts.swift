extension Helm {
  /// Packages the chart of a folder into another folder.
  ///
  /// - Throws: ``ClientError``.
  func package(chart: String, into folder: String) async throws(ClientError) {
    _ = try await output(
      "helm package", ["package", chart, "--destination", folder], scope: .local)
  }

  /// Fetches a packaged chart into a folder.
  ///
  /// - Throws: ``ClientError``.
  func pull(_ reference: ChartReference, into folder: String) async throws(ClientError) {
    _ = try await output(
      "helm pull",
      ["pull"] + reference.arguments(version: reference.version) + ["--destination", folder],
      scope: .download)
  }

  /// Checks a packaged chart against its signature.
  ///
  /// - Throws: ``ClientError``.
  func verify(archive: String, keyring: String?) async throws(ClientError) {
    _ = try await output(
      "helm verify", ["verify", archive] + (keyring.map { ["--keyring", $0] } ?? []),
      scope: .local)
  }
}
