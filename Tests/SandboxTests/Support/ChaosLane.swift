import Foundation
import MigratePlanning

/// A release on which points are tried one after the other; each one ends in the old state.
struct ChaosLane {
  private let bench: Workbench
  private let faults: Faults
  private let mode: ReleaseMode
  private let old: ReleaseState
  private let credentials: JSON
  private var acceptances: [ChaosPoint.Shape: [String]] = [:]
  private var counts: [ChaosPoint.Shape: (apply: ChaosCounts, rollback: ChaosCounts)] = [:]

  /// Makes the release that ``ChaosPoint/Shape`` speaks of.
  static func prepare(_ bench: Workbench) async throws {
    try await bench.installConfigured()
    _ = try await bench.kubectl(
      "create", "secret", "generic", "credentials", "--from-literal=admin-token=of-the-admin")
  }

  init(_ bench: Workbench, _ faults: Faults, _ mode: ReleaseMode) async throws {
    self.bench = bench
    self.faults = faults
    self.mode = mode
    old = try await bench.state()
    credentials = try await bench.live("secret", "credentials")["data"] ?? .null
  }

  /// Tries a point.
  mutating func run(_ point: ChaosPoint) async -> ChaosResult {
    let began = Date()
    var result = ChaosResult(point: point)
    do {
      try await run(point, &result)
    } catch {
      result.defects.append("\(error)")
    }
    if !result.defects.isEmpty { result.ending = .defect }
    result.seconds = Date().timeIntervalSince(began)
    return result
  }

  private mutating func run(_ point: ChaosPoint, _ result: inout ChaosResult) async throws {
    let claim = try await claimBefore(point)
    let place = try await place(of: point)
    result.place = "\(place.stage) \(place.number)"
    var arguments: [String]
    switch point.command {
    case .apply, .wayBack: arguments = try await applyArguments(point.shape)
    case .rollback:
      try await applyCleanly(point.shape)
      arguments = ["rollback", "web"]
    case .resume: arguments = try await interrupt(point)
    }
    arguments +=
      ["--yes", "--output", "json", "--timeout", "30s", "--request-timeout", "30s"] + here
    try faults.arm(rules(of: point, at: place), hook(of: point, at: place))
    let program = try RunningProgram(in: faults.proxied, arguments + faults.options)
    if case .killAfter(let milliseconds) = point.mishap {
      try await Task.sleep(for: .milliseconds(milliseconds))
      program.send(SIGKILL)
    }
    let outcome = try await program.end()
    result.own = Self.ending(of: outcome)
    result.happened = try happened(point, outcome)
    if case .killAfter = point.mishap {
      let stage = try faults.requests().last?.stage ?? "-"
      result.place = "\(stage) \(try faults.requests().filter { $0.stage == stage }.count)"
    }
    try await finish(point, outcome, &result)
    if case .meddle(let deed) = point.mishap { _ = try await bench.shell(deed.undoing(bench)) }
    try await expectNothingLost(claim, &result)
    try faults.arm()
  }

  /// The options by which every command reaches the release.
  private var here: [String] { ["--namespace", bench.namespace] }

  // MARK: Before

  /// Makes sure that there is no claim from before; gives whether the point makes one.
  private func claimBefore(_ point: ChaosPoint) async throws -> Bool {
    _ = try await bench.kubectl(
      "delete", "persistentvolumeclaims", "--all", "--wait=true", "--timeout=20s")
    return point.shape == .newClaim
  }

  private mutating func applyArguments(_ shape: ChaosPoint.Shape) async throws -> [String] {
    if acceptances[shape] == nil {
      acceptances[shape] = try await bench.planned("web", shape.options + ["--no-save"]).plan
        .acceptances
    }
    return ["apply", "web"] + shape.options + (acceptances[shape] ?? [])
  }

  private mutating func applyCleanly(_ shape: ChaosPoint.Shape) async throws {
    let arguments = try await applyArguments(shape)
    try faults.arm()
    try await expectDone(arguments)
    try await bench.rollOut()
  }

  /// Runs the program between the programs that stand in, and requires that it is done.
  private func expectDone(_ arguments: [String]) async throws {
    let outcome = try await faults.proxied.migrate(
      arguments + ["--yes", "--output", "json"] + here + faults.options)
    guard try RunOutcome(outcome).ended(0, "done") else {
      throw Outcome.Failure(outcome: outcome)
    }
  }

