import Foundation
import MigratePlanning
import Testing

/// Runs that are stopped on request, or die.
@Suite("Interruptions")
struct InterruptTests {
  /// Makes the new broker ready after a while, so that there is time to stop.
  static let slow = ["--set", "podAnnotations={backbone-migrate.sandbox/ready: '25'}"]

  @Test(
    "a stop while it waits, and going on", arguments: ReleaseMode.one(.helm4, of: .helm3, .helm4))
  func stopAndResume(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let stopped = try await bench.stopWhileWaiting(Self.slow)
      let resume = "backbone-migrate apply --resume \(stopped.id) --namespace \(bench.namespace)"
      #expect(stopped.next == resume, "\(mode)")
      #expect(stopped.message.contains("rolls out all the same"), "\(mode): \(stopped.message)")
      let status = try await bench.status()
      #expect(status.state == "interrupted", "\(mode)")
      #expect(status.next == resume, "\(mode)")
      let back = "backbone-migrate rollback \(stopped.id) --namespace \(bench.namespace)"
      #expect(stopped.back == back && status.back == back, "\(mode)")

      let held = try await bench.live("deployment", "web")["metadata"]?["generation"]
      let preview = try await bench.apply("--resume", stopped.id, "--dry-run")
      #expect(preview.ended(0, "foretold"), "\(mode): \(preview)")
      #expect(preview.run?.next == resume, "\(mode): \(preview)")
      #expect(try await bench.live("deployment", "web")["metadata"]?["generation"] == held)

      let resumed = try await bench.apply("--resume", stopped.id)
      #expect(resumed.ended(0, "done"), "\(mode): \(resumed)")
      #expect(resumed.run?.back == back, "\(mode): \(resumed)")
      #expect(try await bench.unmetFields(of: "web") == [], "\(mode)")
      #expect(try await bench.environment(of: "web")["ADMIN_TOKEN"] == "of-the-admin")
      #expect(try await bench.apply("--resume", stopped.id).status == 3, "\(mode)")
      let history = try await bench.helm("history", "web", "--output", "json").text
      #expect(history.split(separator: "\"revision\"").count == 3, "\(mode): \(history)")

      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("a stop before anything is changed", arguments: ReleaseMode.only(.helm4AfterHelm3))
  func stopEarly(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let plan = try await bench.plan("web")
      let before = try await bench.state()
      func stopped(after step: String, slow path: String) async throws -> RunOutcome {
        let outcome = try await bench.slowly(["method": "GET", "path": .string(path)], by: 3) {
          bench in
          let program = try bench.beginApply(plan)
          try await program.waitUntil(" \(step) ")
          program.send(SIGINT)
          return try await program.end()
        }
        let stopped = try RunOutcome(outcome)
        #expect(stopped.ended(130, "interrupted"), "\(mode): \(stopped)")
        #expect(stopped.run?.message == "stopped on request; nothing was changed", "\(mode)")
        #expect(try await bench.state().differences(from: before) == [], "\(mode)")
        let status = try await bench.status()
        #expect(status.message.hasSuffix("; nothing was changed"), "\(mode): \(status.message)")
        #expect(status.next == nil && status.back == nil, "\(mode)")
        return stopped
      }
      _ = try await stopped(after: "validate", slow: #"secrets/sh\.helm"#)
      let last = try await stopped(after: "lock", slow: "secrets.*owner")

      let resumed = try await bench.apply("--resume", try #require(last.run?.id))
      #expect(resumed.status == 3, "\(mode): \(resumed)")
      #expect(resumed.errorText.contains("apply its plan again"), "\(mode): \(resumed)")

      let next = try #require(last.run?.next)
      #expect(next.hasPrefix("backbone-migrate apply \(plan.id)"), "\(mode): \(next)")
      let applied = try RunOutcome(try await bench.shell("\(next) --yes --output json"))
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
    }
  }

  @Test("a stop while it waits, and going back", arguments: ReleaseMode.only(.helm4))
  func stopAndGoBack(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let stopped = try await bench.stopWhileWaiting(
        ApplyFailureTests.neverReady + ApplyFailureTests.renaming)
      #expect(stopped.state == "interrupted", "\(mode)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("a stop before it looks", arguments: ReleaseMode.only(.helm3))
  func stopBeforeVerifying(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let plan = try await bench.plan("web")
      let slow: JSON = ["method": "PATCH", "path": "deployments/web"]
      let outcome = try await bench.slowly(slow, by: 2) { bench in
        let program = try bench.beginApply(plan, ["--no-wait"])
        try await program.waitUntil(" restore ")
        // The next step has begun by then, and is held up.
        try await Task.sleep(for: .seconds(1))
        program.send(SIGINT)
        return try await program.end()
      }
      let stopped = try RunOutcome(outcome)
      #expect(stopped.ended(130, "interrupted"), "\(mode): \(stopped)")
      #expect(stopped.run?.message.contains("rolls out all the same") == true, "\(stopped)")
      let resumed = try await bench.apply("--resume", try #require(stopped.run?.id))
      #expect(resumed.ended(0, "done"), "\(mode): \(resumed)")
    }
  }

  @Test("a stop on the way back", arguments: ReleaseMode.one(.helm4AfterHelm3, of: .helm3, .helm4))
  func stopOnTheWayBack(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.planned("web", ApplyFailureTests.neverReady).plan
      let program = try bench.beginApply(plan, ["--timeout", "3s"])
      try await program.waitUntil("✗ wait")
      program.send(SIGINT)
      let stopped = try RunOutcome(try await program.end())
      #expect(stopped.ended(130, "interrupted"), "\(mode): \(stopped)")
      #expect(
        stopped.run?.message.contains("rolling back was stopped; ") == true, "\(mode): \(stopped)")
      let rollback = "backbone-migrate rollback web --namespace \(bench.namespace)"
      #expect(stopped.run?.next == rollback, "\(mode): \(stopped)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("a stop that cannot wait for helm", arguments: ReleaseMode.one(.helm3))
  func stopTwice(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let (program, _) = try await bench.applyWithStuckHelm(["--output", "json"])
      program.send(SIGINT)
      try await program.waitUntil("once more also ends")
      program.send(SIGINT)
      let stopped = try RunOutcome(try await program.end())
      #expect(stopped.ended(130, "interrupted"), "\(mode): \(stopped)")
      #expect(stopped.run?.next?.contains("apply --resume") == true, "\(mode)")
      for words in ["stopped on request, within helm", "Deployment/web is held still"] {
        #expect(stopped.run?.message.contains(words) == true, "\(mode): \(stopped)")
      }
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("a program that dies while helm is at it", arguments: ReleaseMode.one(.helm4AfterHelm3))
  func killed(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      for isPushedAside in [true, false] {
        try await bench.killDuringUpgrade()
        #expect(try await bench.live("deployment", "web")["spec"]?["paused"] == true, "\(mode)")
        let holder = try #require(try await bench.lockHolder())
        let status = try await bench.status()
        #expect(status.message.contains(holder) && status.message.contains("helm"), "\(mode)")
        let refused = try await bench.rollback()
        #expect(refused.run?.message.contains(holder) == true, "\(mode)")
        #expect(refused.status == 3, "\(mode): \(refused)")

        if !isPushedAside {
          try await bench.expireLock()
          let late = try await bench.status()
          #expect(late.message.contains("its lock was not renewed"), "\(mode)")
          let next = "backbone-migrate apply --resume \(late.id) --namespace \(bench.namespace)"
          #expect(late.next == next, "\(mode)")
        }
        let wentBack = try await bench.rollback(
          isPushedAside ? ["--take-over-lock", holder] : [])
        #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
        #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      }
    }
  }

  @Test(
    "a helm that outlives its run is waited for",
    arguments: ReleaseMode.one(.helm3, of: .helm3, .helm4))
  func outlivedAndWaitedFor(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      // It upgrades the release some seconds after the program is gone.
      let (program, _) = try await bench.applyWithSlowHelm(
        "values=$(mktemp); cat > \"$values\"; MARK; sleep 12; 'HELM' \"$@\" < \"$values\"; exit")
      program.send(SIGKILL)
      _ = try await program.end()
      let holder = try #require(try await bench.lockHolder())
      let status = try await bench.status()
      #expect(status.json["now"]?["heldStill"]?.elements == ["Deployment/web"], "\(mode)")
      #expect(status.json["now"]?["programs"]?.elements.isEmpty == false, "\(mode)")
      let wentBack = try await bench.rollback("--take-over-lock", holder)
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(wentBack.errorText.contains("waiting for "), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
      #expect(try await bench.status().json["now"]?["programs"]?.elements == [], "\(mode)")
    }
  }

  @Test("a helm that outlives its run for long is refused", arguments: ReleaseMode.only(.helm4))
  func outlivedAndRefused(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let (program, helm) = try await bench.applyWithStuckHelm()
      program.send(SIGKILL)
      _ = try await program.end()
      try await bench.expireLock()
      for resume in [true, false] {
        let run = try await bench.status().id
        let refused =
          try await resume
          ? bench.apply("--resume", run, "--request-timeout", "2s")
          : bench.rollback("--request-timeout", "2s")
        #expect(refused.status == 3, "\(mode): \(refused)")
        #expect(refused.run?.message.contains("kill \(helm)") == true, "\(mode): \(refused)")
      }
      kill(helm, SIGKILL)
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("a helm that never ends is ended", arguments: ReleaseMode.one(.helm4, of: .helm3, .helm4))
  func endless(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.plan("web")
      let helm = try bench.wrapHelm(on: "upgrade", "exec sleep 600")
      let applied = try await bench.apply(
        plan, "--helm", helm, "--request-timeout", "5s", "--timeout", "10s")
      #expect(applied.ended(1, "rolled-back"), "\(mode): \(applied)")
      #expect(applied.run?.message.contains("did not end within 15 s") == true, "\(applied)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  @Test("going on with a history that cannot be read", arguments: ReleaseMode.only(.helm3))
  func resumedWithoutHistory(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let stopped = try await bench.stopWhileWaiting(Self.slow)
      try "no database".write(toFile: bench.history, atomically: false, encoding: .utf8)
      #expect(try await bench.status().next?.contains(stopped.id) == true, "\(mode)")
      let resumed = try await bench.apply("--resume", stopped.id)
      #expect(resumed.ended(0, "done"), "\(mode): \(resumed)")
      #expect(resumed.errorText.contains("the history will not know of this"), "\(resumed)")
      #expect(try String(contentsOfFile: bench.history, encoding: .utf8) == "no database")
    }
  }

  @Test("going on after the program died while helm was at it", arguments: ReleaseMode.one(.helm4))
  func killedAndResumed(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      try await bench.killDuringUpgrade()
      try await bench.expireLock()
      let run = try await bench.status().id
      let resumed = try await bench.apply("--resume", run)
      #expect(resumed.ended(0, "done"), "\(mode): \(resumed)")
      #expect(try await bench.unmetFields(of: "web") == [], "\(mode)")
      #expect(try await bench.environment(of: "web")["ADMIN_TOKEN"] == "of-the-admin")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }
}

extension Workbench {
  /// Does some work with an API server that takes some seconds longer for some requests of a run.
  fileprivate func slowly(
    _ conditions: JSON, by seconds: Int,
    _ work: nonisolated(nonsending) (Workbench) async throws -> Outcome
  ) async throws -> Outcome {
    var rule = conditions.members
    rule["name"] = "slow"
    rule["stage"] = "apply"
    rule["times"] = 0
    rule["delay"] = .integer(seconds)
    var outcome: Outcome?
    try await Faults.with(self) { faults in
      try faults.arm([.object(rule)])
      outcome = try await work(faults.proxied)
    }
    return try #require(outcome)
  }

  /// Begins to apply a plan, with what it asks to be accepted, and with its run as JSON in the end.
  fileprivate func beginApply(
    _ plan: PlanReport, _ options: [String] = []
  ) throws -> RunningProgram {
    try RunningProgram(
      in: self,
      ["apply", plan.id, "--namespace", namespace, "--yes", "--output", "json"] + options
        + plan.acceptances)
  }

  /// Applies a plan with these options, and presses Ctrl-C while it waits for Pods.
  func stopWhileWaiting(_ options: [String]) async throws -> RunReport {
    let plan = try await planned("web", options).plan
    let program = try beginApply(plan)
    try await program.waitUntil(" resume ")
    program.send(SIGINT)
    let outcome = try RunOutcome(try await program.end())
    #expect(outcome.ended(130, "interrupted"), "\(outcome)")
    #expect(outcome.errorText.contains("stopping after this step"))
    return try #require(outcome.run)
  }

  /// Begins to apply a plan with a helm that hangs when it is about to upgrade.
  ///
  /// - Returns: the program, and the process of its helm.
  /// - Throws: when it does not come to that.
  fileprivate func applyWithStuckHelm(
    _ arguments: [String] = []
  ) async throws -> (RunningProgram, Int32) {
    try await applyWithSlowHelm("MARK; exec sleep 100", arguments)
  }

  /// Begins to apply a plan with a helm that upgrades by a script, in which `MARK` writes down that
  /// it began.
  ///
  /// - Returns: the program, and the process of its helm.
  /// - Throws: when it does not come to that.
  fileprivate func applyWithSlowHelm(
    _ script: String, _ arguments: [String] = []
  ) async throws -> (RunningProgram, Int32) {
    let plan = try await plan("web")
    let mark = folder + "/helm-\(UUID().uuidString).pid"
    let helm = try wrapHelm(
      on: "upgrade", script.replacing("MARK", with: "echo $$ > '\(mark)'"))
    let program = try RunningProgram(
      in: self,
      ["apply", plan.id, "--namespace", namespace, "--yes", "--helm", helm] + plan.acceptances
        + arguments)
    try await program.waitUntil(" prepare ")
    var process: Int32?
    for _ in 0..<100 where process == nil {
      try await Task.sleep(for: .milliseconds(100))
      let text = try? String(contentsOfFile: mark, encoding: .utf8)
      process = text.flatMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }
    return (program, try #require(process))
  }

  /// Applies a plan, and kills the program and its helm when that is about to upgrade.
  fileprivate func killDuringUpgrade() async throws {
    let (program, helm) = try await applyWithStuckHelm()
    program.send(SIGKILL)
    kill(helm, SIGKILL)
    _ = try await program.end()
  }
}
