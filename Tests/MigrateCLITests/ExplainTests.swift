import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What a command wrote.
private final class Recorder: @unchecked Sendable {
  private let lock = NSLock()
  private var text = ""

  func write(_ more: String) { lock.withLock { text += more } }
  var written: String { lock.withLock { text } }
}

struct ExplainTests {
  @Test func plainKeepsASentenceOnItsLine() {
    let page = explain("default-changed", isTerminal: true, plain: true).output
    #expect(!page.contains("\u{1B}"))
    #expect(page.split(separator: "\n").contains { $0.count > 100 })
  }

  private func explain(
    _ code: String?, width: Int = 80, isTerminal: Bool = false, noColor: Bool = false,
    plain: Bool = false
  ) -> (status: MigrateCLI.ExitStatus?, output: String, failure: CommandFailure?) {
    let output = Recorder()
    var context = CommandContext.live
    context.environment = [:]
    context.writeOutput = output.write
    context.outputIsTerminal = isTerminal
    context.width = width
    var command = ExplainCommand()
    command.code = code
    command.noColor = noColor
    command.plain = plain
    do throws(CommandFailure) {
      let status = try command.explain(in: context)
      return (status, output.written, nil)
    } catch {
      return (nil, output.written, error)
    }
  }

  @Test func everyCodeIsListedWithItsSummary() {
    let result = explain(nil)
    #expect(result.status == .done)
    let words = result.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for page in Catalogue.pages { #expect(words.contains("\(page.code) \(page.summary)")) }
  }

  @Test(arguments: Catalogue.pages.map(\.code))
  func aPageHasItsThreePartsAndFitsTheTerminal(code: String) {
    let output = explain(code).output
    for title in ["WHAT IT MEANS", "WHY IT HAPPENS", "HOW TO RESOLVE IT"] {
      #expect(output.contains("\n\(title)\n"))
    }
    for line in output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(!output.contains("\u{1B}"))
  }

  @Test func aWideTerminalIsNotFilledToItsEdge() {
    let output = explain("default-changed", width: 300).output
    #expect(output.split(separator: "\n").map(\.count).max() ?? 0 <= 100)
  }

  @Test func colourStandsForBackticksOnATerminal() {
    let output = explain("default-changed", isTerminal: true).output
    #expect(output.contains("\u{1B}[36mK8S_ENABLED\u{1B}[0m"))
    #expect(!output.contains("`"))
    let plain = explain("default-changed", isTerminal: true, noColor: true).output
    #expect(!plain.contains("\u{1B}"))
  }

  @Test(arguments: [
    ("defualt-changed", "did you mean \"default-changed\"?"),
    ("non-root", "did you mean \"runs-as-non-root\"?"),
    ("xyzzy", "\"backbone-migrate explain\" lists all of them"),
    ("", "\"backbone-migrate explain\" lists all of them"),
    ("\u{1B}[2J", "there is no finding \"\\u{1b}[2J\""),
  ])
  func anUnknownCodeIsWrongUsageAndNearOnesAreNamed(code: String, hint: String) {
    let result = explain(code)
    #expect(result.output.isEmpty)
    #expect(result.failure?.status == .wrongUsage)
    #expect(result.failure?.message.contains(hint) == true)
  }
}