  /// The place of a point, by what happens when nothing goes wrong.
  private mutating func place(
    of point: ChaosPoint
  ) async throws -> (stage: String, number: Int) {
    if case .stage(let stage, let number) = point.place { return (stage, number) }
    if counts[point.shape] == nil {
      try await applyCleanly(point.shape)
      let apply = try ChaosCounts(faults)
      try faults.arm()
      try await expectDone(["rollback", "web"])
      counts[point.shape] = (apply, try ChaosCounts(faults))
      _ = try await claimBefore(point)
      try await bench.rollOut()
    }
    guard let counts = counts[point.shape] else { return ("-", 1) }
    if case .write(let number) = point.place {
      return (point.command == .rollback ? counts.rollback : counts.apply).write(number) ?? ("-", 1)
    }
    guard case .part(let part) = point.place else { return ("-", 1) }
    let counted = point.mishap.counted
    // What somebody does before the backup is made is no business of this program's.
    var isWanted: (String) -> Bool = { _ in true }
    if case .meddle = point.mishap {
      isWanted = {
        !["-", "apply.-", "apply.validate", "apply.backup", "apply.prepare", "rollback.-"].contains(
          $0)
      }
    }
    let found =
      switch point.command {
      case .apply: counts.apply.place(at: part, counted, where: isWanted)
      case .rollback: counts.rollback.place(at: part, counted, where: isWanted)
      case .resume:
        counts.apply.place(at: part, counted) {
          !["apply.validate", "apply.backup"].contains($0) && isWanted($0)
        }
      case .wayBack:
        counts.rollback.place(at: part, counted) {
          $0.hasPrefix("rollback.") && $0 != "rollback.-"
        }
      }
    return found ?? ("-", 1)
  }

  /// Kills an apply between two of its steps.
  ///
  /// - Returns: the arguments that go on with it.
  private mutating func interrupt(_ point: ChaosPoint) async throws -> [String] {
    let steps = ["apply.helm", "apply.resume", "apply.wait"]
    let stage = steps[point.index % steps.count]
    let arguments = try await applyArguments(point.shape)
    let isInHelm = stage == "apply.helm"
    let dies: JSON = [
      "name": "dies", "stage": .string("^" + stage.replacing(".", with: "\\.") + "$"),
      "write": .bool(stage == "apply.resume"), "nth": .integer(stage == "apply.resume" ? 2 : 1),
      "signal": ["to": faults.processFiles(["tool"]), "when": "before"],
    ]
    try faults.arm(
      isInHelm ? [] : [dies],
      isInHelm
        ? Faults.Hook(stage: stage, number: 1, before: "kill -9 $tool", instead: "exit 1") : nil)
    let program = try RunningProgram(
      in: faults.proxied, arguments + ["--yes"] + here + faults.options)
    _ = try await program.end()
    let isDead = try faults.requests().contains { $0.rules.contains("dies") }
    guard faults.wasHooked || isDead, let holder = try await holder() else {
      throw ChaosError.text("the apply to go on with was not killed at \(stage)")
    }
    let run = try await bench.live("lease", Workbench.lease)["metadata"]?["annotations"]
    return [
      "apply", "--resume", run?["backbone-migrate/run"]?.string ?? "", "--take-over-lock", holder,
    ]
  }

  // MARK: What goes wrong

