import ArgumentParser
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What a screen reader reads aloud: words in the place of signs and columns, a sentence on a line,
/// and nothing that changes.
@Suite struct PlainTests {
  private static let signs: Set<Character> = [
    "✓", "✗", "…", "–", "~", "→", "=", "!", "?", "+", "-",
  ]

  private func expectWords(_ text: String) {
    #expect(!text.contains("\u{1B}"))
    for line in text.split(separator: "\n") {
      let words = line.trimmingPrefix { $0 == " " }
      let isOption = words.hasPrefix("--")
      #expect(isOption || words.first.map(Self.signs.contains) == false, "\(line)")
    }
  }

  @Test(arguments: ReleaseFixture.all)
  func aPlanIsWords(_ fixture: ReleaseFixture) async throws {
    let shown = try await Planned.run(
      ["--plain"], on: try fixture.text, outputIsTerminal: true
    ).output
    expectWords(shown)
    let environment = shown.split(separator: "\n\n").first { $0.hasPrefix("ENVIRONMENT") }
    #expect((environment == nil) == (fixture.name == "migrated"))
    let rows = (environment ?? "").split(separator: "\n").dropFirst()
    #expect(rows.allSatisfy { !$0.dropFirst(2).contains("  ") }, "\(rows)")
    #expect(
      shown.split(separator: "\n\n")[0].split(separator: "\n").allSatisfy { !$0.contains("→") })
  }

  @Test(arguments: SampleRun.all)
  func aRunIsWords(_ run: SampleRun) {
    expectWords(RunTable(width: .max / 2, usesColor: false, isPlain: true).text(run.document))
  }

  @Test func stepsSayHowTheyWent() {
    let text = RunTable(width: .max / 2, usesColor: false, isPlain: true)
      .text(SampleRun.failed.document)
    #expect(text.contains("\ndone: lock, "))
    #expect(text.contains("\nfailed: helm, 1 min 15 s, helm upgrade web failed"))
  }

  @Test(arguments: SampleSurroundings.all)
  func whatDoctorFindsIsWords(_ sample: SampleSurroundings) {
    let plain = DoctorTable(width: .max / 2, usesColor: false, isPlain: true).text(sample.document)
    expectWords(plain)
    for check in sample.document.checks { #expect(plain.contains(": \(check.name.rawValue), ")) }
  }

  @Test func theEnvironmentAsksForItToo() throws {
    let spoken = TestContext(environment: ["BACKBONE_MIGRATE_PLAIN": "1"]).context
    #expect(try GlobalOptions.parse([]).isPlain(spoken))
    #expect(try !GlobalOptions.parse([]).isPlain(TestContext().context))
    #expect(try GlobalOptions.parse(["--plain"]).isPlain(TestContext().context))
  }

  @Test func progressIsLinesThatStay() throws {
    var test = TestContext()
    test.change {
      $0.errorIsTerminal = true
      $0.outputIsTerminal = true
    }
    let global = try GlobalOptions.parse(["--plain"])
    #expect(!global.usesColor(test.context))
    Progress(test.context, global).show("reading web")
    #expect(test.errors.all.isEmpty)
    let steps = global.runProgress(test.context)
    steps.show(SampleRun.step(.helm, .running, 0, nil, nil))
    steps.show(SampleRun.step(.helm, .done, 0, 1_000, "helm made revision 4"))
    steps.end()
    #expect(test.errors.all == "done: helm, helm made revision 4, 1.0 s\n")
  }
}
