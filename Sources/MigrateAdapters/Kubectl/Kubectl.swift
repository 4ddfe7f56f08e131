package import MigratePlanning

/// The kubectl program: the only place that runs it.
package struct Kubectl: Sendable {
  private let executable: String
  private var connection: ClusterConnection
  private let redactor: Redactor
  private let run: CommandRunner
  private var patience: Patience?

  /// Takes the program, the cluster it talks to, what keeps secrets out of its errors, and how long
  /// to go on when the cluster does not answer: not at all without patience.
  package init(
    executable: String, connection: ClusterConnection, redactor: Redactor,
    run: @escaping CommandRunner, patience: Patience? = nil
  ) {
    self.executable = executable
    self.connection = connection
    self.redactor = redactor
    self.run = run
    self.patience = patience
  }

  /// The same program, for a call that has to come to an end soon and is repeated by whoever makes
  /// it.
  package func hasty(_ limit: Duration) -> Kubectl {
    var hasty = self
    hasty.connection.requestTimeout = min(limit, connection.requestTimeout)
    hasty.patience = nil
    return hasty
  }

  /// The live objects that manifests name, with their field managers, in one call; objects that do
  /// not exist are left out.
  ///
  /// - Throws: ``ClientError``.
  package func get(manifests: [String]) async throws(ClientError) -> Objects {
    let action = "kubectl get"
    let output = try await output(
      action,
      [
        "get", "--filename", "-", "--ignore-not-found", "--show-managed-fields", "--output", "json",
      ],
      // With a brace first, kubectl takes the whole for JSON and stumbles over the next document.
      input: Array(manifests.map { "---\n\($0)\n" }.joined().utf8))
    guard output.contains(where: { !$0.isWhitespace }) else { return Objects([]) }
    do {
      return Objects([try JSONReader().value(output)])
    } catch {
      throw unreadable(action, error.description)
    }
  }

  /// The live ones among objects, by kind and name.
  ///
  /// - Throws: ``ClientError``.
  package func get(_ objects: [JSON]) async throws(ClientError) -> Objects {
    try await get(manifests: objects.map(\.identity.valuesText))
  }

  /// Which fields of objects Kubernetes does not know, by the description of the API that the
  /// server gives; nothing is sent to it.
  ///
  /// - Returns: nil when there are none, else kubectl's words.
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func unknownFields(in objects: [JSON]) async throws(ClientError) -> String? {
    let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
    do {
      _ = try await output(
        "kubectl create", ["create", "--filename", "-", "--dry-run=client", "--output", "name"],
        input: Array(list.valuesText.utf8))
      return nil
    } catch .failed(_, _, _, let detail) {
      return detail
    }
  }

  /// Whether kubectl looks for fields that Kubernetes does not know. For a server that cannot do
  /// that itself, before 1.25, it fetches the description of the whole API first.
  static func validation(_ checksFields: Bool) -> [String] {
    checksFields ? [] : ["--validate=false"]
  }

  /// That kubectl printed something that is not what was asked for.
  func unreadable(_ action: String, _ reason: String) -> ClientError {
    .unreadable(action: action, reason: redactor.redacting(reason))
  }

  /// Runs kubectl. A question, which changes nothing, is asked again when the cluster did not
  /// answer.
  func output(
    _ action: String, _ arguments: [String], input: [UInt8]? = nil, isQuestion: Bool = true,
    lasting pause: Duration = .zero
  ) async throws(ClientError) -> [UInt8] {
    let command = Command(
      executable, arguments + connection.arguments(contextFlag: "--context"), input: input,
      limit: connection.requestTimeout + pause)
    func output() async throws(ClientError) -> [UInt8] {
      let result: CommandResult
      do {
        result = try await run(command)
      } catch {
        throw .command(error)
      }
      guard result.isSuccess else { throw ClientError(action, command, result, redactor: redactor) }
      return result.output
    }
    guard let patience else { return try await output() }
    return try await patience.asking(isQuestion: isQuestion, output)
  }
}

extension JSON {
  /// What names a Kubernetes object and nothing of what it holds: kubectl needs no more to find it,
  /// and can print no secret of it when it fails.
  package var identity: JSON {
    var metadata: [String: JSON] = ["name": self["metadata"]?["name"] ?? .null]
    metadata["namespace"] = self["metadata"]?["namespace"]
    return [
      "apiVersion": self["apiVersion"] ?? .null, "kind": self["kind"] ?? .null,
      "metadata": .object(metadata),
    ]
  }
}

extension UInt8 {
  var isWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
