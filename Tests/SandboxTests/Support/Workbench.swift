import Foundation
import MigratePlanning

/// A namespace and a private folder for one test, with the programs to work in them.
struct Workbench: Sendable {
  let sandbox: Sandbox
  var helmVersion: HelmVersion
  let namespace: String
  /// A folder of the test's own; everything that the programs write goes below it.
  let folder: String

  /// The kubeconfig that the programs are given.
  var kubeconfig: String
  /// Further variables for every program; nil takes one away.
  var variables: [String: String?] = [:]

  /// Does a test's work in a namespace of its own, and leaves nothing behind.
  static func with(
    _ helmVersion: HelmVersion, namespace: String? = nil,
    _ work: nonisolated(nonsending) (Workbench) async throws -> Void
  ) async throws {
    let sandbox = try Sandbox.current()
    try await Sandbox.turnstile.pass {
      let name = namespace ?? "test-" + UUID().uuidString.prefix(8).lowercased()
      let folder = FileManager.default.temporaryDirectory.appending(path: "backbone-\(name)")
      for part in ["bin", "few", "tmp", "home"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: part), withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      }
      defer { try? FileManager.default.removeItem(at: folder) }
      let bench = Workbench(
        sandbox: sandbox, helmVersion: helmVersion, namespace: name, folder: folder.path(),
        kubeconfig: sandbox.kubeconfig)
      try bench.link("bin/helm", to: sandbox.helm(helmVersion))
      try bench.link("bin/kubectl", to: sandbox.kubectl)
      try bench.link("bin/backbone-migrate", to: sandbox.binary)
      let space: JSON = [
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
      ]
      try await sandbox.api.create(space, in: name)
      let result = await Result(work, bench)
      try await sandbox.api.deleteNamespace(name)
      try result.get()
    }
  }

  /// The history that the program keeps here when nothing else is said.
  var history: String { folder + "/home/state/backbone-migrate/history.sqlite" }

  /// The folder that the program gets as TMPDIR.
  var temporaryFolder: String { folder + "/tmp" }

  /// Makes a link to a program, in the place of any other; one in `bin` is found by its name.
  func link(_ name: String, to program: String) throws {
    let link = folder + "/" + name
    try? FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: program)
  }

  // MARK: Programs

  /// Runs the binary. Helm and kubectl are found on PATH.
  func migrate(_ arguments: [String], input: String? = nil) async throws -> Outcome {
    try await run("backbone-migrate", arguments, input: input)
  }

  /// Runs the binary.
  func migrate(_ arguments: String...) async throws -> Outcome { try await migrate(arguments) }

  /// Runs helm in the namespace, and requires that it succeeds.
  func helm(_ arguments: [String], input: String? = nil) async throws -> Outcome {
    try await run("helm", arguments + ["--namespace", namespace], input: input).succeeded()
  }

  /// Runs helm in the namespace, and requires that it succeeds.
  func helm(_ arguments: String...) async throws -> Outcome { try await helm(arguments) }

  /// Runs kubectl in the namespace, and requires that it succeeds.
  func kubectl(_ arguments: [String], input: String? = nil) async throws -> Outcome {
    try await run("kubectl", ["--namespace", namespace] + arguments, input: input).succeeded()
  }

  /// Runs kubectl in the namespace, and requires that it succeeds.
  func kubectl(_ arguments: String...) async throws -> Outcome { try await kubectl(arguments) }

  /// Runs a line of a shell, as a reader of a plan does.
  func shell(_ line: String) async throws -> Outcome { try await run("sh", ["-c", line]) }

  /// Runs a program, found by its name or path.
  func run(
    _ program: String, _ arguments: [String], input: String? = nil
  ) async throws -> Outcome {
    try await Outcome.of(
      program, arguments, input: input, environment: environment, in: folder)
  }

  /// What every program gets over the variables of this process; nil takes one away.
  var environment: [String: String?] {
    let system = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    var environment: [String: String?] = [
      "KUBECONFIG": kubeconfig, "PATH": "\(folder)/bin:\(system)", "TMPDIR": temporaryFolder,
      "HOME": folder + "/home", "XDG_STATE_HOME": folder + "/home/state",
      "BACKBONE_MIGRATE_HISTORY": nil, "BACKBONE_MIGRATE_HELM": nil,
      "BACKBONE_MIGRATE_KUBECTL": nil, "HELM_NAMESPACE": nil, "NO_COLOR": nil,
    ]
    environment.merge(variables) { _, own in own }
    return environment
  }

  // MARK: Steps that many tests take

  /// Installs a chart as helm does by default, with values on standard input.
  func install(
    _ chart: FixtureChart, as release: String, values: JSON? = nil, flags: [String] = []
  ) async throws {
    _ = try await helm(
      ["install", release, chart.path] + (values == nil ? [] : ["--values", "-"]) + flags,
      input: values?.valuesText)
  }

  /// Sets variables on the live Deployment with `kubectl set env`.
  func setByHand(_ assignments: String..., on workload: String) async throws {
    _ = try await kubectl(["set", "env", "deployment/\(workload)"] + assignments)
  }

  /// Changes the broker's container on the live Deployment with `kubectl patch`.
  func patchContainer(of workload: String, with members: [String: JSON]) async throws {
    var container = members
    container["name"] = "backbone"
    try await patch(workload, podSpec: ["containers": [.object(container)]])
  }

  /// Changes the Pods of the live Deployment with `kubectl patch`.
  func patch(_ workload: String, podSpec: JSON) async throws {
    let patch: JSON = ["spec": ["template": ["spec": podSpec]]]
    _ = try await kubectl(
      ["patch", "deployment", workload, "--patch-file", "/dev/stdin"], input: patch.canonical)
  }

  /// Makes objects of the operator's own.
  func create(_ objects: [JSON]) async throws {
    for object in objects { try await sandbox.api.create(object, in: namespace) }
  }

  /// Plans, and requires an answer.
  func plan(_ release: String, _ options: String...) async throws -> PlanReport {
    try await planned(release, options).plan
  }

  /// Plans, and requires an answer whose exit code belongs to its verdict.
  func planned(
    _ release: String, _ options: [String] = []
  ) async throws -> (outcome: Outcome, plan: PlanReport) {
    let outcome = try await migrate(
      ["plan", release, "--namespace", namespace, "--output", "json"] + options)
    guard !outcome.output.isEmpty else { throw Outcome.Failure(outcome: outcome) }
    let plan = try PlanReport(outcome.output)
    guard outcome.status == plan.exitCode else { throw Outcome.Failure(outcome: outcome) }
    return (outcome, plan)
  }

  /// A live object.
  func live(_ kind: String, _ name: String) async throws -> JSON {
    try await managed(kind, name).withoutManagers
  }

  /// A live object with the record of who wrote which field.
  func managed(_ kind: String, _ name: String) async throws -> JSON {
    try await sandbox.api.object(kind, name, in: namespace)
  }

  /// The live objects of some kinds.
  func list(_ kinds: String...) async throws -> JSON {
    try await sandbox.api.list(kinds, in: namespace)
  }

  /// The broker's container of a live Deployment.
  func liveContainer(_ workload: String) async throws -> JSON {
    Self.container(of: try await live("deployment", workload))
  }

  static func container(of deployment: JSON) -> JSON {
    deployment["spec"]?["template"]?["spec"]?["containers"]?.elements.first {
      $0["name"] == "backbone"
    } ?? .null
  }

  /// The Secrets and ConfigMaps of the namespace.
  func sources() async throws -> Sources {
    Sources(try await list("secrets", "configmaps"))
  }

  /// The environment that the broker of a live Deployment gets.
  func environment(of workload: String) async throws -> ProcessEnvironment {
    ProcessEnvironment(of: try await liveContainer(workload), with: try await sources())
  }

  /// Does what a plan's commands say, in a shell, one after the other. Where helm alone cannot do
  /// it they say `apply`, which gets every acceptance that it needs.
  func follow(_ plan: PlanReport) async throws {
    for command in plan.commands {
      let isApply = command.hasPrefix("backbone-migrate apply ")
      let more = isApply ? " --yes " + plan.acceptances.joined(separator: " ") : ""
      _ = try await shell(command + more).succeeded()
    }
  }
}

