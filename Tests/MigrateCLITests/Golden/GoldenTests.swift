import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

/// A fixture, seen in one format and rendered by one helm.
private struct View: CustomTestStringConvertible, Sendable {
  let fixture: ReleaseFixture
  let format: String
  let helm: RealHelm

  var testDescription: String { "\(fixture.name) as \(format) by helm \(helm.version)" }

  /// The file in Tests/Golden.
  var file: URL {
    let endings = ["table": "txt", "json": "json", "values": "yaml"]
    return ReleaseFixture.tests
      .appending(path: "Golden/\(fixture.name).\(endings[format] ?? format)")
  }

  static let all = ReleaseFixture.all.flatMap { fixture in
    ["table", "json", "values"].flatMap { format in
      RealHelm.all.map { View(fixture: fixture, format: format, helm: $0) }
    }
  }
}

/// What the operator sees of every fixture, character by character.
///
/// UPDATE_GOLDEN=1 records the files anew, with Helm 4; look at what `git diff` says of them.
@Suite struct GoldenTests {
  @Test(arguments: View.all)
  fileprivate func everyViewIsAsRecorded(_ view: View) async throws {
    let planned = try await Planned.run(
      ["--output", view.format], on: try view.fixture.text, helm: view.helm)
    let shown = planned.output.replacing(view.helm.version, with: RealHelm.four.version)
    try #require(!shown.isEmpty, "\(planned.errors)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      if view.helm == .four { try Data(shown.utf8).write(to: view.file) }
      return
    }
    let recorded = try #require(
      try? Data(contentsOf: view.file),
      "\(view.file.lastPathComponent) is missing; record it with UPDATE_GOLDEN=1")
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = String(decoding: recorded, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    for (line, pair) in zip(lines, expected).enumerated() where pair.0 != pair.1 {
      Issue.record(
        "\(view.file.lastPathComponent), line \(line + 1): \"\(pair.0)\" instead of \"\(pair.1)\"")
      return
    }
    #expect(lines.count == expected.count)
  }

  @Test func everyRecordedFileIsOfAView() throws {
    let known = Set(View.all.map(\.file.lastPathComponent))
    let folder = ReleaseFixture.tests.appending(path: "Golden").path()
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    // Each folder belongs to the tests of one view.
    #expect(
      Set(files).subtracting(known) == ["doctor", "gitops", "html", "junit", "markdown", "runs"])
    #expect(ReleaseFixture.all.count >= 8)
  }

  /// The exit code says the verdict, and standard error says nothing.
  @Test(arguments: ReleaseFixture.all)
  func theExitCodeSaysTheVerdict(_ fixture: ReleaseFixture) async throws {
    let planned = try await Planned.run(["--output", "json"], on: try fixture.text)
    let verdict = try PlanDocument(text: planned.output).verdict
    #expect(planned.exitCode == [.ready: 0, .attention: 2, .blocked: 3][verdict])
    #expect(planned.errors.isEmpty)
  }

  @Test(arguments: ReleaseFixture.all)
  func noLineOfATableIsLongerThanTheTerminal(_ fixture: ReleaseFixture) async throws {
    let document = try PlanDocument(text: try await Planned.document(fixture).pretty)
    for width in [80, 100, 120] {
      let shown = PlanTable(width: width, usesColor: false).text(document)
      // Commands are copied as they are, so they are not broken.
      let text = shown.split(separator: "\nNEXT").first ?? ""
      let long = text.split(separator: "\n").filter { $0.count > width }
      #expect(long.isEmpty, "\(long)")
    }
  }

  @Test(arguments: ReleaseFixture.all)
  func coloursOnlyColour(_ fixture: ReleaseFixture) async throws {
    let document = try PlanDocument(text: try await Planned.document(fixture).pretty)
    let colourful = PlanTable(width: 80, usesColor: true).text(document)
    #expect(colourful.contains("\u{1B}["))
    #expect(
      colourful.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        == PlanTable(width: 80, usesColor: false).text(document))
  }

  @Test func onATerminalThereIsColourUnlessItIsSwitchedOff() async throws {
    let text = try ReleaseFixture(name: "plain").text
    let shown = try await Planned.run([], on: text, outputIsTerminal: true)
    #expect(shown.output.contains("\u{1B}["))
    let plain = try await Planned.run(["--no-color"], on: text, outputIsTerminal: true)
    #expect(!plain.output.contains("\u{1B}"))
  }

  /// The credentials of every fixture contain this word.
  @Test(arguments: ReleaseFixture.all)
  func noViewShowsACredential(_ fixture: ReleaseFixture) async throws {
    let json = try await Planned.document(fixture).pretty
    let table = PlanTable(width: 200, usesColor: false).text(try PlanDocument(text: json))
    let values = try await Planned.run(["--output", "values"], on: try fixture.text).output
    for shown in [json, table, values] { #expect(!shown.contains("hunter2")) }
  }
}
