import Foundation
import MigratePlanning
import Testing

/// No secret leaves the cluster: not in an argument, a child's environment, a file, the history, a
/// report or an error.
@Suite("Secrets")
struct SecretTests {
  @Test("are found by the search of these tests in every spelling")
  func areFound() {
    let secrets = PlantedSecrets()
    for secret in secrets.all {
      for prefix in ["", "a", "ab"] {
        let base64 = Data((prefix + secret.text).utf8).base64EncodedString()
        for text in [prefix + secret.text, JSON.string(secret.text).canonical, "x\(base64)y"] {
          #expect(secrets.leaks(in: ["here": Data(text.utf8)]) == ["\(secret.place) in here"])
        }
      }
    }
  }

  @Test("are in no report, argument, environment, file or history", arguments: HelmVersion.allCases)
  func areNowhere(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let secrets = PlantedSecrets()
      try await secrets.plant(in: bench)
      let programs = try RecordingPrograms(in: bench)
      let plan = ["plan", "web", "--namespace", bench.namespace] + programs.options
      var commandLines = ["table", "json", "yaml", "markdown", "values"].map {
        plan + ["--output", $0]
      }
      commandLines += [
        plan + ["--verbose"],
        plan + ["--output", "json", "--out", bench.folder + "/plan.json"],
        ["export", "web", "--namespace", bench.namespace] + programs.options,
      ]
      var places: [String: Data] = [:]
      for line in commandLines {
        let outcome = try await bench.migrate(line)
        #expect([0, 2].contains(outcome.status), "\(line): \(outcome.errorText)")
        places["the output of \(line)"] = Data(outcome.output)
        places["the errors of \(line)"] = Data(outcome.errorText.utf8)
        try bench.expectNothingLeft()
      }
      let id = try await bench.plan("web").id
      for format in ["table", "json"] {
        let outcome = try await bench.migrate("history", id, "--output", format).succeeded()
        places["history as \(format)"] = Data(outcome.output)
      }
      places["plan.json"] = try Data(contentsOf: URL(filePath: bench.folder + "/plan.json"))
      places.merge(try RecordingPrograms.files(below: bench.folder + "/home")) { $1 }
      let records = try programs.records()
      #expect(records.count > 40)
      places.merge(records) { $1 }
      #expect(places.keys.contains { $0.hasSuffix("history.sqlite") })
      #expect(secrets.leaks(in: places).isEmpty)
    }
  }

  @Test("are nowhere on the way there and back", arguments: ReleaseMode.allCases)
  func areNowhereOnTheWay(mode: ReleaseMode) async throws {
    let secrets = PlantedSecrets()
    try await Workbench.with(mode) { bench in
      try await secrets.plant(in: bench)
    } _: { bench in
      let before = try await bench.state()
      let programs = try RecordingPrograms(in: bench)
      var places: [String: Data] = [:]
      func run(_ arguments: [String], _ status: Int) async throws {
        let outcome = try await bench.migrate(
          arguments + ["--namespace", bench.namespace] + programs.options)
        #expect(outcome.status == status, "\(arguments): \(outcome.errorText)")
        places["the output of \(arguments)"] = Data(outcome.output)
        places["the errors of \(arguments)"] = Data(outcome.errorText.utf8)
        try bench.expectNothingLeft()
      }
      let plan = try await bench.plan("web")
      let apply = ["apply", plan.id] + plan.acceptances
      for format in ["table", "json"] {
        try await run(apply + ["--dry-run", "--output", format], 0)
      }
      try await run(apply + ["--yes", "--verbose"], 0)
      for format in ["table", "json"] {
        try await run(["status", "web", "--output", format], 0)
        try await run(["rollback", "web", "--dry-run", "--output", format], 0)
      }
      try await run(["rollback", "web", "--yes", "--output", "json"], 0)
      try await run(["history", "web", "--output", "json"], 0)
      #expect(try await bench.state().differences(from: before) == [])
      places.merge(try RecordingPrograms.files(below: bench.folder + "/home")) { $1 }
      let records = try programs.records()
      #expect(records.count > 80)
      places.merge(records) { $1 }
      #expect(places.keys.contains { $0.hasSuffix("history.sqlite") })
      #expect(secrets.leaks(in: places).isEmpty, "\(mode)")
    }
  }

  /// Calls of an apply that fail, and print what they read.
  static let applying = ["upgrade*", "patch*", "create*", "replace*"]

  @Test(
    "are in no error of an apply, whatever a program prints", arguments: applying,
    RecordingPrograms.Mishap.allCases)
  func areInNoErrorOfAnApply(pattern: String, mishap: RecordingPrograms.Mishap) async throws {
    let mode: ReleaseMode = mishap == .echo ? .helm3 : .helm4
    let secrets = PlantedSecrets()
    try await Workbench.with(mode) { bench in
      try await secrets.plant(in: bench)
    } _: { bench in
      let before = try await bench.state()
      let programs = try RecordingPrograms(in: bench, failing: mishap, with: pattern)
      var places: [String: Data] = [:]
      for output in ["table", "json"] {
        let plan = try await bench.plan("web")
        let outcome = try await bench.migrate(
          ["apply", plan.id, "--yes", "--output", output] + plan.acceptances + programs.options)
        #expect([1, 3].contains(outcome.status), "\(outcome.errorText)")
        places["the output with \(output)"] = Data(outcome.output)
        places["the errors with \(output)"] = Data(outcome.errorText.utf8)
        try bench.expectNothingLeft()
        if try await bench.state().differences(from: before) != [] {
          let wentBack = try await bench.rollback()
          #expect(wentBack.ended(0, "done"), "\(wentBack)")
        }
      }
      places.merge(try RecordingPrograms.files(below: bench.folder + "/home")) { $1 }
      places.merge(try programs.records()) { $1 }
      #expect(secrets.leaks(in: places).isEmpty, "\(mode)")
    }
  }

  @Test("come out where they are asked for by name, into a pipe", arguments: HelmVersion.allCases)
  func comeOutWhenAskedFor(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let secrets = PlantedSecrets()
      try await secrets.plant(in: bench)
      let programs = try RecordingPrograms(in: bench)
      let outcome = try await bench.migrate(
        ["plan", "web", "--namespace", bench.namespace, "--output", "values", "--with-secrets"]
          + programs.options)
      #expect(outcome.status == 2)
      for secret in secrets.carried {
        #expect(outcome.text.contains(secret.core), "\(secret.place)")
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

  /// A program that fails, and which of its calls.
  struct Failure: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let pattern: String
    let mishap: RecordingPrograms.Mishap

    static let all = RecordingPrograms.Mishap.allCases.flatMap { mishap in
      [
        ("helm template", "template*--values*"), ("kubectl get", "get*--filename*"),
        ("kubectl --dry-run", "*--dry-run=server*"),
      ].map {
        Failure(testDescription: "\($0) with \"\(mishap)\"", pattern: $1, mishap: mishap)
      }
    }
  }

  @Test("are in no error, whatever a program prints", arguments: Failure.all)
  func areInNoError(failure: Failure) async throws {
    // Every other failure on each helm: what prints is our script either way.
    let helm: HelmVersion = failure.mishap == .echo ? .helm3 : .helm4
    try await Workbench.with(helm) { bench in
      let secrets = PlantedSecrets()
      try await secrets.plant(in: bench)
      let programs = try RecordingPrograms(
        in: bench, failing: failure.mishap, with: failure.pattern)
      var places: [String: Data] = [:]
      for extra in [["--output", "json"], ["--output", "table", "--verbose"]] {
        let outcome = try await bench.migrate(
          ["plan", "web", "--namespace", bench.namespace] + programs.options + extra)
        #expect(outcome.status != 0)
        places["the output with \(extra)"] = Data(outcome.output)
        places["the errors with \(extra)"] = Data(outcome.errorText.utf8)
        try bench.expectNothingLeft()
      }
      places.merge(try RecordingPrograms.files(below: bench.folder + "/home")) { $1 }
      places.merge(try programs.records()) { $1 }
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
