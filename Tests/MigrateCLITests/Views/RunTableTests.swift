import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What the operator sees of a run, character by character.
@Suite struct RunTableTests {
  private static let folder = ReleaseFixture.tests.appending(path: "Golden/runs")

  /// UPDATE_GOLDEN=1 records the files anew; a missing one fails.
  @Test(arguments: SampleRun.all)
  func everyRunReadsAsRecorded(_ run: SampleRun) throws {
    let file = Self.folder.appending(path: "\(run.name).txt")
    let text = RunTable(width: 80, usesColor: false).text(run.document)
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let recorded = try #require(
      try? String(contentsOf: file, encoding: .utf8),
      "\(run.name).txt is missing; record it with UPDATE_GOLDEN=1")
    #expect(text == recorded)
  }

  @Test func everyRecordedFileIsOfARun() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
    #expect(Set(files) == Set(SampleRun.all.map { "\($0.name).txt" }))
  }

  @Test(arguments: SampleRun.all)
  func noLineIsLongerThanTheTerminal(_ run: SampleRun) {
    for width in [60, 80, 100, 120] {
      let shown = RunTable(width: width, usesColor: false).text(run.document)
      // A command is copied as it is, so it is not broken.
      let text = shown.split(separator: /\n(?:NEXT|BACK)\s/).first ?? ""
      let long = text.split(separator: "\n").filter { $0.count > width }
      #expect(long.isEmpty, "\(long)")
    }
  }

  @Test(arguments: SampleRun.all)
  func coloursOnlyColour(_ run: SampleRun) {
    let colourful = RunTable(width: 80, usesColor: true).text(run.document)
    #expect(colourful.contains("\u{1B}["))
    #expect(
      colourful.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        == RunTable(width: 80, usesColor: false).text(run.document))
  }

  @Test func theStateComesFirstAndTheCommandLast() throws {
    let lines = RunTable(width: 80, usesColor: false).text(SampleRun.failed.document)
      .split(separator: "\n")
    #expect(lines.first?.hasPrefix("FAILED  the apply to release \"web\"") == true)
    #expect(lines[1].hasPrefix("helm upgrade web failed with status 1:"))
    #expect(lines.last == "NEXT  backbone-migrate rollback run-k3m8p2vd --namespace mqtt")
  }

  /// Whatever a stranger writes into an object, no line of it reaches the terminal as a command.
  @Test(arguments: ["\u{1B}[2J", "\r", "\n  ✓ verify", "\u{9B}31m", "\u{202E}", "\u{7}", "\u{0}"])
  func noTextSteersTheTerminal(text: String) throws {
    for run in SampleRun.all {
      // As no reader lets it in: with ids that are none.
      let poisoned = try JSONDecoder().decode(
        RunDocument.self,
        from: Data(Self.poisoned(try run.document.json, with: text).canonical.utf8))
      for usesColor in [false, true] {
        let shown = RunTable(width: 80, usesColor: usesColor).text(poisoned)
          .replacing(/\u{1B}\[(0|1|1;[0-9]+|[0-9]{2})m/, with: "")
        #expect(
          !shown.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control }
        )
        #expect(!shown.contains("\u{202E}"))
        #expect(!shown.contains("\n  ✓ verify\n"))
      }
    }
  }

  /// Puts text after every string that is no word of the contract.
  private static func poisoned(_ json: JSON, with text: String, key: String = "") -> JSON {
    let words: Set = ["schema", "state", "change", "code", "dimension", "severity"]
    switch json {
    case .string(let string):
      // A step's name is a word, an object's is not.
      let isWord = words.contains(key) || RunDocument.StepName(rawValue: string) != nil
      return .string(isWord || RunDocument.Kind(rawValue: string) != nil ? string : string + text)
    case .array(let elements): return .array(elements.map { poisoned($0, with: text, key: key) })
    case .object(let members):
      return .object(
        Dictionary(
          uniqueKeysWithValues: members.map { ($0, poisoned($1, with: text, key: $0)) }))
    default: return json
    }
  }

  @Test func aRunOfManyWordsSurvivesATerminalOfNone() {
    for run in SampleRun.all {
      #expect(
        RunTable(width: 0, usesColor: false).text(run.document)
          == RunTable(width: 60, usesColor: false).text(run.document))
    }
  }

  @Test(
    arguments: [
      ("a", "b", "a", "b"), (.null, "b", nil, "b"), ("a", .null, "a", nil),
      ("", " ", "\"\"", "\" \""),
      ("1", 1, "\"1\"", "1"), ("true", true, "\"true\"", "true"), ("null", "-", "\"null\"", "-"),
      ("{}", [:], "\"{}\"", "{}"), ("1e3", [1], "\"1e3\"", "[1]"),
      ("\"a\"", "a", "\"\\\"a\\\"\"", "a"),
      ("abcdefghijkl", .null, "abcdefghi…", nil),
      ("abcdefghijkl", "abcdefghijkm", "…jkl", "…jkm"),
      ("abXdefghijkl", "abYdefghijkl", "abXdefghi…", "abYdefghi…"),
      ("abcdefghijkl", "abcdefghijklmnopqrstuv", "…kl", "…klmnopqr…"),
    ] as [(JSON, JSON, String?, String?)])
  func aLongFieldIsCutWhereItIsTheSame(
    before: JSON, after: JSON, shownBefore: String?, shownAfter: String?
  ) {
    let sides = FieldSides(before: before, after: after, width: 10)
    #expect(sides.before == shownBefore)
    #expect(sides.after == shownAfter)
  }

  @Test(
    arguments: [
      (0, "0.0 s"), (49, "0.0 s"), (50, "0.1 s"), (300, "0.3 s"), (9949, "9.9 s"), (9950, "10 s"),
      (59_499, "59 s"), (59_500, "1 min 0 s"), (125_000, "2 min 5 s"), (3_600_000, "1 h 0 min"),
      (5_430_000, "1 h 30 min"), (-5000, "0.0 s"),
    ])
  func aDurationIsForPeople(milliseconds: Int, words: String) {
    #expect(SampleRun.step(.helm, .done, 0, milliseconds, nil).duration == words)
  }

  @Test func whatIsNotOverHasNoDuration() {
    #expect(SampleRun.step(.helm, .running, 0, nil, nil).duration == nil)
    #expect(SampleRun.step(.helm, .skipped, 0, 500, nil).duration == nil)
    #expect(SampleRun.running.document.duration == nil)
    var odd = SampleRun.done.document
    odd.startedAt = "yesterday"
    #expect(odd.duration == nil)
  }
}
