package import MigratePlanning

extension Kubectl {
  /// The field manager of what this program writes.
  package static let fieldManager = "backbone-migrate"

  /// Makes an object; nothing is changed when it exists.
  ///
  /// - Returns: the object as the server has it.
  /// - Throws: ``ClientError``; ``ClientError/isAlreadyExists`` when it exists.
  package func create(
    _ object: JSON, dryRun: Bool = false
  ) async throws(ClientError) -> JSON {
    try await write("create", object, dryRun: dryRun)
  }

  /// Puts an object in the place of the one that is there. With a `resourceVersion` in its metadata
  /// the server refuses when somebody changed it since.
  ///
  /// - Returns: the object as the server has it.
  /// - Throws: ``ClientError``; ``ClientError/isConflict`` when somebody was faster.
  package func replace(
    _ object: JSON, dryRun: Bool = false
  ) async throws(ClientError) -> JSON {
    try await write("replace", object, dryRun: dryRun)
  }

  private func write(
    _ verb: String, _ object: JSON, dryRun: Bool
  ) async throws(ClientError) -> JSON {
    try await self.object(
      "kubectl \(verb)",
      [verb, "--filename", "-", "--field-manager", Self.fieldManager] + Self.validation(false)
        + (dryRun ? ["--dry-run=server"] : []), input: object, isQuestion: dryRun)
  }

  /// The kinds of patches that the API server knows.
  package enum PatchType: String, Sendable {
    case json, merge, strategic
  }

  /// Changes an object.
  ///
  /// - Returns: the object as the server has it.
  /// - Throws: ``ClientError``.
  package func patch(
    _ reference: ObjectReference, with patch: JSON, as type: PatchType = .json,
    dryRun: Bool = false
  ) async throws(ClientError) -> JSON {
    try await object(
      "kubectl patch \(reference)",
      ["patch"] + Self.words(for: reference) + [
        "--type", type.rawValue, "--patch-file", "/dev/stdin", "--field-manager",
        Self.fieldManager,
      ] + (dryRun ? ["--dry-run=server"] : []), input: patch, isQuestion: dryRun)
  }

  /// What helm's applying an object on the server would make of it; nothing is changed.
  ///
  /// - Throws: ``ClientError``.
  package func applied(_ object: JSON) async throws(ClientError) -> JSON {
    try await self.object(
      "kubectl apply",
      [
        "apply", "--filename", "-", "--server-side", "--field-manager=helm", "--force-conflicts",
        "--dry-run=server",
      ] + Self.validation(false), input: object, isQuestion: true)
  }

  /// Deletes an object and what it owns, and waits until all of it is gone; one that is not there
  /// is as good.
  ///
  /// - Throws: ``ClientError``, also when it is not gone after the timeout, in seconds.
  package func delete(
    _ reference: ObjectReference, timeout: Int
  ) async throws(ClientError) {
    try await delete(
      reference, ["--cascade=foreground", "--wait=true", "--timeout=\(timeout)s"],
      lasting: .seconds(timeout))
  }

  /// Deletes an object that owns nothing and that nobody waits for.
  ///
  /// - Throws: ``ClientError``.
  package func remove(_ reference: ObjectReference) async throws(ClientError) {
    try await delete(reference, ["--wait=false"])
  }

  private func delete(
    _ reference: ObjectReference, _ flags: [String], lasting: Duration = .zero
  ) async throws(ClientError) {
    _ = try await output(
      "kubectl delete \(reference)",
      ["delete"] + Self.words(for: reference) + ["--ignore-not-found"] + flags, lasting: lasting)
  }

  /// An object of the namespace; nil when it is not there.
  ///
  /// - Throws: ``ClientError``.
  package func get(_ reference: ObjectReference) async throws(ClientError) -> JSON? {
    let found = try await list(
      Self.words(for: reference) + ["--ignore-not-found", "--show-managed-fields"])
    return found.all.first
  }

  /// The two words that name an object. A backup, or a field that the API server does not look at,
  /// can hold what is no name but would be an option.
  ///
  /// - Throws: ``ClientError`` for what no object can be called.
  private static func words(for reference: ObjectReference) throws(ClientError) -> [String] {
    guard reference.kind.wholeMatch(of: /[A-Za-z][A-Za-z0-9]*/) != nil, reference.name.isObjectName
    else {
      throw .failed(
        action: "kubectl", status: 1, reason: .other,
        detail: "\("\(reference)".jsonQuoted) is no name of an object; nothing was asked")
    }
    return [reference.kind.lowercased(), reference.name]
  }

  /// The objects that `kubectl get` finds with these arguments.
  ///
  /// - Throws: ``ClientError``.
  package func list(_ arguments: [String]) async throws(ClientError) -> Objects {
    let action = "kubectl get \(arguments.first ?? "")"
    let output = try await output(action, ["get"] + arguments + ["--output", "json"])
    guard output.contains(where: { !$0.isWhitespace }) else { return Objects([]) }
    return Objects([try json(action, output)])
  }

  private func object(
    _ action: String, _ arguments: [String], input: JSON, isQuestion: Bool
  ) async throws(ClientError) -> JSON {
    try json(
      action,
      try await output(
        action, arguments + ["--output", "json"], input: Array(input.valuesText.utf8),
        isQuestion: isQuestion))
  }

  private func json(_ action: String, _ output: [UInt8]) throws(ClientError) -> JSON {
    do {
      return try JSONReader().value(output)
    } catch {
      throw unreadable(action, error.description)
    }
  }
}

extension String {
  /// Whether an object of Kubernetes can be called so, as far as kubectl has to know: no option,
  /// and no second object.
  var isObjectName: Bool {
    let isPlain = unicodeScalars.allSatisfy { scalar in
      (0x21...0x7E).contains(scalar.value) && !"/,%".unicodeScalars.contains(scalar)
    }
    return !isEmpty && isPlain && !hasPrefix("-")
  }
}
