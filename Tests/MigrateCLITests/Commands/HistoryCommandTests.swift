import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// `history` on real SQLite files.
@Suite struct HistoryCommandTests {
  /// A copy of a history with two plans of one release and one of another.
  private static func withPlans<Value>(
    _ work: (String) async throws -> Value
  ) async throws -> Value {
    try await TestFolder.with { folder in
      for (name, data) in try await PlannedHistory.shared.files() {
        try data.write(to: URL(filePath: folder + "/" + name))
      }
      return try await work(folder + "/history.sqlite")
    }
  }

  private func list(
    _ arguments: [String], in file: String
  ) async throws -> (code: Int32, output: String, errors: String) {
    let test = TestContext(width: 100)
    let command = try HistoryCommand.List.parse(arguments + ["--history", file])
    let code = await test.exitCode { try command.list(in: $0) }
    return (code, test.output.all, test.errors.all)
  }

  private func prune(
    _ arguments: [String], in file: String, days: Double = 0
  ) async throws -> (code: Int32, output: String) {
    var test = TestContext()
    test.change { context in
      context.now = { Date(timeIntervalSince1970: 1_772_359_200 + days * 86_400) }
    }
    let command = try HistoryCommand.Prune.parse(arguments + ["--history", file])
    let code = await test.exitCode { try command.prune(in: $0) }
    return (code, test.output.all)
  }

  @Test func anEmptyHistoryIsNoError() async throws {
    try await TestFolder.with { folder in
      let file = folder + "/none/history.sqlite"
      let shown = try await list([], in: file)
      #expect(shown.code == 0)
      #expect(shown.output.contains("no plans yet"))
      #expect(!FileManager.default.fileExists(atPath: file))
      let json = try await list(["-o", "json"], in: file)
      #expect(try JSONReader().value(Array(json.output.utf8))["plans"] == [])
    }
  }

  @Test(
    arguments: [
      (["wab"], "no plan or run of release \"wab\"; did you mean \"web\"?"),
      (["nothing-like-it"], "make a plan with \"backbone-migrate plan nothing-like-it\""),
      (
        ["web", "--namespace", "elsewhere"], "in namespace \"elsewhere\"; there is one in namespace"
      ),
    ])
  func aReleaseThatNobodyPlannedIsNamed(arguments: [String], words: String) async throws {
    try await Self.withPlans { file in
      let shown = try await list(arguments, in: file)
      #expect(shown.code == 0)
      #expect(shown.output.contains(words), "\(shown.output)")
    }
  }

