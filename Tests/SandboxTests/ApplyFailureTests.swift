import Foundation
import MigratePlanning
import Testing

/// What becomes of a release when an apply fails half-way, or is stopped.
@Suite("Failures")
struct ApplyFailureTests {
  /// Makes the new broker's Pods never ready.
  static let neverReady = ["--set", "podAnnotations={backbone-migrate.sandbox/ready: never}"]
  static let renaming = ["--adopt", "fullnameOverride", "--adopt", "selectorLabels"]

  @Test(
    "a new broker that does not come up", arguments: ReleaseMode.one(.helm3),
    [neverReady, neverReady + renaming])
  func notReady(mode: ReleaseMode, options: [String]) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let old = try await bench.live("deployment", "web")["spec"]?["template"] ?? .null
      let watch = try await ReplicaSetWatch(bench)
      defer { watch.stop() }
      let plan = try await bench.planned("web", options).plan
      let applied = try await bench.apply(plan, "--timeout", "5s")
      #expect(applied.ended(1, "rolled-back"), "\(mode): \(applied)")
      let message = applied.run?.message ?? ""
      #expect(message.contains("is not ready after 5 s: "), "\(mode)")
      #expect(message.contains("container backbone runs and is not ready"), "\(message)")
      #expect(message.contains("everything is as it was before"), "\(mode)")
      let again = #"backbone-migrate plan web --namespace \#(bench.namespace)"#
      #expect(message.contains("When that is mended: \"\(again) --"), "\(message)")
      #expect(message.contains("--set 'podAnnotations={"), "\(message)")
      let isAdopted = message.contains("--adopt selectorLabels")
      #expect(isAdopted == options.contains("selectorLabels"), "\(message)")
      #expect(applied.run?.next == nil, "\(mode)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      let status = try await bench.status()
      #expect(status.state == "rolled-back", "\(mode)")
      #expect(status.next == nil, "\(mode)")

