import Foundation
import MigratePlanning
import Testing

/// No secret leaves the cluster: not in an argument, a child's environment, a file, the history, a
/// report or an error. What every process does on the way is in ``TracerTests``.
@Suite("Secrets")
struct SecretTests {
  /// What becomes of a text around a secret on its way through programs.
  static let spellings: [(name: String, spelled: @Sendable (String) -> String)] = [
    ("as it is", { $0 }),
    ("JSON", { JSON.string($0).canonical }),
    ("JSON in JSON", { JSON.string(JSON.string($0).canonical).canonical }),
    ("YAML in single quotes", { "'" + $0.replacing("'", with: "''") + "'" }),
    ("a shell's word", { "'" + $0.replacing("'", with: "'\\''") + "'" }),
    ("a part of a URL", { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }),
    ("Base64", { Data($0.utf8).base64EncodedString() }),
    ("Base64 behind one byte", { Data(("a" + $0).utf8).base64EncodedString() }),
    ("Base64 behind two bytes", { Data(("ab" + $0).utf8).base64EncodedString() }),
    ("hexadecimal digits", { $0.utf8.map { String($0, radix: 16) }.joined() }),
  ]

  @Test("are found by the search of these tests in every spelling")
  func areFound() {
    let secrets = PlantedSecrets()
    for secret in secrets.all where secret.text.contains(secret.core) {
      for (name, spelled) in Self.spellings {
        let text = "x" + spelled(secret.text) + "y"
        let found = secrets.leaks(in: ["here": Data(text.utf8)])
        #expect(found == ["\(secret.place) in here"], "\(name): \(text)")
      }
      for half in [secret.core.prefix(12), secret.core.suffix(12)] {
        let found = secrets.leaks(in: ["here": Data("x\(half)y".utf8)])
        #expect(found == ["\(secret.place) in here"], "half of it")
      }
    }
    #expect(secrets.leaks(in: ["here": Data((0...9999).flatMap { Array("\($0)".utf8) })]) == [])
  }

  /// Who fails in the middle of a command, and repeats what it read.
  enum Failing: CustomTestStringConvertible, Sendable {
    /// helm, with arguments that fit a pattern of a shell's `case`.
    case helm(String)
    /// The API server, at requests that fit the conditions of the fault proxy.
    case server(JSON)

    var testDescription: String {
      switch self {
      case .helm(let pattern): "helm \(pattern)"
      case .server(let conditions): "the API server at \(conditions.canonical)"
      }
    }

    static let applying: [Failing] = [
      .helm("upgrade*"),
      .server(["method": "PATCH", "path": "deployments", "dryRun": false]),
      .server(["method": "POST", "path": "secrets", "dryRun": false]),
      .server(["method": "PUT", "dryRun": false]),
    ]

    static let planning: [Failing] = [
      .helm("template*--values*"),
      .server(["dryRun": true]),
    ]

    static let goingBack: [Failing] = [
      .helm("rollback*"),
      .server(["method": "PATCH", "path": "deployments", "dryRun": false]),
      .server(["method": "PUT", "dryRun": false]),
    ]

    /// Does some work where it fails so.
    func with(
      _ bench: Workbench, _ mishap: RecordingPrograms.Mishap, isSilent: Bool = false,
      _ work: nonisolated(nonsending) (Workbench, RecordingPrograms) async throws -> Void
    ) async throws {
      switch self {
      case .helm(let pattern):
        let programs = try RecordingPrograms(
          in: bench, failing: mishap, with: pattern, isSilent: isSilent)
        try await work(bench, programs)
      case .server(let conditions):
        let programs = try RecordingPrograms(in: bench, isSilent: isSilent)
        try await Faults.with(bench) { faults in
          var rule = conditions.members
          rule["name"] = "echo"
          rule["times"] = 0
          rule["answer"] = [
            "status": 422, "reason": "Invalid",
            "echoes": mishap == .unescaped ? "unescaped" : "escaped",
          ]
          try faults.arm([.object(rule)])
          try await work(faults.proxied, programs)
          #expect(try faults.requests().contains { $0.rules.contains("echo") })
        }
      }
    }
  }

  /// Each in both ways where every helm is asked, else in one.
  static let applying = Failing.applying.enumerated().flatMap { index, failing in
    let mishaps = RecordingPrograms.Mishap.allCases
    return (HelmVersion.isEvery ? mishaps : [mishaps[index % mishaps.count]]).map { (failing, $0) }
  }

  @Test(
    "are in no error of an apply, whatever helm and the API server say", arguments: applying)
  func areInNoErrorOfAnApply(failing: Failing, mishap: RecordingPrograms.Mishap) async throws {
    let mode: ReleaseMode = mishap == .echo ? .helm3 : .helm4
    let secrets = PlantedSecrets()
    try await Workbench.with(mode) { bench in
      try await secrets.plant(in: bench)
    } _: { bench in
      let before = try await bench.state()
      var places: [String: Data] = [:]
      for output in ["table", "json"] {
        let plan = try await bench.plan("web")
        try await failing.with(bench, mishap) { bench, programs in
          let outcome = try await bench.migrate(
            ["apply", plan.id, "--yes", "--output", output] + plan.acceptances + programs.options)
          #expect([1, 3].contains(outcome.status), "\(outcome.errorText)")
          places["the output with \(output)"] = Data(outcome.output)
          places["the errors with \(output)"] = Data(outcome.errorText.utf8)
          places.merge(try programs.records()) { $1 }
        }
        try bench.expectNothingLeft()
        if try await bench.state().differences(from: before) != [] {
          let wentBack = try await bench.rollback()
          #expect(wentBack.ended(0, "done"), "\(wentBack)")
        }
      }
      places.merge(try RecordingPrograms.files(below: bench.folder + "/home")) { $1 }
      #expect(secrets.leaks(in: places).isEmpty, "\(mode)")
    }
  }

