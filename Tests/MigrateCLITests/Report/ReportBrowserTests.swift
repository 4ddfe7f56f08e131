import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// Reports in a real browser: what they look like, what the keyboard does, what runs.
///
/// `make screenshots` has it take the pictures of docs/images as well.
@Suite struct ReportBrowserTests {
  @Test func everyReportWorksForEveryReader() async throws {
    try await TestFolder.with { folder in
      for (name, report) in try await Self.reports() {
        try Data(try ReportPage.text(report).utf8)
          .write(to: URL(filePath: "\(folder)/\(name).html"))
      }
      let shown = ReportPageTests.hostile.map(TextLayout.visible)
      try Data(shown.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/hostile.txt"))
      let script = ReleaseFixture.tests.appending(path: "../scripts/check-report")
        .standardizedFileURL.path()
      let pictures =
        ProcessInfo.processInfo.environment["BACKBONE_SCREENSHOTS"]
        .map { ["--screenshots", $0] } ?? []
      let result = try await Subprocesses.run(
        Command(script, [folder] + pictures, limit: .seconds(600)))
      let wrong = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
      for each in wrong { Issue.record("\(each)") }
      #expect(
        result.isSuccess || !wrong.isEmpty,
        "\(result.errorText); is there a browser? \"sandbox/setup browser\" installs one")
    }
  }

  /// The reports, by the names that scripts/check-report knows.
  private static func reports() async throws -> [(String, Report)] {
    func plan(_ name: String) async throws -> PlanDocument {
      try PlanDocument(text: try await Planned.document(ReleaseFixture(name: name)).pretty)
    }
    var example = try await ExamplePlan.document()
    example.options = []
    var hostile = try await plan("awkward")
    for text in ReportPageTests.hostile { hostile = hostile.poisoned(with: " \(text) ") }
    hostile.values = ["a": .string(ReportPageTests.hostile.joined(separator: " "))]
    var long = try await plan("plain")
    long = long.poisoned(with: String(repeating: "long-", count: 60))
    return [
      ("plan", Report(example, isKept: true)), ("hostile", Report(hostile, isKept: true)),
      ("long", Report(long, isKept: true)),
      ("blocked", Report(try await plan("pending"), isKept: true)),
      ("run", Report(rolledBack)),
      ("foretold", Report(SampleRun.previewed.document)),
      (
        "status",
        Report(
          [SampleRun.differs.document, SampleRun.interrupted.document],
          title: "Where migrations stand")
      ), ("nothing", Report([], title: "No run has touched release \"web\"")),
    ]
  }

  /// An apply whose Pod did not come up, and the way back.
  private static var rolledBack: RunDocument {
    var run = SampleRun.rolledBack.document
    run.changes = SampleRun.previewed.document.changes
    run.findings = SampleRun.previewed.document.findings
    return run
  }
}