      // The old environment came back with nothing in between, and the plan can be made again.
      try await bench.settle()
      let token = #"{"name":"ADMIN_TOKEN","value":"of-the-admin"}"#
      try watch.expectAll("\(mode)") { environment in
        environment == ReplicaSetWatch.environment(of: old)
          || environment.canonical.contains(token)
      }
      let second = try await bench.apply(try await bench.plan("web"))
      #expect(second.ended(0, "done"), "\(mode): \(second)")
    }
  }

  @Test("a field that somebody changes meanwhile is found", arguments: ReleaseMode.only(.helm4))
  func differs(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.plan("web", "--adopt", "service.tcp.enabled")
      let helm = try bench.wrapHelm(
        on: "upgrade",
        """
        'HELM' "$@"
        kubectl --namespace 'NAMESPACE' set env deployment/web ADMIN_TOKEN=of-another LATER=1
        kubectl --namespace 'NAMESPACE' patch service web-tcp --patch \\
          '{"spec": {"ports": [{"port": 1883, "targetPort": 9}]}}'
        exit 0
        """)
      let applied = try await bench.apply(plan, "--helm", helm)
      // The Deployment is held still until it is as planned; a Service is only looked at.
      #expect(applied.ended(4, "differs"), "\(mode): \(applied)")
      #expect(
        applied.run?.differences.compactMap { $0["path"]?.string }
          == ["spec.ports[mqtt].targetPort"], "\(mode): \(applied)")
      let next = "backbone-migrate rollback web --namespace \(bench.namespace)"
      #expect(applied.run?.next == next, "\(mode)")
      let there = try await bench.migrate(
        "status", "web", "--namespace", bench.namespace, "--history",
        bench.folder + "/elsewhere.sqlite")
      #expect(there.text.contains(next), "\(mode): \(there.text)")
      let environment = try await bench.environment(of: "web")
      #expect(environment["ADMIN_TOKEN"] == "of-the-admin" && environment["LATER"] == nil)
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("a new broker that nobody waits for")
  func notWaitedFor() async throws {
    try await Workbench.with(.helm4) { bench in
      try await bench.installConfigured()
      let before = try await bench.state()
      let plan = try await bench.planned("web", Self.neverReady).plan
      let applied = try await bench.apply(plan, "--no-wait")
      #expect(applied.ended(0, "done"), "\(applied)")
      #expect(applied.run?.steps.contains("wait skipped") == true)
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("a failure that is left as it is", arguments: ReleaseMode.one(.helm3, of: .helm3, .helm4))
  func leftAsItIs(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.planned("web", Self.neverReady).plan
      let applied = try await bench.apply(plan, "--timeout", "5s", "--no-rollback-on-failure")
      #expect(applied.ended(1, "failed"), "\(mode): \(applied)")
      let next = "backbone-migrate rollback web --namespace \(bench.namespace)"
      #expect(applied.run?.next == next, "\(mode)")
      #expect(try await bench.status().next == next, "\(mode)")

      // From another machine, which has no history of it.
      let elsewhere = bench.folder + "/elsewhere.sqlite"
      let there = try await bench.migrate(
        "status", "web", "--namespace", bench.namespace, "--history", elsewhere)
      #expect(there.text.contains(next), "\(mode): \(there.text)")
      let wentBack = try await bench.rollback("--history", elsewhere)
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  /// When helm fails.
  enum HelmFailure: String, CaseIterable, Sendable {
    case beforeItBegan = "cat > /dev/null; echo no luck today >&2; exit 1"
    /// Killed as soon as it has written down that it began; it may be too fast for that.
    case whileItWasAtIt = """
      values=$(mktemp); cat > "$values"; 'HELM' "$@" < "$values" > /dev/null 2>&1 &
      for attempt in 1 2 3 4 5 6 7 8 9; do
        kubectl --namespace 'NAMESPACE' get secrets --output name \
          --selector 'status in (pending-upgrade, pending-rollback)' | grep -q . && break
      done
      kill -9 $!; rm -f "$values"; echo no luck today >&2; exit 1
      """
    case whenItWasDone = "'HELM' \"$@\"; echo no luck today >&2; exit 1"
  }

  @Test("a helm that fails", arguments: ReleaseMode.taking(turnsWith: HelmFailure.allCases))
  func helmFails(mode: ReleaseMode, failure: HelmFailure) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.plan("web")
      let helm = try bench.wrapHelm(on: "upgrade", failure.rawValue)
      let applied = try await bench.apply(plan, "--helm", helm)
      #expect(applied.ended(1, "rolled-back"), "\(mode): \(applied)")
      #expect(applied.run?.message.contains("no luck today") == true, "\(applied)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      #expect(try await bench.apply(try await bench.plan("web")).ended(0, "done"), "\(mode)")
    }
  }

  @Test(
    "a rollback whose helm fails can be begun again",
    arguments: ReleaseMode.taking(turnsWith: HelmFailure.allCases.reversed()))
  func rollbackFails(mode: ReleaseMode, failure: HelmFailure) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      #expect(try await bench.apply(try await bench.plan("web")).ended(0, "done"))
      let helm = try bench.wrapHelm(on: "rollback", failure.rawValue)
      let failed = try await bench.rollback("--helm", helm)
      #expect(failed.ended(1, "failed"), "\(mode): \(failed)")
      #expect(failed.run?.next?.hasPrefix("backbone-migrate rollback web") == true)
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test(
    "a revision that helm has forgotten", arguments: ReleaseMode.one(.helm4, of: .helm3, .helm4))
  func prunedRevision(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let applied = try await bench.apply(try await bench.plan("web"))
      #expect(applied.ended(0, "done"))
      _ = try await bench.kubectl("delete", "secret", "sh.helm.release.v1.web.v1")
      let run = try #require(applied.run?.id)
      let wentBack = try await bench.change("rollback", [run])
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test(
    "a release that somebody uninstalled",
    arguments: ReleaseMode.taking(turnsWith: [false, true, false]))
  func uninstalled(mode: ReleaseMode, keepsHistory: Bool) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      #expect(try await bench.apply(try await bench.plan("web")).ended(0, "done"))
      _ = try await bench.helm(["uninstall", "web"] + (keepsHistory ? ["--keep-history"] : []))
      let status = try await bench.status()
      #expect(status.message.contains("was uninstalled since"), "\(mode): \(status.message)")
      #expect(status.next?.hasPrefix("backbone-migrate rollback web") == true, "\(mode)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      let release = try await bench.helm("list", "--output", "json").text
      #expect(release.contains(#""status":"deployed","chart":"backbone-0.1.0""#), "\(mode)")
      if !keepsHistory {
        // Gone again, and the last run was a rollback.
        _ = try await bench.helm("uninstall", "web")
        let plan = try await bench.migrate("plan", "web", "--namespace", bench.namespace)
        #expect(plan.status == 1)
        #expect(plan.errorText.contains("left a backup of it; see \"backbone-migrate status web"))
        let back = try await bench.rollback()
        #expect(back.ended(0, "done"), "\(mode): \(back)")
        #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      }
      let again = try await bench.apply(try await bench.plan("web"))
      #expect(again.ended(0, "done"), "\(mode): \(again)")
    }
  }

  @Test(
    "a rollback that died before it changed anything is begun again",
    arguments: ReleaseMode.only(.helm4))
  func rollbackDied(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      #expect(try await bench.apply(try await bench.plan("web")).ended(0, "done"))
      let patch: JSON = [
        "metadata": [
          "annotations": [
            "backbone-migrate/run": "run-died", "backbone-migrate/kind": "rollback",
            "backbone-migrate/state": "running", "backbone-migrate/step": .null,
            "backbone-migrate/backup": .null,
          ]
        ]
      ]
      _ = try await bench.kubectl(
        "patch", "lease", Workbench.lease, "--type=merge", "--patch", patch.canonical)
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test(
    "what was changed after the apply is gone with it",
    arguments: ReleaseMode.only(.helm4AfterHelm3))
  func changedAfterwards(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.plan("web", "--adopt", "service.tcp.enabled")
      #expect(try await bench.apply(plan).ended(0, "done"))
      try await bench.setByHand("LOG_LEVEL=trace", "LATER=1", on: "web")
      _ = try await bench.kubectl("scale", "deployment", "web", "--replicas=2")
      let patch: JSON = ["spec": ["type": "NodePort"]]
      _ = try await bench.kubectl("patch", "service", "web", "--patch", patch.canonical)
      _ = try await bench.kubectl("delete", "service", "web-tcp")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }
}

extension Workbench {
  /// Makes a program that stands in for helm, and does something else with one of its commands.
  ///
  /// - Returns: its path.
  func wrapHelm(on command: String, _ script: String) throws -> String {
    let helm = sandbox.helm(helmVersion)
    let script = script.replacing("HELM", with: helm).replacing("NAMESPACE", with: namespace)
    let path = folder + "/few/program-\(UUID().uuidString)"
    let text = """
      #!/bin/sh
      case "$*" in
      \(command)\\ *)
      \(script)
      ;;
      esac
      exec '\(helm)' "$@"

      """
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }
}
