import Foundation
import MigratePlanning
import Testing

/// What a disk, a clock, a cluster or another machine does to a run, and how it is put right.
@Suite("Faults")
struct FaultTests {
  // MARK: The history

  /// What becomes of the history between an apply and the way back.
  enum HistoryLoss: String, CaseIterable, Sendable {
    case deleted = "rm -r \"$HISTORY\"*"
    case overwritten = "echo nonsense > \"$HISTORY\""
    case replaced = "rm -r \"$HISTORY\"*; mkdir \"$HISTORY\""
  }

  @Test(
    "a history that is lost after the apply",
    arguments: ReleaseMode.taking(turnsWith: HistoryLoss.allCases))
  func historyLost(mode: ReleaseMode, loss: HistoryLoss) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      #expect(try await bench.apply(try await bench.plan("web")).ended(0, "done"), "\(mode)")
      _ = try await bench.shell("HISTORY='\(bench.history)'; \(loss.rawValue)").succeeded()
      #expect(try await bench.status().state == "done", "\(mode), \(loss)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode), \(loss): \(wentBack)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode), \(loss)")
      #expect(try await bench.status().state == "done", "\(mode), \(loss)")
    }
  }

  @Test(
    "a disk without room for the history", arguments: ReleaseMode.one(.helm3, of: .helm3, .helm4))
  func fullDisk(mode: ReleaseMode) async throws {
    // No file may grow beyond the size of an empty history.
    let full = "trap '' XFSZ; ulimit -f 128; exec "
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let plan = try await bench.plan("web")
      let filler = "dd if=/dev/zero bs=64k count=2 2>/dev/null >> '\(bench.history)-wal'"
      let rest = " --namespace \(bench.namespace) --yes --output json"
      let apply = "backbone-migrate apply web \(plan.acceptances.joined(separator: " "))\(rest)"
      let refused = try await bench.shell("\(filler); \(full) \(apply)")
      #expect(refused.status != 0, "\(mode)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")

      _ = try await bench.shell("rm -f '\(bench.history)'*").succeeded()
      let again = try await bench.plan("web")
      #expect(try await bench.apply(again).ended(0, "done"), "\(mode)")
      let back = try RunOutcome(
        try await bench.shell("\(filler); \(full) backbone-migrate rollback web\(rest)"))
      #expect(back.ended(0, "done"), "\(mode): \(back)")
      #expect(try await bench.state().differences(from: before) == [], "\(mode)")
    }
  }

  // MARK: Others

  @Test("two machines at once, but for one", arguments: ReleaseMode.one(.helm4, of: .helm3, .helm4))
  func twoMachines(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let apply = ["web"] + (try await bench.plan("web").acceptances)
      let there = try bench.onAnotherMachine
      var random = SplitMix64(seed: mode == .helm3 ? 3 : 4)
      for attempt in 1...(ReleaseMode.isEvery ? 10 : 2) {
        let pause = Duration.milliseconds(Int.random(in: 0...2000, using: &random))
        async let one = bench.change("apply", apply)
        async let other = { () async throws -> RunOutcome in
          try await Task.sleep(for: pause)
          return try await there.change("apply", apply)
        }()
        let both = try await [one, other]
        let about: Comment = "\(mode), try \(attempt) with \(pause): \(both)"
        #expect(both.map(\.status).sorted() == [0, 3], about)
        #expect(try await bench.unmetFields(of: "web") == [], about)
        #expect(try await bench.status().state == "done", about)
        let wentBack = try await there.rollback()
        #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
        #expect(try await bench.state().differences(from: before) == [], about)
        try await bench.settle()
      }
    }
  }

  @Test("a lock that is taken from a run that is at it", arguments: ReleaseMode.only(.helm4))
  func takenOver(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installConfigured()
    } _: { bench in
      let before = try await bench.state()
      let acceptances = try await bench.plan("web").acceptances
      try await Faults.with(bench) { faults in
        try faults.arm([
          ["name": "slow", "stage": "apply", "times": 0, "delay": .number("0.3")]
        ])
        let program = try RunningProgram(
          in: faults.proxied,
          ["apply", "web", "--namespace", bench.namespace, "--yes", "--output", "json"]
            + acceptances + faults.options)
        try await program.waitUntil(" prepare ")
        let holder = try #require(try await bench.lockHolder())
        let there = try bench.onAnotherMachine
        let wentBack = try await there.rollback("--take-over-lock", holder)
        let overtaken = try RunOutcome(try await program.end())
        // Whose programs are seen to run is not raced; between two of them it is overtaken.
        let wasRefused = wentBack.status == 3 && overtaken.ended(0, "done")
        let wasTaken =
          overtaken.ended(1, "failed")
          && overtaken.run?.message.contains("taken over") == true
        #expect(wasRefused || wasTaken, "\(wentBack); \(overtaken)")
        // What was under way came to its end, and may have undone the way back.
        let left = try await bench.state().differences(from: before)
        if wasRefused || !left.isEmpty {
          let next =
            overtaken.run?.next ?? "backbone-migrate rollback web --namespace \(bench.namespace)"
          let again = try await bench.shell(next + " --yes --output json")
          #expect(again.status == 0, "\(wentBack); \(overtaken); \(next): \(again)")
        }
        #expect(try await bench.state().differences(from: before) == [], "\(wentBack)")
        #expect(try await faults.processes(within: 5) == [])
      }
    }
  }

  // MARK: Clocks

  /// How far the clock of another machine is ahead, in seconds.
  @Test("a lock that a wrong clock renews", arguments: [3600, -3600])
  func clocks(ahead: Int) async throws {
    try await Workbench.with(.helm4) { bench in
      try await bench.installConfigured()
      let plan = try await bench.plan("web")
      let holder = "ann@there run-elsewhere"
      let age = TimeInterval(-ahead)
      try await bench.lock(by: holder, age: age)
      async let refused = bench.apply(plan)
      for second in 1...10 {
        try await Task.sleep(for: .seconds(4))
        try await bench.lock(by: holder, age: age - TimeInterval(second))
      }
      let late = try await refused
      #expect(late.status == 3 && late.run?.message.contains(holder) == true, "\(late)")
      #expect(try await bench.live("deployment", "web")["spec"]?["paused"] == nil)

      // Nobody renews it any more: whatever the clock said, its time is over.
      let taken = try await bench.apply(plan)
      #expect(taken.ended(0, "done"), "\(taken)")
    }
  }

  // MARK: The namespace

  @Test("a namespace that is deleted meanwhile", arguments: [HelmVersion.helm3, .helm4])
  func terminating(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let plan = try await bench.plan("web")
      try await Faults.with(bench) { faults in
        let stage = helm == .helm3 ? "^apply.prepare$" : "^apply.helm$"
        try faults.arm([
          [
            "name": "deleted", "stage": .string(stage),
            "run": .string(
              "'\(bench.sandbox.kubectl)' --kubeconfig '\(bench.kubeconfig)' delete namespace "
                + "\(bench.namespace) --wait=true > /dev/null 2>&1"),
          ]
        ])
        let run = try await faults.proxied.change(
          "apply", [plan.id] + plan.acceptances + ["--timeout", "10s"] + faults.options)
        #expect(try faults.requests().contains { $0.rules.contains("deleted") })
        #expect(run.status != 0 && run.run?.state != "done", "\(run)")
        #expect(try await faults.processes(within: 5) == [])
        // For whoever deletes it in the end.
        _ = try await bench.kubectl("create", "namespace", bench.namespace)
      }
    }
  }

  // MARK: The API server

  @Test("writes that go wrong", arguments: ReleaseMode.one(.helm3, of: .helm3, .helm4))
  func writes(mode: ReleaseMode) async throws {
    let points = ChaosPoint.sweep(mode).filter { ReleaseMode.isEvery || $0.index % 16 == 6 }
    let results = await ChaosSettings(points: points, seed: 0, report: nil, command: "").results()
    #expect(results.count == points.count)
    for result in results where !result.defects.isEmpty { Issue.record("\(result.line)") }
  }
}

