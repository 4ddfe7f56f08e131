package import MigratePlanning

/// The kubectl program, for the few questions that no API server answers: its own version, what the
/// kubeconfig says, and which fields of an object it knows. ``KubectlProxy`` runs it for all else.
package struct Kubectl: Sendable {
  private let executable: String
  private let connection: ClusterConnection
  private let redactor: Redactor
  private let run: CommandRunner

  /// Takes the program, the cluster it talks to, and what keeps secrets out of its errors.
  package init(
    executable: String, connection: ClusterConnection, redactor: Redactor,
    run: @escaping CommandRunner
  ) {
    self.executable = executable
    self.connection = connection
    self.redactor = redactor
    self.run = run
  }

  /// The program's own version without the leading `v`, such as `1.32.3`.
  ///
  /// - Throws: ``ClientError``.
  package func version() async throws(ClientError) -> String {
    let action = "kubectl version"
    let output = try await output(action, ["version", "--output", "json", "--client"])
    guard
      let version = (try? JSONReader().value(output))?["clientVersion"]?["gitVersion"]?.string
    else { throw unreadable(action, "clientVersion is missing") }
    return String(version.trimmingPrefix("v"))
  }

  /// The kubeconfig's context. kubectl shows no credentials here.
  ///
  /// - Throws: ``ClientError``, also where there is no context.
  package func context() async throws(ClientError) -> Surroundings.Context {
    let action = "kubectl config view"
    let output = try await output(action, ["config", "view", "--minify", "--output", "json"])
    guard let config = try? JSONReader().value(output),
      let context = config["contexts"]?.elements.first, let name = context["name"]?.string
    else { throw unreadable(action, "it has no context") }
    return Surroundings.Context(
      name: name,
      namespace: context["context"]?["namespace"]?.string.flatMap { $0.isEmpty ? nil : $0 })
  }

  /// Which fields of objects Kubernetes does not know, by the description of the API that the
  /// server gives; nothing is sent to it. From Kubernetes 1.25 on, the server says so itself.
  ///
  /// - Returns: nil when there are none, else kubectl's words.
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func unknownFields(in objects: [JSON]) async throws(ClientError) -> String? {
    // kubectl refuses objects of another namespace than the one that it is given, and nothing is
    // made of these.
    let items = objects.map { $0.without("metadata", "namespace") }
    let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(items)]
    do {
      _ = try await output(
        "kubectl create", ["create", "--filename", "-", "--dry-run=client", "--output", "name"],
        input: Array(list.valuesText.utf8))
      return nil
    } catch .failed(_, _, _, let detail) {
      return detail
    }
  }

  /// That kubectl printed something that is not what was asked for.
  private func unreadable(_ action: String, _ reason: String) -> ClientError {
    .unreadable(action: action, reason: redactor.redacting(reason))
  }

  private func output(
    _ action: String, _ arguments: [String], input: [UInt8]? = nil
  ) async throws(ClientError) -> [UInt8] {
    let command = Command(
      executable, arguments + connection.arguments(contextFlag: "--context"), input: input,
      limit: connection.requestTimeout)
    let result: CommandResult
    do {
      result = try await run(command)
    } catch {
      throw .command(error)
    }
    guard result.isSuccess else { throw ClientError(action, command, result, redactor: redactor) }
    return result.output
  }
}
