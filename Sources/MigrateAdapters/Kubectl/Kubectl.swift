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

  /// The keys of a ConfigMap or Secret. The values are left in the cluster: kubectl prints the keys
  /// only.
  ///
  /// - Throws: ``ClientError`` when the cluster cannot be asked; what may not be read is an answer.
  package func keys(of source: EnvironmentSource.Identity) async throws(ClientError)
    -> SourceContent
  {
    // Kubernetes takes any text where a Pod names its sources.
    guard source.name.isObjectName else { return .missing }
    let template = "{{range $key, $value := .data}}{{$key}}{{\"\\n\"}}{{end}}found"
    do {
      let output = try await output(
        "kubectl get \(source.kind.rawValue)",
        [
          "get", source.kind.rawValue.lowercased(), source.name, "--ignore-not-found", "--output",
          "go-template=\(template)",
        ])
      let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
      return lines.last == "found" ? .keys(lines.dropLast()) : .missing
    } catch .failed(_, _, _, let detail) {
      return .unreadable(detail)
    }
  }

  /// The live ones among objects, by kind and name.
  ///
  /// - Throws: ``ClientError``.
  package func get(_ objects: [JSON]) async throws(ClientError) -> Objects {
    try await get(manifests: objects.map(\.identity.valuesText))
  }

  /// The RoleBindings of the namespace and all ClusterRoleBindings.
  ///
  /// - Throws: ``ClientError``.
  package func roleBindings() async throws(ClientError) -> Objects {
    try await list(["rolebindings,clusterrolebindings"])
  }

  /// All objects of a kind in the namespace, or in the cluster where the kind has none.
  ///
  /// - Returns: the objects, or why they could not be read.
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func all(of kind: Neighbour) async throws(ClientError) -> (Objects, unread: String?) {
    let action = "kubectl get \(kind.resource)"
    do {
      let output = try await output(action, ["get", kind.resource, "--output", "json"])
      return (Objects([try JSONReader().value(output)]), nil)
    } catch let error as TextError {
      throw unreadable(action, error.description)
    } catch let error as ClientError {
      guard case .failed(_, _, _, let detail) = error else { throw error }
      return (Objects([]), detail)
    } catch {
      throw unreadable(action, "\(error)")
    }
  }

  /// The size of what helm stores for a revision, in bytes; nil when it stores it elsewhere or the
  /// Secret may not be read. kubectl prints the size only.
  ///
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func storedBytes(
    release: String, revision: Int
  ) async throws(ClientError) -> Int? {
    do {
      let output = try await output(
        "kubectl get secret",
        [
          "get", "secret", "sh.helm.release.v1.\(release).v\(revision)", "--ignore-not-found",
          "--output", "go-template={{len (base64decode .data.release)}}",
        ])
      return Int(String(decoding: output, as: UTF8.self))
    } catch .failed {
      return nil
    }
  }

  /// What the API server says to objects that an upgrade would create; nothing is changed.
  ///
  /// - Returns: nil when it takes them all, else its reasons.
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func refusalToCreate(
    _ objects: [JSON], checksFields: Bool = true
  ) async throws(ClientError) -> Refusal? {
    let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
    return try await refusal(
      ["create", "--filename", "-", "--dry-run=server", "--output", "name"]
        + Self.validation(checksFields), list)
  }

  /// What the API server says to a Deployment's new Pod template and strategy, as one patch;
  /// nothing is changed.
  ///
  /// - Returns: nil when it takes them, else its reason.
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func refusalToPatch(
    deployment: String, spec: JSON
  ) async throws(ClientError) -> Refusal? {
    let strategy = spec["strategy"] ?? ["type": "RollingUpdate"]
    let patch: JSON = [
      ["op": "replace", "path": "/spec/template", "value": spec["template"] ?? [:]],
      ["op": "replace", "path": "/spec/strategy", "value": strategy],
    ]
    return try await refusal(
      [
        "patch", "deployment", deployment, "--type=json", "--patch-file", "/dev/stdin",
        "--dry-run=server", "--output", "name",
      ], patch)
  }

  /// What the API server says to helm's applying an object on the server, and to its taking fields
  /// of others over where it is forced; nothing is changed.
  ///
  /// - Returns: its words, conflicts among them; nil when it takes the object.
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func refusalToApply(
    _ object: JSON, force: Bool = false, checksFields: Bool = true
  ) async throws(ClientError) -> Refusal? {
    try await refusal(
      [
        "apply", "--filename", "-", "--server-side", "--field-manager=helm", "--dry-run=server",
        "--output", "name",
      ] + (force ? ["--force-conflicts"] : []) + Self.validation(checksFields), object)
  }

  /// Whether kubectl looks for fields that Kubernetes does not know. For a server that cannot do
  /// that itself, before 1.25, it fetches the description of the whole API first.
  static func validation(_ checksFields: Bool) -> [String] {
    checksFields ? [] : ["--validate=false"]
  }

  private func refusal(
    _ arguments: [String], _ object: JSON
  ) async throws(ClientError) -> Refusal? {
    do {
      _ = try await output(
        "kubectl \(arguments[0])", arguments, input: Array(object.valuesText.utf8))
      return nil
    } catch .failed(_, _, let reason, let detail) {
      return Refusal(reason: reason, words: detail)
    }
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
