package import MigratePlanning

/// The kubectl program: the only place that runs it.
package struct Kubectl: Sendable {
  private let executable: String
  private let connection: ClusterConnection
  private let run: CommandRunner

  package init(executable: String, connection: ClusterConnection, run: @escaping CommandRunner) {
    self.executable = executable
    self.connection = connection
    self.run = run
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
      input: Array(manifests.joined(separator: "\n---\n").utf8))
    guard output.contains(where: { !$0.isWhitespace }) else { return Objects([]) }
    do {
      return Objects([try JSONReader().value(output)])
    } catch {
      throw .unreadable(action: action, reason: error.description)
    }
  }

  /// The keys of a ConfigMap or Secret. The values are left in the cluster: kubectl prints the keys
  /// only.
  ///
  /// - Throws: ``ClientError`` when the cluster cannot be asked; what may not be read is an answer.
  package func keys(of source: EnvironmentSource.Identity) async throws(ClientError)
    -> SourceContent
  {
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
    } catch .failed(_, _, let detail) {
      return .unreadable(detail)
    }
  }

  private func output(
    _ action: String, _ arguments: [String], input: [UInt8]? = nil
  ) async throws(ClientError) -> [UInt8] {
    let command = Command(
      executable, arguments + connection.arguments(contextFlag: "--context"), input: input)
    let result: CommandResult
    do {
      result = try await run(command)
    } catch {
      throw .command(error)
    }
    guard result.isSuccess else { throw ClientError(action, command, result, secrets: []) }
    return result.output
  }
}

extension UInt8 {
  fileprivate var isWhitespace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