  @Test(
    "come out where they are asked for by name, into a pipe", arguments: HelmVersion.only(.helm3))
  func comeOutWhenAskedFor(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let secrets = PlantedSecrets()
      try await secrets.plant(in: bench)
      let programs = try RecordingPrograms(in: bench)
      let outcome = try await bench.migrate(
        ["plan", "web", "--namespace", bench.namespace, "--output", "values", "--with-secrets"]
          + programs.options)
      #expect([0, 2].contains(outcome.status))
      for secret in secrets.carried {
        // One is written in Base64.
        let isThere = [secret.core, secret.text].contains { outcome.text.contains($0) }
        #expect(isThere, "\(secret.place)")
      }
      for secret in secrets.stored.values {
        #expect(!outcome.text.contains(secret.core), "\(secret.place)")
      }
      var places = try programs.records()
      places["the errors"] = Data(outcome.errorText.utf8)
      places.merge(try RecordingPrograms.files(below: bench.folder + "/home")) { $1 }
      #expect(secrets.leaks(in: places).isEmpty)
      try bench.expectNothingLeft()
    }
  }

  @Test("are not written to a terminal", arguments: ["plan", "export"])
  func notToTerminal(command: String) async throws {
    try await Workbench.with(.helm4) { bench in
      let secrets = PlantedSecrets()
      try await secrets.plant(in: bench)
      let line =
        "backbone-migrate \(command) web --namespace \(bench.namespace) --with-secrets"
        + (command == "plan" ? " --output values" : "")
      let outcome = try await bench.run("script", ["-q", "-e", "-c", line, "/dev/null"])
      #expect(outcome.status == 3)
      #expect(outcome.text.contains("terminal"))
      #expect(secrets.leaks(in: ["the terminal": Data(outcome.output)]).isEmpty)
    }
  }

  @Test(
    "are in no error of a plan, whatever helm and the API server say",
    arguments: Failing.planning, RecordingPrograms.Mishap.allCases)
  func areInNoErrorOfAPlan(failing: Failing, mishap: RecordingPrograms.Mishap) async throws {
    // Every other failure on each helm: what is said is ours either way.
    try await Workbench.with(mishap == .echo ? .helm3 : .helm4) { bench in
      let secrets = PlantedSecrets()
      try await secrets.plant(in: bench)
      var places: [String: Data] = [:]
      try await failing.with(bench, mishap) { bench, programs in
        for extra in [["--output", "json"], ["--output", "table", "--verbose"]] {
          let outcome = try await bench.migrate(
            ["plan", "web", "--namespace", bench.namespace] + programs.options + extra)
          #expect(outcome.status != 0)
          places["the output with \(extra)"] = Data(outcome.output)
          places["the errors with \(extra)"] = Data(outcome.errorText.utf8)
          try bench.expectNothingLeft()
        }
        places.merge(try programs.records()) { $1 }
      }
      places.merge(try RecordingPrograms.files(below: bench.folder + "/home")) { $1 }
      #expect(secrets.leaks(in: places).isEmpty)
    }
  }

  /// Options with a secret that the operator types himself.
  static let typed = [
    ["--set", "config.adminToken=SECRET"],
    ["--set", "extraEnv=[{name: MY_API_KEY, value: SECRET}]"],
    ["--set", "extraEnv=[{name: DATABASE, value: 'postgres://mqtt:SECRET@db/mqtt'}]"],
  ]

  @Test("that are given by option are not repeated", arguments: typed)
  func notRepeated(options: [String]) async throws {
    try await Workbench.with(.helm3) { bench in
      try await bench.installReady(.appLabel)
      var random = SplitMix64(seed: .random(in: 0...UInt64.max))
      let core = random.word(24)
      let outcomes = try await [
        bench.migrate(
          ["plan", "web", "--namespace", bench.namespace, "--output", "json"]
            + options.map { $0.replacing("SECRET", with: core) }),
        bench.migrate(
          ["plan", "web", "--namespace", bench.namespace]
            + options.map { $0.replacing("SECRET", with: core) }),
      ]
      for outcome in outcomes {
        #expect([0, 2].contains(outcome.status), "\(outcome.errorText)")
        #expect(!outcome.text.contains(core))
        #expect(!outcome.errorText.contains(core))
      }
      let files = try RecordingPrograms.files(below: bench.folder + "/home")
      #expect(files.values.allSatisfy { $0.firstRange(of: Data(core.utf8)) == nil })

      // The commands want the secret filled in again; what stands for it must not become one.
      let plan = try PlanReport(outcomes[0].output)
      for command in plan.commands { _ = try await bench.shell(command) }
      let container = try await bench.liveContainer("web")
      #expect(!container.canonical.contains("<redacted>"))
    }
  }
}

extension Workbench {
  /// Requires that nothing is left in the folder for temporary files.
  fileprivate func expectNothingLeft() throws {
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporaryFolder).isEmpty)
  }
}