extension Result where Failure == any Error {
  /// What some work comes to.
  fileprivate init<Input>(
    _ work: nonisolated(nonsending) (Input) async throws -> Success, _ input: Input
  ) async {
    do {
      self = .success(try await work(input))
    } catch {
      self = .failure(error)
    }
  }
}

/// What a user may do.
struct Rule: Sendable {
  var groups: [String]
  var resources: [String]
  var verbs = ["get"]

  fileprivate var json: JSON {
    func list(_ texts: [String]) -> JSON { .array(texts.map(JSON.string)) }
    return ["apiGroups": list(groups), "resources": list(resources), "verbs": list(verbs)]
  }
}

extension Workbench {
  /// The same place, seen by a user who may do nothing but this.
  func limited(to rules: [Rule]) async throws -> Workbench {
    let api = "rbac.authorization.k8s.io"
    try await create([
      [
        "apiVersion": .string("\(api)/v1"), "kind": "Role", "metadata": ["name": "limited"],
        "rules": .array(rules.map(\.json)),
      ],
      [
        "apiVersion": .string("\(api)/v1"), "kind": "RoleBinding",
        "metadata": ["name": "limited"],
        "roleRef": ["apiGroup": .string(api), "kind": "Role", "name": "limited"],
        "subjects": [["apiGroup": .string(api), "kind": "User", "name": "limited"]],
      ],
    ])
    var limited = self
    limited.kubeconfig = try sandbox.limitedKubeconfig
    return limited
  }

  /// The names of the live objects of some kinds, sorted.
  func names(of kinds: String...) async throws -> [String] {
    let list = try await sandbox.api.list(kinds, in: namespace)
    return (list["items"]?.elements ?? []).map(\.objectName).sorted()
  }
}
