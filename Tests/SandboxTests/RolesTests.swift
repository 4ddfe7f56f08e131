import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

/// The Roles in examples/roles.yaml, as they are: what they allow is enough, and all of it is used.
@Suite("Roles")
struct RolesTests {
  @Test("the Role to plan is enough, and no more than that")
  func plan() async throws {
    try await expectAllUsed(.plan, in: [.helm3, .helm4]) { mode, bench in
      let unlimited = try await bench.plan("web")
      let limited = try await bench.limited(to: .plan)
      let plan = try await limited.plan("web")
      #expect(plan.json["findings"] == unlimited.json["findings"], "\(mode)")
      #expect(plan.json["unchecked"] == unlimited.json["unchecked"], "\(mode)")
      // Of these only counts what is asked of the API server.
      let claim = ["--set", "persistence.enabled=true"]
      let account = ["--set", "serviceAccount.create=true", "--set", "serviceAccount.name=other"]
      let moving = ["--adopt", "service-port-moved"]
      for options in [ApplyFailureTests.renaming, claim + account, moving] {
        _ = try await limited.planned("web", options)
      }
      try await bench.createClaim()
      _ = try await limited.planned("web", claim)
      for command in [["status", "web"], ["status"], ["export", "web"]] {
        _ = try await limited.migrate(command + ["--namespace", bench.namespace]).succeeded()
      }
      _ = try await limited.migrate("history", "web").succeeded()
      let doctor = try await limited.doctor("web")
      #expect(doctor.state(of: "plan") == "ok" && doctor.failed == ["apply"], "\(mode): \(doctor)")
    }
  }

  @Test("the Role to apply is enough, and no more than that")
  func apply() async throws {
    try await expectAllUsed(.apply, in: ReleaseMode.allCases) { mode, bench in
      let before = try await bench.state()
      let limited = try await bench.limited(to: .apply)
      let more = [
        "--set", "persistence.enabled=true", "--set", "serviceAccount.create=true", "--set",
        "serviceAccount.name=other",
      ]
      let moving = ["--adopt", "service-port-moved"]
      for options in [more, ApplyFailureTests.renaming + moving] {
        let services = try await bench.names(of: "services")
        let plan = try await limited.planned("web", options).plan
        let applied = try await limited.apply(plan)
        #expect(applied.ended(0, "done"), "\(mode), \(options): \(applied)")
        try await bench.settle()
        try await bench.changeByHand()
        let release = try await bench.holdServices(except: services)
        let wentBack = try await limited.rollback()
        try await release.value
        #expect(wentBack.ended(0, "done"), "\(mode), \(options): \(wentBack)")
        #expect(try await bench.state().differences(from: before) == [], "\(mode), \(options)")
        try await bench.settle()
      }
      if mode == .helm4 { try await bench.expectAStopAndAnUninstallAreMended(limited, before) }
      let plan = try await limited.planned("web", ApplyFailureTests.neverReady).plan
      let failed = try await limited.apply(plan, "--timeout", "5s")
      #expect(failed.ended(1, "rolled-back"), "\(mode): \(failed)")
      let reason = "container backbone runs and is not ready"
      #expect(failed.run?.message.contains(reason) == true, "\(mode): \(failed)")
      _ = try await limited.migrate("status", "--namespace", bench.namespace).succeeded()
      let doctor = try await limited.doctor("web")
      #expect(doctor.failed == [], "\(mode): \(doctor)")
      #expect(doctor.state(of: "plan") == "ok" && doctor.state(of: "apply") == "ok", "\(doctor)")
      try await bench.expectHalfABackupIsTakenAway(limited, mode)
    }
  }

  /// Requires that what a Role grants was used, each verb on each resource, in some mode.
  private func expectAllUsed(
    _ role: ShippedRole, in modes: [ReleaseMode],
    _ work: @Sendable @escaping (ReleaseMode, Workbench) async throws -> Void
  ) async throws {
    let used = try await withThrowingTaskGroup(
      of: (mode: ReleaseMode, requests: Set<AuditLog.Request>).self
    ) { group in
      for mode in modes { group.addTask { (mode, try await Self.requests(in: mode, work)) } }
      return try await group.reduce(into: [AuditLog.Request: [String]]()) { used, part in
        for request in part.requests { used[request, default: []].append("\(part.mode)") }
      }
    }
    let granted = try Self.granted(by: role)
    for request in granted.sorted() {
      #expect(used[request] != nil, "no command needs \(request)")
    }
    #expect(Set(used.keys).subtracting(granted) == [])
  }

  /// What some work as the limited user asked of the API server, which refused none of it.
  private static func requests(
    in mode: ReleaseMode, _ work: @Sendable (ReleaseMode, Workbench) async throws -> Void
  ) async throws -> Set<AuditLog.Request> {
    var requests: Set<AuditLog.Request> = []
    try await Workbench.with(mode) { bench in
      try await bench.installForRoles()
    } _: { bench in
      try await work(mode, bench)
      let log = try bench.auditLog()
      #expect(log.refused.subtracting(Self.idle).sorted() == [], "\(mode)")
      requests = log.used
    }
    return requests
  }

  /// What is asked for in passing, and nothing is missing without an answer: kubectl and helm look
  /// for the namespace when an object is not there, and bindings of a ServiceAccount make sense
  /// with those of the whole cluster only.
  private static let idle: Set<AuditLog.Request> = [
    AuditLog.Request(group: "", resource: "namespaces", verb: "get"),
    // Of the whole cluster; without it a plan says that it does not know the storage classes.
    AuditLog.Request(group: "storage.k8s.io", resource: "storageclasses", verb: "list"),
    AuditLog.Request(
      group: "rbac.authorization.k8s.io", resource: "rolebindings", verb: "list"),
  ]

