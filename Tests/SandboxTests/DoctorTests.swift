import Foundation
import MigratePlanning
import Testing

/// What `doctor` says of real surroundings, and that it says so whatever is broken.
@Suite("Doctor")
struct DoctorTests {
  @Test("where everything works", arguments: ReleaseMode.one(.helm4, of: .helm3, .helm4))
  func works(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let limited = try await bench.limited(to: .apply)
      let fresh = try await bench.expectNothingChanged { try await limited.doctor("web") }
      #expect(fresh.status == 0 && fresh.failed == [], "\(fresh)")
      #expect(fresh.message(of: "release")?.contains("chart backbone 0.1.0, revision 1") == true)
      #expect(fresh.state(of: "history") == "ok" && fresh.state(of: "apply") == "ok", "\(fresh)")
      #expect(fresh.message(of: "lock") == "no run has touched the release")
      #expect(!FileManager.default.fileExists(atPath: bench.history))

      #expect(try await limited.apply(try await limited.plan("web")).ended(0, "done"))
      let mistyped = try await limited.doctor("wep")
      #expect(mistyped.failed == ["release"], "\(mistyped)")
      #expect(mistyped.remedy(of: "release") == "did you mean \"web\"?")

      let applied = try await limited.doctor("web")
      #expect(applied.status == 0 && applied.failed == [], "\(applied)")
      #expect(applied.message(of: "release")?.contains("chart backbone 0.2.0") == true)
      #expect(applied.message(of: "backups")?.hasPrefix("1 backup, the newest of run-") == true)
      #expect(applied.message(of: "lock")?.hasPrefix("nobody is at it; last was run-") == true)
      #expect(!applied.outcome.text.contains("of-the-admin"))

      try await bench.lock(by: "ada@desk run-elsewhere")
      let locked = try await limited.doctor("web")
      #expect(locked.status == 0 && locked.state(of: "lock") == "warning", "\(locked)")
      #expect(locked.message(of: "lock") == "ada@desk run-elsewhere is at it at step helm")
      #expect(
        locked.remedy(of: "lock") == "backbone-migrate status web --namespace \(bench.namespace)")
    }
  }

  @Test("permissions are asked for, each of them", arguments: ReleaseMode.only(.helm4))
  func permissions(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      var nobody = bench
      nobody.kubeconfig = try bench.sandbox.limitedKubeconfig
      let before = try await nobody.doctor("web")
      #expect(before.status == 1)
      #expect(before.failed == ["plan", "apply", "release", "lock", "backups"], "\(before)")
      let missing = before.missing(of: "apply")
      #expect(missing == Set(ShippedRole.apply.permissions(in: bench.namespace)))
      #expect(
        before.remedy(of: "apply")?.contains(
          "kubectl create rolebinding backbone-migrate-apply --namespace \(bench.namespace) "
            + "--role backbone-migrate-apply --user ") == true)

      let planner = try await bench.limited(to: .plan)
      let planning = try await planner.doctor("web")
      #expect(planning.failed == ["apply"] && planning.state(of: "plan") == "ok", "\(planning)")
      let apply = Set(ShippedRole.apply.permissions(in: bench.namespace))
      let plan = Set(ShippedRole.plan.permissions(in: bench.namespace))
      #expect(planning.missing(of: "apply") == apply.subtracting(plan), "\(planning)")
    }
  }

  @Test("programs that are not there")
  func noPrograms() async throws {
    try await Workbench.with(.helm4) { bench in
      var bare = bench
      bare.variables["PATH"] = bench.folder + "/few"
      try bench.link("few/backbone-migrate", to: bench.sandbox.binary)
      let neither = try await bare.doctor("web")
      #expect(neither.status == 1 && neither.failed == ["helm", "kubectl"], "\(neither)")
      for name in ["cluster", "namespace", "plan", "apply", "release", "lock", "backups"] {
        #expect(neither.state(of: name) == "skipped", "\(name)")
      }
      try bench.link("few/kubectl", to: bench.sandbox.kubectl)
      let noHelm = try await bare.doctor()
      #expect(noHelm.failed == ["helm"], "\(noHelm)")
      #expect(noHelm.state(of: "apply") == "ok")
    }
  }

  @Test("a kubeconfig that is not there, and one that is empty")
  func noKubeconfig() async throws {
    try await Workbench.with(.helm4) { bench in
      let missing = try await bench.doctor("web", "--kubeconfig", bench.folder + "/nowhere")
      #expect(missing.status == 1 && missing.failed == ["kubeconfig", "cluster"], "\(missing)")
      #expect(missing.remedy(of: "kubeconfig")?.contains("KUBECONFIG") == true)
      let empty = try await bench.withKubeconfig { _ in "" }.doctor("web")
      #expect(empty.failed == ["kubeconfig", "cluster"], "\(empty)")
      let context = try await bench.doctor("--kube-context", "elsewhere")
      #expect(context.failed.contains("cluster"), "\(context)")
      #expect(context.outcome.text.contains("elsewhere"))
    }
  }

  @Test("a cluster that does not answer", arguments: HelmVersion.only(.helm4))
  func unreachable(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let report = try await bench.withServer("https://127.0.0.1:1").doctor("web")
      #expect(report.status == 1 && report.failed == ["cluster"], "\(report)")
      #expect(report.message(of: "cluster")?.contains("does not answer") == true)
      #expect(report.state(of: "release") == "skipped" && report.state(of: "apply") == "skipped")
    }
  }

  @Test("credentials that the cluster does not take", arguments: HelmVersion.only(.helm3))
  func expired(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let report = try await bench.withKubeconfig { config in
        config.replacing(/token: .*/, with: "token: expired-long-ago")
      }.doctor("web")
      #expect(report.status == 1 && report.failed == ["cluster"], "\(report)")
      #expect(report.message(of: "cluster")?.contains("credentials") == true)
      #expect(report.state(of: "release") == "skipped")
      #expect(!report.outcome.text.contains("expired-long-ago"))
    }
  }

  @Test("namespaces and releases that are not there, or go")
  func missing() async throws {
    try await Workbench.with(.helm4) { bench in
      let nowhere = try await bench.migrate(
        "doctor", "web", "--namespace", "not-\(bench.namespace)", "--output", "json")
      let report = try DoctorReport(nowhere)
      #expect(report.status == 1 && report.failed == ["namespace", "release"], "\(report)")

      let finalizer: JSON = [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": "stays", "finalizers": ["example.com/stays"]],
      ]
      try await bench.create([finalizer])
      _ = try await bench.kubectl("delete", "namespace", bench.namespace, "--wait=false")
      let going = try await bench.doctor()
      #expect(going.failed == ["namespace"], "\(going)")
      #expect(going.message(of: "namespace")?.contains("is being deleted") == true)
      _ = try await bench.kubectl(
        "patch", "configmap", "stays", "--type=merge", "--patch",
        #"{"metadata": {"finalizers": null}}"#)
      _ = try await bench.kubectl(
        "wait", "--for=delete", "namespace/\(bench.namespace)", "--timeout=60s")
      _ = try await bench.kubectl("create", "namespace", bench.namespace)
    }
  }

  @Test("a helm operation that never ended", arguments: HelmVersion.only(.helm4))
  func pending(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.envList)
      try await bench.cutOffUpgrade(of: "web", to: .envList)
      let report = try await bench.doctor("web")
      #expect(report.status == 1 && report.failed == ["release"], "\(report)")
      #expect(report.message(of: "release")?.contains("pending-upgrade") == true, "\(report)")
    }
  }

  @Test("histories that are damaged, open, or somebody else's")
  func history() async throws {
    try await Workbench.with(.helm4) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.plan("web")
      #expect(try await bench.doctor().state(of: "history") == "ok")

      try FileManager.default.setAttributes(
        [.posixPermissions: 0o644], ofItemAtPath: bench.history)
      let open = try await bench.doctor()
      #expect(open.status == 0 && open.state(of: "history") == "warning", "\(open)")
      // Opening it has closed it to others.
      #expect(try await bench.doctor().state(of: "history") == "ok")

      let bytes = try Data(contentsOf: URL(filePath: bench.history))
      var torn = bytes
      for index in 1100..<min(bytes.count, 12_000) { torn[index] = 0xA5 }
      try torn.write(to: URL(filePath: bench.history))
      let damaged = try await bench.doctor()
      #expect(damaged.status == 1 && damaged.failed == ["history"], "\(damaged)")
      #expect(damaged.message(of: "history")?.contains("damaged") == true, "\(damaged)")

      try Data("no database at all, but a text of some length".utf8)
        .write(to: URL(filePath: bench.history))
      let other = try await bench.doctor()
      #expect(other.failed == ["history"], "\(other)")
      #expect(other.remedy(of: "history")?.contains("--history") == true)
    }
  }

  @Test("a folder for temporary files that is not there")
  func temporaryFolder() async throws {
    try await Workbench.with(.helm4) { bench in
      var other = bench
      other.variables["TMPDIR"] = bench.folder + "/nowhere"
      let report = try await other.doctor()
      #expect(report.status == 1 && report.failed == ["temporary-folder"], "\(report)")
      #expect(report.remedy(of: "temporary-folder")?.contains("TMPDIR") == true)
    }
  }
}