extension Workbench {
  /// The same release, worked on from another machine: with no history of this one.
  fileprivate var onAnotherMachine: Workbench {
    get throws {
      var there = self
      let home = folder + "/there"
      try? FileManager.default.createDirectory(
        atPath: home + "/tmp", withIntermediateDirectories: true)
      there.variables.merge(
        ["HOME": home, "XDG_STATE_HOME": home + "/state", "TMPDIR": home + "/tmp", "USER": "bob"]
      ) { _, own in own }
      return there
    }
  }
}

extension ChaosPoint {
  /// Every write of an apply and of a rollback, each gone wrong in one of the ways in turn.
  static func sweep(_ mode: ReleaseMode) -> [ChaosPoint] {
    let answers: [Answer] = [
      .resetAfter, .conflict, .unavailable, .webhook, .resetBefore, .error, .tooMany,
    ]
    return (0..<48).map { index in
      ChaosPoint(
        index: index, mode: mode, shape: Shape.allCases[index % Shape.allCases.count],
        command: index.isMultiple(of: 2) ? .apply : .rollback,
        mishap: .answer(answers[(index + (mode == .helm3 ? 0 : 3)) % answers.count]),
        place: .write(index / 2 + 1), finishesByGoingOn: index % 4 < 2)
    }
  }
}