  private func rules(
    of point: ChaosPoint, at place: (stage: String, number: Int)
  ) -> [JSON] {
    let stage = JSON.string("^" + place.stage.replacing(".", with: "\\.") + "$")
    var rules: [JSON] = []
    if point.command == .wayBack {
      rules.append([
        "name": "trigger", "agent": "^Helm", "stage": "^apply\\.helm$", "write": true, "nth": 2,
        "answer": [
          "status": 400, "message": #"admission webhook "no.example" denied the request: no"#,
        ],
      ])
    }
    var rule = point.mishap.counted.conditions
    rule.merge(["name": "point", "stage": stage, "nth": .integer(place.number)]) { $1 }
    func answer(_ status: Int, _ message: String) -> JSON {
      ["status": .integer(status), "message": .string(message)]
    }
    switch point.mishap {
    case .kill(let victim, let moment) where moment.counted != .helm:
      let names =
        switch victim {
        case .tool: ["tool"]
        case .helm: ["helm"]
        case .proxy: ["kubectl"]
        case .all: ["tool", "helm", "kubectl"]
        }
      rule["signal"] = [
        "to": faults.processFiles(names), "when": moment.isBefore ? "before" : "after",
        // What the tool leaves behind goes on.
        "drops": .bool(victim != .tool),
      ]
    case .hangProxy:
      rule["signal"] = [
        "to": faults.processFiles(["kubectl"]), "signal": "STOP", "when": "before", "drops": false,
      ]
    case .removeFolder: rule["remove"] = faults.socketFolderFile
    case .meddle(let deed): rule["run"] = .string(deed.script(bench))
    case .kill, .hang, .killAfter: return rules
    case .answer(let kind):
      switch kind {
      case .conflict:
        rule["answer"] = answer(
          409, "the object has been modified; please apply your changes to the latest version")
      case .tooMany:
        rule["answer"] = ["status": 429, "message": "too many requests", "retryAfter": 1]
      case .error: rule["answer"] = answer(500, "etcdserver: request timed out")
      case .unavailable: rule["answer"] = answer(503, "the server is currently unable")
      case .webhook:
        rule["answer"] = answer(
          400, #"admission webhook "no.example" denied the request: not today"#)
      case .unauthorized:
        rule["sticks"] = true
        rule["answer"] = answer(401, "Unauthorized")
      case .resetBefore: rule["reset"] = "before"
      case .resetAfter: rule["reset"] = "after"
      case .slow: rule = ["name": "point", "times": 0, "delay": .number("0.3")]
      case .goneForAWhile: rule["gone"] = 3
      case .goneForGood: rule["gone"] = .null
      }
    }
    return rules + [.object(rule)]
  }

  private func hook(
    of point: ChaosPoint, at place: (stage: String, number: Int)
  ) -> Faults.Hook? {
    var hook = Faults.Hook(stage: place.stage, number: place.number)
    switch point.mishap {
    case .kill(let victim, let moment) where moment.counted == .helm:
      let proxy = #"$(cat "$d/kubectl.pid")"#
      let kill =
        switch victim {
        case .tool: "kill -9 $tool"
        case .helm: "kill -9 $$"
        case .proxy: "kill -9 \(proxy)"
        case .all: "kill -9 $tool \(proxy) $$"
        }
      if moment.isBefore { hook.before = kill } else { hook.after = kill }
    case .hang: hook.before = "kill -STOP $$"
    case .kill, .hangProxy, .removeFolder, .killAfter, .answer, .meddle: return nil
    }
    return hook
  }

  private func happened(_ point: ChaosPoint, _ outcome: Outcome) throws -> Bool {
    if case .killAfter = point.mishap { return outcome.status == 128 + 9 }
    if faults.wasHooked { return true }
    return try faults.requests().contains { $0.rules.contains("point") }
  }

  // MARK: Afterwards

  /// Where the release is.
  private enum Standing: String { case old, new, between }

  /// What is there, by helm and kubectl.
  private struct Sight {
    var standing = Standing.between
    var words = ""
    var revision: Int?
    var status: String?
    var heldStill: [String] = []
  }

  private func look() async throws -> Sight {
    var sight = Sight()
    // A release that is not there is an error to helm.
    let history = try await bench.run(
      "helm", ["history", "web", "--output", "json", "--namespace", bench.namespace])
    let last =
      history.status == 0
      ? try JSONDecoder().decode(JSON.self, from: Data(history.output)).elements.max {
        ($0["revision"]?.integer ?? 0) < ($1["revision"]?.integer ?? 0)
      } : nil
    sight.revision = last?["revision"]?.integer
    sight.status = last?["status"]?.string
    let chart = last?["chart"]?.string
    let isDeployed = sight.status == "deployed"
    let state = try await bench.state()
    let deployments = state.objects.filter { $0.key.hasPrefix("Deployment/") }
    sight.heldStill = deployments.filter { $0.value["spec"]?["paused"] == true }.map(\.key).sorted()
    let differences = state.differences(from: old)
    if differences.isEmpty, isDeployed, chart == "backbone-0.1.0" {
      sight.standing = .old
      return sight
    }
    sight.words =
      "helm is at \(chart ?? "nothing") (\(sight.status ?? "-")), held still "
      + "\(sight.heldStill); " + differences.prefix(3).joined(separator: "; ")
    guard isDeployed, chart == "backbone-0.2.0", sight.heldStill.isEmpty, deployments.count == 1
    else { return sight }
    let unmet = try await bench.unmetFields(of: "web")
    if unmet.isEmpty { sight.standing = .new }
    sight.words += unmet.isEmpty ? "" : "; unmet: \(unmet.prefix(3).joined(separator: "; "))"
    return sight
  }

  /// Who holds the lock; nil when nobody does, or there is none.
  private func holder() async throws -> String? {
    try await bench.list("leases")["items"]?.elements.first { $0.objectName == Workbench.lease }?[
      "spec"]?["holderIdentity"]?.string
  }

  /// Compares what `status` says with the cluster, from here and from a machine without a history.
  ///
  /// - Returns: its report; nil when no run is known.
  private func truth(
    _ result: inout ChaosResult, asksElsewhere: Bool = true
  ) async throws -> RunReport? {
    let sight = try await look()
    let (standing, words) = (sight.standing, sight.words)
    var reports: [RunReport?] = []
    let elsewhere = asksElsewhere ? [["--history", bench.folder + "/elsewhere.sqlite"]] : []
    for history in [[]] + elsewhere {
      let outcome = try await bench.migrate(
        ["status", "web", "--output", "json"] + here + history)
      guard outcome.status == 0 else {
        result.defects.append("status ended with \(outcome.status): \(outcome.errorText)")
        continue
      }
      let report = try RunReport(outcome.output)
      let known = report.state.isEmpty ? nil : report
      reports.append(known)
      let says = "status says \(known?.state ?? "nothing"), \"\(known?.message ?? "")\""
      let isRollback = known?.json["kind"] == "rollback"
      if let now = known?.json["now"] {
        let held = now["heldStill"]?.elements.compactMap(\.string).sorted() ?? []
        if now["revision"]?.integer != sight.revision || now["status"]?.string != sight.status
          || held != sight.heldStill
        {
          result.defects.append(
            "status says now \(now.canonical), and there is revision \(sight.revision ?? 0), "
              + "\(words)")
        }
      }
      switch known?.state {
      case "done" where isRollback, "rolled-back":
        if standing != .old { result.defects.append("\(says), and \(words)") }
      case "done" where known?.message.contains("was uninstalled since") == true:
        if known?.next == nil {
          result.defects.append("\(says) without a next command, and \(words)")
        }
      case "done":
        if standing != .new { result.defects.append("\(says), and \(words)") }
      case "running", "failed", "interrupted", nil:
        if known?.next == nil, standing == .between {
          result.defects.append("\(says) without a next command, and \(words)")
        }
      default: break
      }
    }
    if reports.count == 2, reports[0]?.next != reports[1]?.next {
      result.defects.append(
        "the next command is \(reports[0]?.next ?? "none") here and "
          + "\(reports[1]?.next ?? "none") elsewhere")
    }
    return reports.first ?? nil
  }

  /// Goes on or back as `status` says until the release is in one of its two states, and then back
  /// to the old one.
  private mutating func finish(
    _ point: ChaosPoint, _ own: Outcome, _ result: inout ChaosResult
  ) async throws {
    // While what the tool left behind still runs, and when it is over.
    if try await !faults.processes().isEmpty { _ = try await truthOfRunning(&result) }
    try faults.arm()
    for process in try await faults.processes(within: 20) {
      result.defects.append("left behind: \(process)")
    }
    var command = (try? RunReport(own.output))?.next
    for _ in 1...4 {
      var takeOver = ""
      if let holder = try await holder() {
        if point.index % 4 == 1 { try await expectRefused(holder, &result) }
        // The time of waiting, as if it were over; one in four waits for it as everybody does.
        try await bench.expireLock()
        if point.index % 4 != 0 { takeOver = " --take-over-lock '\(holder)'" }
      }
      let status = try await truth(&result)
      guard result.defects.isEmpty else { return }
      let standing = try await look().standing
      let next = command ?? status?.next
      command = nil
      let isResume = next?.contains("apply --resume") == true
      let line: String
      let ending: ChaosResult.Ending
      if standing == .new, next == nil || point.command != .rollback && !isResume {
        if result.ending == .defect { result.ending = .new }
        break
      } else if standing == .old, next == nil,
        !point.finishesByGoingOn || point.command == .rollback
      {
        if result.ending == .defect { result.ending = .old }
        break
      } else if standing == .old, next == nil {
        line =
          try await applyArguments(point.shape).reduce("backbone-migrate") {
            "\($0) '\($1)'"
          } + " --namespace \(bench.namespace)"
        ending = .appliedAnew
      } else if point.finishesByGoingOn, let next {
        line = next
        ending = isResume ? .resumed : .rolledBack
      } else {
        line = "backbone-migrate rollback web --namespace \(bench.namespace)"
        ending = .rolledBack
      }
      let isStatus = line.contains("backbone-migrate status")
      let outcome = try await bench.shell(
        line + (isStatus ? "" : " --yes --output json" + takeOver))
      if isStatus { continue }
      guard outcome.status == 0, try RunReport(outcome.output).state == "done" else {
        result.defects.append(
          "\"\(line)\(takeOver)\" ended with \(Self.ending(of: outcome)): \(outcome.errorText) "
            + "\((try? RunReport(outcome.output))?.message ?? "") "
            + "\((try? RunReport(outcome.output))?.differences.map(\.canonical) ?? []); "
            + "status had said \(status?.state ?? "nothing"): \(status?.message ?? "")")
        return
      }
      result.ending = ending
      break
    }
    _ = try await truth(&result, asksElsewhere: false)
    let sight = try await look()
    guard sight.standing != .between else {
      result.defects.append("it ends half-way: \(sight.words)")
      return
    }
    if sight.standing == .new { try await expectDone(["rollback", "web"]) }
    try await bench.rollOut()
  }

  /// What `status` says while a program that was left behind is still at it.
  private func truthOfRunning(_ result: inout ChaosResult) async throws {
    let outcome = try await bench.migrate(["status", "web", "--output", "json"] + here)
    let report = try RunReport(outcome.output)
    if !report.state.isEmpty, report.state == "done" || report.state == "rolled-back",
      try await look().standing == .between
    {
      result.defects.append("status says \(report.state) while something still runs")
    }
  }

  /// Requires that nobody gets in while the lock is held.
  private func expectRefused(_ holder: String, _ result: inout ChaosResult) async throws {
    // Its time must not run out meanwhile.
    try await bench.renewLock()
    let before = try await bench.written()
    let outcome = try await bench.rollback()
    if outcome.status != 3 || outcome.run.map({ !$0.message.contains(holder) }) ?? false {
      result.defects.append("a rollback while \(holder) has the lock: \(outcome)")
    }
    if try await bench.written() != before {
      result.defects.append("a rollback that was refused changed something")
    }
  }

  private func expectNothingLost(
    _ makesClaim: Bool, _ result: inout ChaosResult
  ) async throws {
    let differences = try await bench.state().differences(from: old)
    if !differences.isEmpty {
      result.defects.append("in the end: \(differences.joined(separator: "; "))")
    }
    // One who died before anything was changed leaves a lock whose time is over; the next point
    // proves that it is free.
    let isLeft = result.ending == .old && result.own == "killed"
    if !isLeft, let holder = try await holder() {
      result.defects.append("in the end \(holder) has the lock")
    }
    if try await bench.live("secret", "credentials")["data"] != credentials {
      result.defects.append("the Secret \"credentials\" is another one")
    }
    for process in try await faults.processes(within: 5) {
      result.defects.append("left behind: \(process)")
    }
    let isNew = [.new, .resumed, .appliedAnew].contains(result.ending)
    if makesClaim, isNew || result.point.command == .rollback,
      try await bench.names(of: "persistentvolumeclaims").isEmpty
    {
      result.defects.append("the claim is gone")
    }
  }

  /// How a command ended, in a word or two.
  private static func ending(of outcome: Outcome) -> String {
    if outcome.status == 128 + 9 { return "killed" }
    let state = (try? RunReport(outcome.output))?.state ?? ""
    return state.isEmpty ? "exit \(outcome.status)" : "\(state), exit \(outcome.status)"
  }
}

/// What keeps a point from being tried.
enum ChaosError: Error, CustomStringConvertible {
  case text(String)

  var description: String {
    switch self {
    case .text(let text): text
    }
  }
}