  @Test func plansAreListedTheNewestFirst() async throws {
    try await Self.withPlans { file in
      let shown = try await list([], in: file)
      let lines = shown.output.split(separator: "\n").map(String.init)
      #expect(
        lines == [
          "ID              WHEN                  WHAT      STATE      RELEASE",
          "plan-x7k2m9qc   2026-03-03 10:00 UTC  plan      attention  iot-prod/broker.prod → 0.2.0",
          "plan-x7k2m9qb   2026-03-02 10:00 UTC  plan      attention  mqtt/web → 0.2.0",
          "plan-x7k2m9qa   2026-03-01 10:00 UTC  plan      attention  mqtt/web → 0.2.0",
        ])
    }
  }

  @Test(
    arguments: [
      ([], 3), (["web"], 2), (["broker.prod"], 1), (["other"], 0), (["-n", "mqtt"], 2),
      (["web", "-n", "iot-prod"], 0), (["--limit", "1"], 1),
    ] as [([String], Int)])
  func plansAreChosenByReleaseNamespaceAndLimit(arguments: [String], count: Int) async throws {
    try await Self.withPlans { file in
      let shown = try await list(arguments + ["-o", "json"], in: file)
      let json = try JSONReader().value(Array(shown.output.utf8))
      #expect(json["schema"] == "backbone-migrate/history/v1")
      #expect(json["plans"]?.elements.count == count)
    }
  }

  /// Adds runs to a history: a dry run and an apply of the plan of 1 March, and a rollback.
  private static func addRuns(to file: String) throws {
    let store = try HistoryStore.open(
      at: file, schema: try HistorySchema.embedded(version: BackboneMigrate.version))
    defer { store.close() }
    for (id, day, sample) in [
      ("run-aaaaaaaa", "01T10:05", SampleRun.previewed), ("run-bbbbbbbb", "01T11:00", .failed),
      ("run-cccccccc", "02T10:00", .rollback),
    ] {
      var run = sample.document
      run.id = id
      run.startedAt = DocumentTime(text: "2026-03-\(day):00.000Z")
      run.finishedAt = DocumentTime(text: "2026-03-\(day):09.000Z")
      try store.record(try RunRecord(run))
    }
  }

  @Test func oneOfThemIsShownAsAReport() async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      for (id, words) in [("plan-x7k2m9qa", "ATTENTION"), ("run-bbbbbbbb", "FAILED")] {
        let shown = try await list([id, "-o", "html"], in: file)
        #expect(shown.code == 0)
        #expect(shown.output.hasPrefix("<!doctype html>"))
        #expect(shown.output.contains("</span>\(words)</p>"))
      }
    }
  }

  @Test func aPlanIsShownInEveryFormat() async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      let json = try await list(["plan-x7k2m9qa", "-o", "json"], in: file)
      let plan = try PlanDocument(text: json.output)
      for (format, text) in [
        ("yaml", try PlanYAML.text(plan)), ("junit", PlanJUnit.text(plan)),
        ("markdown", PlanMarkdown.text(plan, isKept: true)),
      ] {
        let shown = try await list(["plan-x7k2m9qa", "-o", format], in: file)
        #expect(shown.code == 0 && shown.output == text, "\(format)")
        let run = try await list(["run-bbbbbbbb", "-o", format], in: file)
        #expect(run.code == 64 && run.output.isEmpty)
        #expect(run.errors.contains("-o \(format) is for plans"), "\(run.errors)")
      }
    }
  }

  @Test(arguments: ["html", "yaml", "markdown", "junit"])
  func aReportOnAllOfThemIsRefused(format: String) async throws {
    try await Self.withPlans { file in
      let shown = try await list(["-o", format], in: file)
      #expect(shown.code == 64)
      #expect(shown.output.isEmpty)
      #expect(shown.errors.contains("name its id"))
    }
  }

  @Test func runsStandBesidePlansAsTheyHappened() async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      let shown = try await list([], in: file)
      let lines = shown.output.split(separator: "\n").map(String.init)
      #expect(
        lines == [
          "ID              WHEN                  WHAT      STATE      RELEASE",
          "plan-x7k2m9qc   2026-03-03 10:00 UTC  plan      attention  iot-prod/broker.prod → 0.2.0",
          "run-cccccccc    2026-03-02 10:00 UTC  rollback  done       mqtt/web, revision 4 → 5",
          "plan-x7k2m9qb   2026-03-02 10:00 UTC  plan      attention  mqtt/web → 0.2.0",
          "run-bbbbbbbb    2026-03-01 11:00 UTC  apply     failed     mqtt/web, revision 3",
          "run-aaaaaaaa    2026-03-01 10:05 UTC  apply     foretold   mqtt/web, revision 3",
          "plan-x7k2m9qa   2026-03-01 10:00 UTC  plan      attention  mqtt/web → 0.2.0",
        ])
      let few = try await list(["--limit", "2"], in: file)
      #expect(few.output.split(separator: "\n").map(String.init) == Array(lines.prefix(3)))
    }
  }

  @Test(
    arguments: [
      ([], 3, 3), (["web"], 2, 3), (["broker.prod"], 1, 0), (["-n", "mqtt"], 2, 3),
      (["web", "-n", "iot-prod"], 0, 0), (["--limit", "1"], 1, 1),
    ] as [([String], Int, Int)])
  func runsAreChosenAsPlansAre(arguments: [String], plans: Int, runs: Int) async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      let shown = try await list(arguments + ["-o", "json"], in: file)
      let json = try JSONReader().value(Array(shown.output.utf8))
      #expect(json["plans"]?.elements.count == plans)
      #expect(json["runs"]?.elements.count == runs)
    }
  }

  @Test func theKeysOfAListedRunMeanWhatTheyMeanInARun() async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      let shown = try await list(["--limit", "1", "-o", "json"], in: file)
      let run = try #require(
        try JSONReader().value(Array(shown.output.utf8))["runs"]?.elements.first)
      let whole = try await list(["run-cccccccc", "-o", "json"], in: file)
      let document = try JSONReader().value(Array(whole.output.utf8))
      for key in ["id", "kind", "dryRun", "state", "startedAt", "finishedAt", "release"] {
        #expect(run[key] != nil && run[key] == document[key], "\(key)")
      }
      #expect(run["plan"]?["id"] == document["plan"]?["id"])
      #expect(run.members.count == 8)
    }
  }

  @Test func aRunIsShownWhole() async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      let json = try await list(["run-bbbbbbbb", "-o", "json"], in: file)
      let document = try RunDocument(text: json.output)
      #expect(document.id == "run-bbbbbbbb" && document.state == .failed)
      #expect(try document.json.pretty + "\n" == json.output)
      let table = try await list(["run-bbbbbbbb"], in: file)
      #expect(table.output == RunTable(width: 100, usesColor: false).text(document))
    }
  }

  @Test(
    arguments: [
      (
        "run-aaaabaaa", "run \"run-aaaabaaa\" is not in the history; did you mean \"run-aaaaaaaa\"?"
      ),
      (
        "run-zzzzzzzz",
        "is not in the history; a dry run is not kept; see \"backbone-migrate history\""
      ),
    ])
  func anUnknownRunIsAnErrorWithAHint(id: String, words: String) async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      let shown = try await list([id], in: file)
      #expect(shown.code == 1)
      #expect(shown.errors.contains(words), "\(shown.errors)")
      #expect(shown.output.isEmpty)
    }
  }

  /// An id wins over a release of that name, but a release may be called like an id.
  @Test func aReleaseMayBeCalledLikeAnID() async throws {
    try await TestFolder.with { folder in
      let file = folder + "/history.sqlite"
      let store = try HistoryStore.open(
        at: file, schema: try HistorySchema.embedded(version: BackboneMigrate.version))
      var run = SampleRun.done.document
      run.release.name = "run-1"
      try store.record(try RunRecord(run))
      store.close()
      let shown = try await list(["run-1"], in: file)
      #expect(shown.code == 0)
      #expect(shown.output.contains("mqtt/run-1, revision 3 → 4"))
    }
  }

  @Test(
    arguments: [
      (["--keep", "0", "--dry-run"], "2 plans and 2 runs would be removed\n", 6),
      (["--keep", "0"], "2 plans and 2 runs removed\n", 2),
      (["--keep", "1"], "0 plans and 0 runs removed\n", 6),
    ] as [([String], String, Int)])
  func oldRunsAreRemovedUnlessTheyNeedHelp(
    arguments: [String], words: String, left: Int
  ) async throws {
    try await Self.withPlans { file in
      try Self.addRuns(to: file)
      let pruned = try await prune(arguments, in: file, days: 200)
      #expect(pruned.code == 0)
      #expect(pruned.output == words)
      let lines = try await list([], in: file).output.split(separator: "\n").dropFirst()
      #expect(lines.count == left)
      // The failed run stays, and its plan with it.
      #expect(lines.contains { $0.contains("run-bbbbbbbb") })
      #expect(lines.contains { $0.contains("plan-x7k2m9qa") })
    }
  }

  @Test func oneOfThemIsShownWhole() async throws {
    try await Self.withPlans { file in
      let json = try await list(["plan-x7k2m9qa", "-o", "json"], in: file)
      let document = try PlanDocument(text: json.output)
      #expect(document.id == "plan-x7k2m9qa" && document.release.name == "web")
      let table = try await list(["plan-x7k2m9qa"], in: file)
      #expect(table.output == PlanTable(width: 100, usesColor: false).text(document))
    }
  }

  @Test func whatIsKeptHoldsNoSecret() async throws {
    try await TestFolder.with { folder in
      let file = folder + "/history.sqlite"
      let test = TestContext(
        run: RenderedOnce.shared.run, input: try ReleaseFixture(name: "secrets").text,
        environment: ["BACKBONE_MIGRATE_HELM": try RealHelm.four.executable])
      let command = try PlanCommand.parse([
        "--from", "-", "--history", file, "--set", "extraEnv=[{name: A_TOKEN, value: hunter2}]",
      ])
      _ = await test.exitCode { try await command.plan(in: $0) }
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
        let bytes = try Data(contentsOf: URL(filePath: folder + "/" + name))
        #expect(bytes.range(of: Data("hunter2".utf8)) == nil, "\(name)")
        #expect(bytes.range(of: Data("plan-x7k2m9qa".utf8)) != nil || name.contains("-"))
      }
      let store = try HistoryStore.openForReading(
        at: file, schema: try HistorySchema.embedded(version: BackboneMigrate.version))
      let marks = try store.marks(ofPlan: "plan-x7k2m9qa")
      #expect(!marks.isEmpty)
      #expect(marks["ADMIN_TOKEN"] != nil, "\(marks.keys.sorted())")
    }
  }

  @Test(
    arguments: [
      ("plan-x7k2m9qz", "did you mean \"plan-x7k2m9q"),
      ("plan-x7k2", "did you mean \"plan-x7k2m9q"),
      ("plan-qqqqqqqq", "see \"backbone-migrate history\""),
    ])
  func anUnknownIdIsAnErrorWithAHint(id: String, words: String) async throws {
    try await Self.withPlans { file in
      let shown = try await list([id], in: file)
      #expect(shown.code == 1)
      #expect(shown.errors.contains("plan \"\(id)\" is not in the history"))
      #expect(shown.errors.contains(words), "\(shown.errors)")
      #expect(shown.output.isEmpty)
    }
  }

  @Test(
    arguments: [
      ([], 0.0, "0 plans and 0 runs removed\n", 3),
      (["--older-than", "0"], 10, "1 plan and 0 runs removed\n", 2),
      (["--older-than", "0", "--keep", "0"], 10, "3 plans and 0 runs removed\n", 0),
      (["--older-than", "0", "--keep", "5"], 10, "0 plans and 0 runs removed\n", 3),
      (["--older-than", "9", "--keep", "0"], 10, "1 plan and 0 runs removed\n", 2),
      (
        ["--older-than", "0", "--keep", "0", "--dry-run"], 10,
        "3 plans and 0 runs would be removed\n", 3
      ),
      ([], 200, "1 plan and 0 runs removed\n", 2),
    ] as [([String], Double, String, Int)])
  func oldPlansAreRemoved(
    arguments: [String], days: Double, words: String, left: Int
  ) async throws {
    try await Self.withPlans { file in
      let pruned = try await prune(arguments, in: file, days: days)
      #expect(pruned.code == 0)
      #expect(pruned.output == words)
      let json = try await list(["-o", "json"], in: file)
      let plans = try JSONReader().value(Array(json.output.utf8))["plans"]?.elements
      #expect(plans?.count == left)
    }
  }

  @Test func aFileThatIsNoHistoryIsAnErrorAndStays() async throws {
    try await TestFolder.with { folder in
      let file = folder + "/notes.txt"
      let text = String(repeating: "not a database\n", count: 100)
      try Data(text.utf8).write(to: URL(filePath: file))
      let shown = try await list([], in: file)
      #expect(shown.code == 1)
      #expect(shown.errors.contains("is not an SQLite database"))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }
  }

  @Test func aPlanThatIsNotSavedIsNotInTheHistory() async throws {
    try await TestFolder.with { folder in
      let file = folder + "/history.sqlite"
      _ = try await Planned.run(["--history", file], on: try ReleaseFixture(name: "plain").text)
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }
}

/// Makes a history of three plans once, as the command does.
private actor PlannedHistory {
  static let shared = PlannedHistory()

  private var made: Task<[String: Data], any Error>?

  /// The files of the history: SQLite may keep some beside it.
  func files() async throws -> [String: Data] {
    if let made { return try await made.value }
    let task = Task { try await Self.make() }
    made = task
    return try await task.value
  }

  private static func make() async throws -> [String: Data] {
    try await TestFolder.with { folder in
      for (index, name) in ["plain", "plain", "awkward"].enumerated() {
        var test = TestContext(
          run: RenderedOnce.shared.run, input: try ReleaseFixture(name: name).text,
          environment: ["BACKBONE_MIGRATE_HELM": try RealHelm.four.executable])
        test.change { context in
          context.now = { Date(timeIntervalSince1970: 1_772_359_200 + Double(index) * 86_400) }
          context.randomText = { _ in "x7k2m9q\(["a", "b", "c"][index])" }
        }
        let command = try PlanCommand.parse([
          "--from", "-", "--history", folder + "/history.sqlite",
        ])
        let code = await test.exitCode { try await command.plan(in: $0) }
        guard code == 2 else { throw TestTrouble(test.errors.all) }
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      return try Dictionary(
        uniqueKeysWithValues: names.map { name in
          (name, try Data(contentsOf: URL(filePath: folder + "/" + name)))
        })
    }
  }
}
