import Foundation
import MigratePlanning

/// A real admission webhook over the objects of a test's namespace.
struct Admission: Sendable {
  private let bench: Workbench
  private let folder: String
  private let name: String
  private let server: Int32

  /// What the webhook does to the reviews for which all conditions hold.
  struct Rule: Sendable {
    var kind: String?
    /// Text that stands in the object.
    var contains: String?
    /// Text that does not.
    var lacks: String?
    var operation: String?
    /// Whether dry runs are meant, or real writes; nil for both.
    var isDryRun: Bool?
    var action: Action

    enum Action: Sendable {
      /// Refuses with a message.
      case deny(String)
      /// Changes the object by a JSON patch.
      case patch(JSON)
    }

    init(
      _ kind: String? = nil, contains: String? = nil, lacks: String? = nil,
      operation: String? = nil, isDryRun: Bool? = nil, _ action: Action
    ) {
      self.kind = kind
      self.contains = contains
      self.lacks = lacks
      self.operation = operation
      self.isDryRun = isDryRun
      self.action = action
    }

    fileprivate var json: JSON {
      var members: [String: JSON] = [:]
      for (key, value) in [
        ("kind", kind), ("contains", contains), ("lacks", lacks), ("operation", operation),
      ] {
        members[key] = value.map(JSON.string)
      }
      members["dryRun"] = isDryRun.map(JSON.bool)
      switch action {
      case .deny(let message): members["deny"] = .string(message)
      case .patch(let patch): members["patch"] = patch
      }
      return .object(members)
    }
  }

  /// Does a test's work while a webhook stands by that lets everything pass.
  ///
  /// With `answersDryRuns` false the API server refuses dry runs without asking it, as of webhooks
  /// that do more than to look.
  static func with(
    _ bench: Workbench, answersDryRuns: Bool = true, failsOpen: Bool = false,
    _ work: nonisolated(nonsending) (Admission) async throws -> Void
  ) async throws {
    let admission = try await Admission(bench)
    defer { kill(admission.server, SIGKILL) }
    try await admission.register(answersDryRuns: answersDryRuns, failsOpen: failsOpen)
    do {
      try await work(admission)
    } catch {
      try? await admission.leave()
      throw error
    }
    try await admission.leave()
  }

  private init(_ bench: Workbench) async throws {
    self.bench = bench
    name = "\(bench.namespace).example.com"
    folder = bench.folder + "/admission"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try "[]".write(toFile: folder + "/rules", atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: Self.program)
    process.arguments = [folder]
    process.standardInput = FileHandle.nullDevice
    try process.run()
    server = process.processIdentifier
    for _ in 0..<3000 where !FileManager.default.fileExists(atPath: folder + "/port") {
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  private static let program = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "sandbox/admission").path()

  /// Sets what it does from now on; the first rule that holds decides.
  func set(_ rules: Rule...) throws {
    try JSON.array(rules.map(\.json)).canonical.write(
      toFile: folder + "/rules", atomically: true, encoding: .utf8)
  }

  /// Ends the server; its registration stays.
  func stop() { kill(server, SIGKILL) }

  /// Mutating webhooks may deny as well, and are asked of every write.
  private func register(answersDryRuns: Bool, failsOpen: Bool) async throws {
    let port = try String(contentsOfFile: folder + "/port", encoding: .utf8)
    let bundle = try Data(contentsOf: URL(filePath: folder + "/tls.crt")).base64EncodedString()
    _ = try await bench.kubectl(
      "label", "namespace", bench.namespace, "admission=\(bench.namespace)", "--overwrite")
    // Only the first version of the API takes a webhook that cannot be asked by dry runs.
    let version = answersDryRuns ? "v1" : "v1beta1"
    let configuration: JSON = [
      "apiVersion": .string("admissionregistration.k8s.io/\(version)"),
      "kind": "MutatingWebhookConfiguration", "metadata": ["name": .string(name)],
      "webhooks": [
        [
          "name": .string("policy.\(name)"),
          "clientConfig": [
            "url": .string("https://127.0.0.1:\(port)/"), "caBundle": .string(bundle),
          ],
          "rules": [
            [
              "apiGroups": ["", "apps", "networking.k8s.io"], "apiVersions": ["*"],
              "operations": ["CREATE", "UPDATE"],
              "resources": [
                "deployments", "services", "serviceaccounts", "configmaps", "secrets", "ingresses",
              ],
              "scope": "Namespaced",
            ]
          ],
          "namespaceSelector": ["matchLabels": ["admission": .string(bench.namespace)]],
          // What this program keeps by itself is not the release's.
          "objectSelector": [
            "matchExpressions": [
              [
                "key": "app.kubernetes.io/managed-by", "operator": "NotIn",
                "values": ["backbone-migrate"],
              ]
            ]
          ],
          "failurePolicy": failsOpen ? "Ignore" : "Fail",
          "sideEffects": answersDryRuns ? "None" : "Some",
          "admissionReviewVersions": ["v1", "v1beta1"], "timeoutSeconds": 5,
        ]
      ],
    ]
    _ = try await bench.kubectl(["apply", "-f", "-"], input: configuration.canonical)
    // The API server hears of it in a moment.
    try set(Rule("ConfigMap", contains: "is-the-webhook-there", .deny("it is")))
    for _ in 0..<100 {
      let probe = try await bench.run(
        bench.sandbox.kubectl,
        [
          "--namespace", bench.namespace, "create", "configmap", "is-the-webhook-there",
          "--dry-run=\(answersDryRuns ? "server" : "none")",
        ])
      if probe.status != 0 { break }
      if !answersDryRuns {
        _ = try await bench.kubectl("delete", "configmap", "is-the-webhook-there")
      }
      try await Task.sleep(for: .milliseconds(100))
    }
    try set()
  }

  private func leave() async throws {
    _ = try await bench.kubectl("delete", "mutatingwebhookconfiguration", name)
  }
}
