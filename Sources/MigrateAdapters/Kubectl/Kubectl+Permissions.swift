package import MigratePlanning

extension Kubectl {
  /// Which of some permissions the user has, asked of the API server in one call. Everybody may ask
  /// about themselves; nothing is changed.
  ///
  /// - Throws: ``ClientError`` when it does not say so of every one.
  package func granted(
    _ permissions: [Permission]
  ) async throws(ClientError) -> [Permission: Bool] {
    guard !permissions.isEmpty else { return [:] }
    let action = "kubectl create selfsubjectaccessreviews"
    let list: JSON = [
      "apiVersion": "v1", "kind": "List", "items": .array(permissions.map(\.review)),
    ]
    let output = try await output(
      action,
      ["create", "--filename", "-", "--output", "go-template={{.status.allowed}}{{\"\\n\"}}"]
        + Self.validation(false), input: Array(list.canonical.utf8))
    // One answer a line, in the order of the questions.
    let answers = String(decoding: output, as: UTF8.self).split(separator: "\n").map {
      $0 == "true"
    }
    guard answers.count == permissions.count else {
      throw unreadable(action, "an answer is missing")
    }
    return Dictionary(zip(permissions, answers)) { first, _ in first }
  }
}
