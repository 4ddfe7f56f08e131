import MigratePlanning
import Testing

@testable import MigrateAdapters

/// Whatever helm or kubectl prints, and whichever call it was, no secret comes through.
@Suite struct RedactionTests {
  private static let secret = "sunflower-7041"
  private static let key = "-----BEGIN KEY-----\nMIIB&+7041\n-----END KEY-----"

  /// A call of a client, by the name of its method.
  struct Call<Client: Sendable>: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable (Client) async throws -> Any?

    init(_ name: String, _ make: @escaping @Sendable (Client) async throws -> Any?) {
      testDescription = name
      self.make = make
    }
  }

  private static let object: JSON = [
    "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "web"],
  ]
  private static let reference = ObjectReference(kind: "ConfigMap", name: "web")

  static let helmCalls: [Call<Helm>] = [
    Call("version") { try await $0.version() },
    Call("status") { try await $0.status(of: "web") },
    Call("history") { try await $0.history(of: "web") },
    Call("releases") { try await $0.releases() },
    Call("template") {
      try await $0.template(release: "web", namespace: "mqtt", chart: "x", values: [:])
    },
    Call("upgrade") {
      try await $0.upgrade(
        Helm.Upgrade(
          release: "web", chart: "x", values: [:], description: "d", keptRevisions: 10,
          applyMethod: .serverSide, timeout: .seconds(1)))
    },
    Call("rollback") {
      try await $0.rollback(
        "web", to: 1, keptRevisions: 10, forcesConflicts: true, applying: nil,
        timeout: .seconds(1))
    },
    Call("package") { try await $0.package(chart: "x", into: "y") },
    Call("pull") { try await $0.pull(try ChartReference("mine/lantern"), into: "y") },
    Call("verify") { try await $0.verify(archive: "x.tgz", keyring: nil) },
  ]

  static let kubectlCalls: [Call<Kubectl>] = [
    Call("unknownFields") { try await $0.unknownFields(in: [object]) },
    Call("version") { try await $0.version() },
    Call("context") { try await $0.context() },
  ]

  static let clusterCalls: [Call<Cluster>] = [
    Call("get manifests") {
      try await $0.get(manifests: ["{apiVersion: v1, kind: ConfigMap, metadata: {name: web}}"])
    },
    Call("get objects") { try await $0.get([object]) },
    Call("get") { try await $0.get(reference) },
    Call("create") { try await $0.create(object) },
    Call("replace") { try await $0.replace(object) },
    Call("patch") { try await $0.patch(reference, with: []) },
    Call("replyToApply") { try await $0.replyToApply(object, checksFields: true) },
    Call("replyToCreate") { try await $0.replyToCreate(object, checksFields: true) },
    Call("delete") { try await $0.delete(reference, timeout: 1) },
    Call("remove") { try await $0.remove(reference) },
    Call("list") { try await $0.list("pods") },
    Call("list of another group") { try await $0.list("ingresses.networking.k8s.io") },
    Call("granted") { try await $0.granted([Permission("get", "pods", in: nil)]) },
    Call("serverVersion") { try await $0.serverVersion() },
    Call("phase") { try await $0.phase(ofNamespace: "mqtt") },
    Call("backups") { try await $0.backups(of: "web") },
    Call("lock") { try await $0.lock(of: "web") },
    Call("releases") { try await $0.releases(of: "web") },
    Call("hasty") { try await $0.hasty(.seconds(1)).list("pods") },
  ]

  /// What programs print when they fail, with a secret as it is, within JSON, and over lines.
  private static let failures = [
    "Error: \(secret) is wrong",
    "Error: secrets is forbidden: User \"\(secret)\" cannot get resource \"x\"",
    "The Deployment \"web\" is invalid: spec: Invalid value: \"\(JSON.string(key).canonical)\"",
    "Unable to connect to the server: dial tcp: lookup \(secret): no such host",
    "line one\n\(key)\nline three",
  ].map { CommandResult(status: 1, output: [], errorText: $0) }

  /// What they print when nothing failed and nobody can read it.
  private static let riddles = [
    "{\"\(secret)\": 1, \"\(secret)\": 2}", "\(secret): 1\n\(secret): 2\n",
  ].map { CommandResult(status: 0, output: Array($0.utf8)) }

  /// What an API server, or the proxy, answers when it does not do it, or nobody can read it.
  private static let answers: [HTTPAnswer] =
    [secret, key].flatMap { secret -> [HTTPAnswer] in
      let status: JSON = [
        "kind": "Status", "reason": "Invalid", "message": .string("\(secret) is wrong"),
        "details": [
          "kind": "Deployment", "name": "web",
          "causes": [
            ["field": "spec", "reason": "FieldValueInvalid", "message": .string("no \(secret)")],
            [
              "field": ".data.x", "reason": "FieldManagerConflict",
              "message": .string("conflict with \"\(secret)\" using v1"),
            ],
          ],
        ],
      ]
      return [422, 403, 409, 503].map { .json(status, status: $0) } + [
        HTTPAnswer(
          status: 500, headers: ["content-type": "text/plain"], body: Array("\(secret)".utf8)),
        HTTPAnswer(
          status: 403, headers: ["content-type": "text/html"], body: Array("<p>\(secret)".utf8)),
      ]
    } + riddles.map { HTTPAnswer(status: 200, body: $0.output) }

  @Test(arguments: clusterCalls)
  func theClusterShowsNoSecret(call: Call<Cluster>) async {
    for (isEarly, answer) in [true, false].flatMap({ isEarly in
      Self.answers.map { (isEarly, $0) }
    }) {
      let redactor = Redactor()
      let secrets = [Self.secret, Self.key]
      if isEarly { redactor.learn(secrets) }
      let transport = ScriptedTransport { _ in
        // What is learnt while the answer is on its way, too.
        if !isEarly { redactor.learn(secrets) }
        return answer
      }
      do {
        let value = try await call.make(transport.cluster(redactor))
        if answer.status != 200 { expectNoSecret(in: value as Any, call.testDescription) }
      } catch {
        expectNoSecret(in: error, call.testDescription)
      }
    }
  }

  private func check<Client: Sendable>(
    _ call: Call<Client>, with client: (Redactor, @escaping CommandRunner) -> Client
  ) async {
    for (isEarly, result) in [true, false].flatMap({ isEarly in
      (Self.failures + Self.riddles).map { (isEarly, $0) }
    }) {
      let redactor = Redactor()
      let secrets = [Self.secret, Self.key]
      if isEarly { redactor.learn(secrets) }
      let client = client(redactor) { _ in
        // What is learnt while the program runs, too.
        if !isEarly { redactor.learn(secrets) }
        return result
      }
      do {
        let answer = try await call.make(client)
        // An answer is not words, and may be what it was asked for.
        if !result.isSuccess { expectNoSecret(in: answer as Any, call.testDescription) }
      } catch {
        expectNoSecret(in: error, call.testDescription)
      }
    }
  }

  private func expectNoSecret(in value: Any, _ name: String) {
    for text in ["\(value)", String(reflecting: value)] {
      for secret in [Self.secret, "7041"] {
        #expect(!text.contains(secret), "\(name): \(text)")
      }
    }
  }

  @Test(arguments: helmCalls)
  func helmShowsNoSecret(call: Call<Helm>) async {
    await check(call) { redactor, run in
      Helm(executable: "helm", connection: ClusterConnection(), redactor: redactor, run: run)
    }
  }

  @Test(arguments: kubectlCalls)
  func kubectlShowsNoSecret(call: Call<Kubectl>) async {
    await check(call) { redactor, run in
      Kubectl(executable: "kubectl", connection: ClusterConnection(), redactor: redactor, run: run)
    }
  }

  @Test func whatIsNoSecretStays() async throws {
    let redactor = Redactor()
    redactor.learn([Self.secret])
    let kubectl = Kubectl(
      executable: "kubectl", connection: ClusterConnection(), redactor: redactor
    ) { _ in
      CommandResult(status: 1, output: [], errorText: "error: \(Self.secret) is no moonflower")
    }
    let words = try await kubectl.unknownFields(in: [Self.object])
    #expect(words == "<redacted> is no moonflower")
  }
}