/// What `doctor` says, as a script reads it.
struct DoctorReport: Sendable, CustomStringConvertible {
  let outcome: Outcome
  private let json: JSON

  /// Reads what the command printed.
  ///
  /// - Throws: when it is no JSON.
  init(_ outcome: Outcome) throws {
    self.outcome = outcome
    json = try JSONDecoder().decode(JSON.self, from: Data(outcome.output))
  }

  var status: Int { outcome.status }
  var description: String { "status \(status): \(outcome.text); \(outcome.errorText)" }

  private var checks: [JSON] { json["checks"]?.elements ?? [] }

  /// The names of the checks that failed.
  var failed: [String] {
    checks.filter { $0["state"] == "failed" }.compactMap { $0["name"]?.string }
  }

  private func check(_ name: String) -> JSON? { checks.first { $0["name"] == .string(name) } }

  func state(of name: String) -> String? { check(name)?["state"]?.string }
  func message(of name: String) -> String? { check(name)?["message"]?.string }
  func remedy(of name: String) -> String? { check(name)?["remedy"]?.string }

  /// The permissions that a check misses.
  func missing(of name: String) -> Set<Permission> {
    Set(
      (check(name)?["missing"]?.elements ?? []).map { json in
        Permission(
          json["verb"]?.string ?? "", json["resource"]?.string ?? "",
          group: json["group"]?.string ?? "", in: json["namespace"]?.string)
      })
  }
}

extension Workbench {
  func doctor(_ arguments: String...) async throws -> DoctorReport {
    try DoctorReport(
      try await migrate(
        ["doctor"] + arguments + ["--namespace", namespace, "--output", "json"]))
  }

  /// The same place with another address of the API server.
  fileprivate func withServer(_ address: String) throws -> Workbench {
    try withKubeconfig { config in
      config.split(separator: "\n").map {
        $0.contains("server:") ? "    server: \(address)" : String($0)
      }.joined(separator: "\n")
    }
  }
}
