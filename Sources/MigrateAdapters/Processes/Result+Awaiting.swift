extension Result where Success: Sendable {
  /// The result of asynchronous work. `async let` forgets the type of what is thrown; a result
  /// keeps it.
  package init(awaiting work: () async throws(Failure) -> Success) async {
    do {
      self = .success(try await work())
    } catch {
      self = .failure(error)
    }
  }
}
