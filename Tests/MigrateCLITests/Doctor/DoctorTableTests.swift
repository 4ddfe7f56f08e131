import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What the operator sees of the surroundings, character by character.
@Suite struct DoctorTableTests {
  private static let folder = ReleaseFixture.tests.appending(path: "Golden/doctor")

  /// UPDATE_GOLDEN=1 records the files anew; a missing one fails.
  @Test(arguments: SampleSurroundings.all)
  func everyTableReadsAsRecorded(_ sample: SampleSurroundings) throws {
    let file = Self.folder.appending(path: "\(sample.name).txt")
    let text = DoctorTable(width: 80, usesColor: false).text(sample.document)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let recorded = try #require(
      try? String(contentsOf: file, encoding: .utf8),
      "\(sample.name).txt is missing; record it with UPDATE_GOLDEN=1")
    #expect(text == recorded)
  }

  @Test func everyRecordedFileIsOfASample() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
    #expect(Set(files) == Set(SampleSurroundings.all.map { "\($0.name).txt" }))
  }

  @Test(arguments: SampleSurroundings.all, [60, 80, 120])
  func noLineIsLongerThanTheTerminal(_ sample: SampleSurroundings, width: Int) {
    let text = DoctorTable(width: width, usesColor: false).text(sample.document)
    #expect(text.split(separator: "\n").filter { $0.count > width } == [])
  }

  @Test(arguments: SampleSurroundings.all)
  func coloursOnlyColour(_ sample: SampleSurroundings) {
    let colourful = DoctorTable(width: 80, usesColor: true).text(sample.document)
    #expect(colourful.contains("\u{1B}["))
    #expect(
      colourful.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        == DoctorTable(width: 80, usesColor: false).text(sample.document))
  }

  /// What a cluster or a program answers is shown, not obeyed.
  @Test(arguments: ["\u{1B}[2J", "\r", "\n  ✓ apply", "\u{9B}31m", "\u{202E}", "\u{7}"])
  func noAnswerSteersTheTerminal(text: String) {
    let found = SampleSurroundings.make(release: true) { found in
      found.helm = .success("4.3.1\(text)")
      found.server = .failure(.other("odd\(text)"))
      found.context = .success(Surroundings.Context(name: "kind\(text)", namespace: nil))
      found.phase = .failure(.other("odd\(text)"))
      found.historyPath += text
      found.history = .present(problems: ["page\(text)"], isOpenToOthers: false)
      found.release?.state = .success(
        SampleSurroundings.state(status: "odd\(text)", unknown: ["Kind\(text)"]))
    }
    let document = Diagnosis(found, place: "", now: SampleSurroundings.now).document
    let shown = DoctorTable(width: 80, usesColor: false).text(document)
    #expect(
      !shown.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    #expect(!shown.contains("\u{202E}"))
    #expect(!shown.contains("\n  ✓ apply\n"))
  }
}
