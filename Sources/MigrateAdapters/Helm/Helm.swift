package import MigratePlanning

/// The helm program: the only place that runs it.
package struct Helm: Sendable {
  private let executable: String
  private let connection: ClusterConnection
  private let run: CommandRunner

  package init(executable: String, connection: ClusterConnection, run: @escaping CommandRunner) {
    self.executable = executable
    self.connection = connection
    self.run = run
  }

  /// What `helm status` says of a release.
  package struct Status: Sendable {
    package var name: String
    package var namespace: String
    package var revision: Int
    package var status: String
    /// The values that the operator gave.
    package var supplied: JSON
    /// The manifest as helm stored it, in YAML.
    package var manifest: String
    package var applyMethod: ReleaseIdentity.ApplyMethod
  }

  /// Helm's version without the leading `v`, such as `3.17.2`.
  ///
  /// - Throws: ``ClientError``.
  package func version() async throws(ClientError) -> String {
    let output = try await output(
      "helm version", ["version", "--template", "{{.Version}}"], connected: false)
    let text = String(decoding: output, as: UTF8.self)
    return String(text.trimmingPrefix("v").prefix { !$0.isWhitespace && $0 != "+" })
  }

  /// The release's state, values and manifest: of its last revision, or of a given one.
  ///
  /// - Throws: ``ClientError``.
  package func status(
    of release: String, revision: Int? = nil
  ) async throws(ClientError) -> Status {
    let action = "helm status \(release)"
    let json = try await json(
      action,
      ["status", release, "--output", "json"]
        + (revision.map { ["--revision", String($0)] } ?? []), release: release)
    guard let name = json["name"]?.string, let revision = json["version"]?.integer,
      let status = json["info"]?["status"]?.string, let manifest = json["manifest"]?.string
    else {
      throw .unreadable(action: action, reason: "name, version, status or manifest is missing")
    }
    let config = json["config"] ?? .null
    return Status(
      name: name, namespace: json["namespace"]?.string ?? connection.namespace ?? "default",
      revision: revision, status: status, supplied: config == .null ? [:] : config,
      manifest: manifest,
      applyMethod: json["apply_method"]?.string == "ssa" ? .serverSide : .clientSide)
  }

  /// One line of a release's history.
  package struct Revision: Hashable, Sendable {
    package var number: Int
    package var status: String
    package var chartName: String
    package var chartVersion: String
    /// What helm or the operator noted, such as `Rollback to 1`.
    package var description: String

    /// Whether helm did not bring it to its end.
    package var isFailed: Bool { status == "failed" }
  }

  /// The revisions that helm still has, the oldest first.
  ///
  /// - Throws: ``ClientError``.
  package func history(of release: String) async throws(ClientError) -> [Revision] {
    let action = "helm history \(release)"
    let json = try await json(
      action, ["history", release, "--output", "json", "--max", "256"], release: release)
    return json.elements.compactMap { entry in
      guard let number = entry["revision"]?.integer, let status = entry["status"]?.string,
        let chart = entry["chart"]?.string
      else { return nil }
      let (name, version) = Self.split(chart: chart)
      return Revision(
        number: number, status: status, chartName: name, chartVersion: version,
        description: entry["description"]?.string ?? "")
    }.sorted { $0.number < $1.number }
  }

  /// The objects that a chart renders for a release with values, or with its defaults for nil.
  ///
  /// Values go to helm on standard input, secrets and all; the given secrets show in no error.
  ///
  /// - Throws: ``ClientError``.
  package func template(
    release: String, namespace: String, chart: String, values: JSON?, secrets: [String] = []
  ) async throws(ClientError) -> Objects {
    let action = "helm template"
    var arguments = [
      "template", release, chart, "--namespace", namespace, "--is-upgrade", "--no-hooks",
    ]
    if let values {
      arguments +=
        ["--values", "-"] + (values.defeatsSchemaValidation ? [Self.skipSchemaFlag] : [])
    }
    let output = try await output(
      action, arguments, connected: false, input: values.map { Array($0.valuesText.utf8) },
      secrets: secrets)
    do {
      return Objects(try YAMLReader().manifestDocuments(output))
    } catch {
      throw .unreadable(action: action, reason: error.description)
    }
  }

  /// Renders and upgrades without checking values against the chart's schema.
  package static let skipSchemaFlag = "--skip-schema-validation"

  /// Splits helm's `NAME-VERSION`: the version is the longest ending that is a semantic version.
  static func split(chart: String) -> (name: String, version: String) {
    var search = chart.startIndex
    while let dash = chart[search...].firstIndex(of: "-") {
      let version = chart[chart.index(after: dash)...]
      if version.wholeMatch(of: /v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?/) != nil {
        return (String(chart[..<dash]), String(version))
      }
      search = chart.index(after: dash)
    }
    return (chart, "")
  }

  private func json(
    _ action: String, _ arguments: [String], release: String
  ) async throws(ClientError) -> JSON {
    let output: [UInt8]
    do {
      output = try await self.output(action, arguments)
    } catch .failed(_, _, let detail) where detail.contains("release: not found") {
      throw .releaseNotFound(release, namespace: connection.namespace)
    }
    do {
      return try JSONReader().value(output)
    } catch {
      throw .unreadable(action: action, reason: error.description)
    }
  }

  func output(
    _ action: String, _ arguments: [String], connected: Bool = true, input: [UInt8]? = nil,
    secrets: [String] = []
  ) async throws(ClientError) -> [UInt8] {
    let command = Command(
      executable,
      arguments + (connected ? connection.arguments(contextFlag: "--kube-context") : []),
      input: input)
    let result: CommandResult
    do {
      result = try await run(command)
    } catch {
      throw .command(error)
    }
    guard result.isSuccess else {
      throw ClientError(action, command, result, secrets: secrets, connected: connected)
    }
    return result.output
  }
}

extension JSON {
  /// Whether helm 3 fails to check the values against a schema, although it renders them exactly:
  /// its check reads them as YAML and stumbles over control characters ("yaml: control characters
  /// are not allowed").
  package var defeatsSchemaValidation: Bool {
    canonical.unicodeScalars.contains { scalar in
      switch scalar.value {
      case 0x7F...0x84, 0x86...0x9F, 0xFFFE, 0xFFFF: true
      default: false
      }
    }
  }

  /// Whether helm 4 cannot carry the values in server-side apply: it sends objects as YAML with raw
  /// characters, where a NEL (U+0085) silently becomes a space and other control characters are
  /// refused. Its client-side way carries them.
  package var defeatsServerSideApply: Bool {
    defeatsSchemaValidation || canonical.unicodeScalars.contains("\u{85}")
  }
}
