import ArgumentParser
import MigratePlanning
import Testing

@testable import MigrateCLI

@Suite struct RunProgressTests {
  private static let running = SampleRun.step(.backup, .running, 0, nil, nil)
  private static let done = SampleRun.step(.backup, .done, 0, 310, "kept in 2 Secrets")

  private func shown(
    _ steps: [RunDocument.Step], onTerminal: Bool, quiet: Bool = false, usesColor: Bool = false,
    width: Int = 80
  ) -> String {
    var test = TestContext()
    test.change {
      $0.errorIsTerminal = onTerminal
      $0.errorWidth = width
    }
    let progress = RunProgress(test.context, quiet: quiet, usesColor: usesColor)
    for step in steps { progress.show(step) }
    progress.end()
    #expect(test.output.all.isEmpty)
    return test.errors.all
  }

  @Test func aFinishedStepIsALine() {
    #expect(
      shown([Self.running, Self.done], onTerminal: false) == "✓ backup  kept in 2 Secrets  0.3 s\n")
    let others = [
      SampleRun.step(.prepare, .skipped, 0, 0, "nothing to prepare"),
      SampleRun.step(.helm, .failed, 0, 12_000, nil),
    ]
    #expect(
      shown(others, onTerminal: false) == "– prepare  nothing to prepare\n✗ helm  12 s\n")
  }

  @Test func onATerminalAStepThatGoesOnIsReplaced() {
    let clear = "\r\u{1B}[K"
    #expect(
      shown([Self.running, Self.done], onTerminal: true)
        == "\(clear)… backup\(clear)✓ backup  kept in 2 Secrets  0.3 s\n\(clear)")
  }

  @Test func theTurnBackIsSaid() {
    let steps = [SampleRun.step(.helm, .failed, 0, 12_000, "no"), Self.running, Self.done]
    #expect(
      shown(steps, onTerminal: false)
        == "✗ helm  no  12 s\nand back again:\n✓ backup  kept in 2 Secrets  0.3 s\n")
  }

  @Test func aStepThatTakesLongShowsItsTime() async throws {
    var test = TestContext()
    test.change { $0.errorIsTerminal = true }
    let progress = RunProgress(test.context, quiet: false, usesColor: false)
    progress.show(SampleRun.step(.wait, .running, 0, nil, "0 of 1 Pods are new"))
    while test.errors.all.firstMatch(of: /… wait  [0-9]+ s  0 of 1 Pods are new/) == nil {
      try await Task.sleep(for: .milliseconds(20))
    }
    progress.end()
    let written = test.errors.all
    try await Task.sleep(for: .milliseconds(1_200))
    #expect(test.errors.all == written)
  }

  @Test func whereLinesStayOnlyWhatIsNewAfterAWhileIsWritten() {
    let waits = (0..<3).map { SampleRun.step(.wait, .running, 0, nil, "\($0) of 2 Pods are new") }
    #expect(shown(waits, onTerminal: false).isEmpty)
  }

  @Test(arguments: [true, false])
  func quietIsQuiet(onTerminal: Bool) {
    #expect(shown([Self.running, Self.done], onTerminal: onTerminal, quiet: true).isEmpty)
  }

  @Test func onlyATerminalHasColour() {
    #expect(shown([Self.done], onTerminal: true, usesColor: true).contains("\u{1B}[32m✓\u{1B}[0m"))
    #expect(!shown([Self.done], onTerminal: false, usesColor: true).contains("\u{1B}"))
  }

  @Test(
    arguments: [
      ([], [:], true), (["--no-color"], [:], false), ([], ["NO_COLOR": "1"], false),
      (["--quiet"], [:], false),
    ] as [([String], [String: String], Bool)])
  func theOptionsSayHowStepsAreShown(
    arguments: [String], environment: [String: String], isColourful: Bool
  ) throws {
    var test = TestContext(environment: environment)
    test.change { $0.errorIsTerminal = true }
    try GlobalOptions.parse(arguments).runProgress(test.context).show(Self.done)
    #expect(test.errors.all.contains("\u{1B}[32m") == isColourful)
    #expect(test.errors.all.isEmpty == (arguments == ["--quiet"]))
  }

  @Test func aLineThatIsToBeReplacedFitsTheTerminal() {
    let detail = String(repeating: "0 of 1 Pods are ready ", count: 10)
    let step = SampleRun.step(.wait, .running, 0, nil, detail)
    let lines = shown([step], onTerminal: true, width: 40).split(separator: "\r\u{1B}[K")
    #expect(lines.map(\.count) == [39])
    #expect(lines.first?.hasPrefix("… wait  0 of 1 Pods") == true)
    #expect(lines.first?.hasSuffix("…") == true)
  }

  @Test func whatIsCutIsWrittenOutOnce() {
    var test = TestContext()
    test.change {
      $0.errorIsTerminal = true
      $0.errorWidth = 40
    }
    let progress = RunProgress(test.context, quiet: false, usesColor: false, pause: .zero)
    let reason = "0 of 1 Pods are new; forbidden: exceeded quota: few, used: pods=1"
    for detail in ["0 of 1 Pods are new", reason, reason] {
      progress.show(SampleRun.step(.wait, .running, 0, nil, detail))
    }
    progress.end()
    let cut = "… wait  0 of 1 Pods are new; forbidden…"
    let clear = "\r\u{1B}[K"
    #expect(
      test.errors.all.split(separator: clear) == [
        "… wait  0 of 1 Pods are new",
        """
        … wait  0 of 1 Pods are new;
          forbidden: exceeded quota: few, used:
          pods=1

        """, Substring(cut), Substring(cut),
      ])
  }

  @Test func whatStaysIsBrokenBetweenWords() {
    let step = SampleRun.step(.wait, .failed, 0, 100, "0 of 1 Pods are new; exceeded quota: few")
    #expect(
      shown([step], onTerminal: true, width: 30)
        == "\r\u{1B}[K✗ wait  0 of 1 Pods are new;\n  exceeded quota: few  0.1 s\n\r\u{1B}[K")
  }

  @Test func shownStepsAreNotListedAgain() {
    let run = SampleRun.failed.document
    #expect(RunTable(width: 80, usesColor: false).text(run).contains("STEPS\n"))
    let table = RunTable(width: 80, usesColor: false, listsSteps: false).text(run)
    #expect(!table.contains("STEPS") && table.contains("NEXT  "))
  }

  @Test func noDetailSteersTheTerminal() {
    let step = SampleRun.step(.helm, .failed, 0, 100, "a\u{1B}[2J\r\nb")
    #expect(shown([step], onTerminal: false) == "✗ helm  a\\u{1b}[2J\\u{d}\\nb  0.1 s\n")
  }
}
