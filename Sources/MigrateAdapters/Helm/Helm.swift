package import MigratePlanning

/// The helm program: the only place that runs it.
package struct Helm: Sendable {
  private let executable: String
  private let connection: ClusterConnection
  private let redactor: Redactor
  private let run: CommandRunner
  private let patience: Patience?

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
      "helm version", ["version", "--template", "{{.Version}}"], scope: .local)
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
      throw unreadable(action, "name, version, status or manifest is missing")
    }
    let config = json["config"] ?? .null
    return Status(
      name: name, namespace: json["namespace"]?.string ?? connection.namespace ?? "default",
      revision: revision, status: status, supplied: config == .null ? [:] : config,
      manifest: manifest,
      applyMethod: json["apply_method"]?.string == "ssa" ? .serverSide : .clientSide)
  }

  /// The revisions that helm still has, the oldest first.
  ///
  /// - Throws: ``ClientError``.
  package func history(of release: String) async throws(ClientError) -> [HelmRevision] {
    let action = "helm history \(release)"
    let json = try await json(
      action, ["history", release, "--output", "json", "--max", "256"], release: release)
    return json.elements.compactMap { entry in
      guard let number = entry["revision"]?.integer, let status = entry["status"]?.string,
        let chart = entry["chart"]?.string
      else { return nil }
      let (name, version) = Self.split(chart: chart)
      return HelmRevision(
        number: number, status: status, chartName: name, chartVersion: version,
        description: entry["description"]?.string ?? "")
    }.sorted { $0.number < $1.number }
  }

  /// A release beside others.
  package struct Listed: Hashable, Sendable {
    package var name: String
    package var namespace: String

    package init(name: String, namespace: String) {
      self.name = name
      self.namespace = namespace
    }
  }

  /// The releases of the whole cluster; of the namespace alone where a user may not see others.
  ///
  /// - Throws: ``ClientError``.
  package func releases() async throws(ClientError) -> [Listed] {
    func list(_ flags: [String]) async throws(ClientError) -> [Listed] {
      let action = "helm list"
      let output = try await output(action, ["list", "--output", "json"] + flags)
      do {
        return try JSONReader().value(output).elements.compactMap { entry in
          guard let name = entry["name"]?.string, let namespace = entry["namespace"]?.string else {
            return nil
          }
          return Listed(name: name, namespace: namespace)
        }
      } catch {
        throw unreadable(action, error.description)
      }
    }
    do {
      return try await list(["--all-namespaces"])
    } catch  where error.isForbidden {
      return try await list([])
    }
  }

  /// As which cluster's a chart is rendered.
  package enum Rendering: Hashable, Sendable {
    /// Whatever helm takes for one: it asks nobody, and has the Kubernetes version that it was
    /// built for.
    case alone
    /// Of a version of Kubernetes; helm asks nobody.
    case ofVersion(String)
    /// On the API server's word, as `helm upgrade` renders. Each helm has its own options for that,
    /// and both refuse an object that the release does not have yet without `--is-upgrade`. Fields
    /// are not checked: what the server says to the objects is asked later.
    ///
    /// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
    case onServer(isHelm3: Bool)

    fileprivate var arguments: [String] {
      switch self {
      case .alone: []
      case .ofVersion(let version): ["--kube-version", version]
      case .onServer(let isHelm3):
        ["--dry-run=server", "--disable-openapi-validation"] + (isHelm3 ? ["--validate"] : [])
      }
    }

    fileprivate var scope: Scope {
      if case .onServer = self { .question } else { .local }
    }
  }

  /// The objects that a chart renders for a release with values, or with its defaults for nil.
  ///
  /// Values go to helm on standard input, secrets and all.
  ///
  /// - Throws: ``ClientError``.
  package func template(
    release: String, namespace: String, chart: String, values: JSON?,
    rendering: Rendering = .alone
  ) async throws(ClientError) -> Objects {
    let action = "helm template"
    var arguments =
      ["template", release, chart, "--namespace", namespace, "--is-upgrade", "--no-hooks"]
      + rendering.arguments
    if let values {
      arguments +=
        ["--values", "-"] + (values.defeatsSchemaValidation ? [Self.skipSchemaFlag] : [])
    }
    let output = try await output(
      action, arguments, scope: rendering.scope,
      input: values.map { Array($0.valuesText.utf8) })
    do {
      return Objects(try YAMLReader().manifestDocuments(output))
    } catch {
      throw unreadable(action, error.description)
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
    } catch  where error.reason == .releaseNotFound {
      throw .releaseNotFound(release, namespace: connection.namespace)
    }
    do {
      return try JSONReader().value(output)
    } catch {
      throw unreadable(action, error.description)
    }
  }

  private func unreadable(_ action: String, _ reason: String) -> ClientError {
    .unreadable(action: action, reason: redactor.redacting(reason))
  }

  /// What limits a call of helm.
  enum Scope {
    /// It talks to nobody.
    case local
    /// It talks to a chart repository, and takes as long as that takes.
    case download
    /// It asks the cluster, and is asked again when the cluster did not answer.
    case question
    /// It changes the release, and waits for hooks for this long.
    case change(waiting: Duration)
  }

  func output(
    _ action: String, _ arguments: [String], scope: Scope = .question, input: [UInt8]? = nil
  ) async throws(ClientError) -> [UInt8] {
    var isConnected = true
    var isQuestion = true
    var limit: Duration? = connection.requestTimeout
    switch scope {
    case .local: isConnected = false
    case .download: (isConnected, limit) = (false, nil)
    case .question: break
    case .change(let wait): (isQuestion, limit) = (false, connection.requestTimeout + wait)
    }
    let command = Command(
      executable,
      arguments + (isConnected ? connection.arguments(contextFlag: "--kube-context") : []),
      input: input, limit: limit)
    func output() async throws(ClientError) -> [UInt8] {
      let result: CommandResult
      do {
        result = try await run(command)
      } catch {
        throw .command(error)
      }
      guard result.isSuccess else {
        throw ClientError(action, command, result, redactor: redactor, connected: isConnected)
      }
      return result.output
    }
    guard isConnected, let patience else { return try await output() }
    return try await patience.asking(isQuestion: isQuestion, output)
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