  /// A Role of the file.
  static func role(_ role: ShippedRole) throws -> JSON {
    let text = try String(contentsOfFile: Workbench.roles, encoding: .utf8)
    let documents = Objects(try YAMLReader().manifestDocuments(text))
    return try #require(documents.object(kind: "Role", name: role.rawValue))
  }

  /// What a Role of the file grants.
  private static func granted(by role: ShippedRole) throws -> Set<AuditLog.Request> {
    let rules = try Self.role(role)["rules"]
    func texts(_ json: JSON?) -> [String] { (json?.elements ?? []).compactMap(\.string) }
    var granted: Set<AuditLog.Request> = []
    for rule in rules?.elements ?? [] {
      for group in texts(rule["apiGroups"]) {
        for resource in texts(rule["resources"]) {
          for verb in texts(rule["verbs"]) {
            granted.insert(AuditLog.Request(group: group, resource: resource, verb: verb))
          }
        }
      }
    }
    return granted
  }
}

extension Workbench {
  /// The Roles that come along.
  static let roles = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "examples/roles.yaml")
    .path()

  /// Installs a release that has something of everything that the tool looks at.
  fileprivate func installForRoles() async throws {
    try await create([
      ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "more"], "data": ["A": "1"]],
      ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "less"], "data": ["B": "MQ=="]],
    ])
    try await installReady(.appLabel)
    try await setByHand("ADMIN_TOKEN=of-the-admin", "LOG_LEVEL=debug", on: "web")
    // What helm's rollback takes from a Service is put back by replacing it.
    _ = try await kubectl("annotate", "service", "web", "team=mqtt")
    try await patchContainer(
      of: "web",
      with: [
        "envFrom": [
          ["configMapRef": ["name": "more"]], ["secretRef": ["name": "less"]],
        ]
      ])
    try await settle()
  }

  /// Stops an apply and goes on, then has the release uninstalled and brings it back.
  fileprivate func expectAStopAndAnUninstallAreMended(
    _ limited: Workbench, _ before: ReleaseState
  ) async throws {
    let stopped = try await limited.stopWhileWaiting(InterruptTests.slow)
    let resumed = try await limited.apply("--resume", stopped.id)
    #expect(resumed.ended(0, "done"), "\(resumed)")
    _ = try await helm("uninstall", "web")
    let broughtBack = try await limited.rollback()
    #expect(broughtBack.ended(0, "done"), "\(broughtBack)")
    #expect(try await state().differences(from: before) == [])
    try await settle()
  }

  /// Makes the claim that the new chart would make.
  fileprivate func createClaim() async throws {
    try await create([
      [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "web-data"],
        "spec": [
          "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
        ],
      ]
    ])
  }

  /// Changes after an apply what its rollback then puts back.
  fileprivate func changeByHand() async throws {
    _ = try await kubectl("annotate", "serviceaccount", "web", "later=1")
    if try await names(of: "services").contains("web") {
      _ = try await kubectl(
        "patch", "service", "web", "--patch", #"{"spec": {"sessionAffinity": "ClientIP"}}"#)
    }
  }

  /// Holds the Services that the apply made back from going, as a cloud does until their load
  /// balancer is gone, until kubectl is seen to wait for them.
  fileprivate func holdServices(except former: [String]) async throws -> Task<Void, any Error> {
    func setFinalizers(_ service: String, _ finalizers: JSON) async throws {
      let patch: JSON = ["metadata": ["finalizers": finalizers]]
      _ = try await kubectl("patch", "service", service, "--type=merge", "--patch", patch.canonical)
    }
    let services = try await names(of: "services").filter { !former.contains($0) }
    for service in services { try await setFinalizers(service, ["backbone-migrate.sandbox/slow"]) }
    return Task {
      guard !services.isEmpty else { return }
      // The audit log shows a watch only when it says its first word.
      var waits = 0
      for _ in 0..<240 where waits < 6 {
        try await Task.sleep(for: .milliseconds(500))
        let search = try await run("pgrep", ["-f", "kubect[l] delete .*\(namespace)"])
        waits = search.status == 0 ? waits + 1 : 0
      }
      for service in services { try await setFinalizers(service, .null) }
    }
  }

  /// Lets a quota take one Secret of a backup that needs two, and requires that neither stays.
  fileprivate func expectHalfABackupIsTakenAway(
    _ limited: Workbench, _ mode: ReleaseMode
  ) async throws {
    try await settle()
    let text = String(repeating: "many words ", count: 40_000)
    try await patchContainer(of: "web", with: ["env": [["name": "LONG", "value": .string(text)]]])
    try await settle()
    let count = try await names(of: "secrets").count
    try await create([
      [
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "few"],
        "spec": ["hard": ["count/secrets": .string(String(count + 1))]],
      ]
    ])
    _ = try await kubectl(
      "wait", "--for=jsonpath={.status.used.count/secrets}=\(count)", "resourcequota/few")
    let backups = try await names(of: "secrets")
    let refused = try await limited.apply(try await limited.plan("web"))
    #expect(refused.ended(3, "failed"), "\(mode): \(refused)")
    #expect(refused.run?.message.contains("exceeded quota") == true, "\(mode): \(refused)")
    #expect(try await names(of: "secrets") == backups, "\(mode)")
  }

  /// The same place, seen by a user who has one of the Roles and nothing else.
  func limited(to role: ShippedRole) async throws -> Workbench {
    _ = try await kubectl("apply", "--filename", Self.roles)
    _ = try await kubectl(
      "create", "rolebinding", role.rawValue, "--role", role.rawValue, "--user", "limited")
    var limited = self
    limited.kubeconfig = try sandbox.limitedKubeconfig
    return limited
  }
}
