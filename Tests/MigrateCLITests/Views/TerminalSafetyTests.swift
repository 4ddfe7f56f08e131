import ArgumentParser
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

@Suite struct TerminalSafetyTests {
  /// Scalars that a terminal obeys, that no reader sees, or that turn the direction of writing.
  private static let hostile: [Unicode.Scalar] = (0...0x10FFFF).compactMap(Unicode.Scalar.init)
    .filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }

  @Test func everyHostileCharacterIsShownAsAnEscape() {
    #expect(Self.hostile.count > 200)
    let raw = Self.hostile.filter { scalar in
      let shown = TextLayout.visible("a\(String(scalar))b")
      return shown.unicodeScalars.contains(scalar) || !shown.hasPrefix("a\\")
        || !shown.hasSuffix("b")
    }
    #expect(raw.map { String($0.value, radix: 16) } == [])
  }

  @Test(arguments: ["plain", "grüße", "日本語", "👍", "a → b", "–", "\"quoted\"", "\\"])
  func everythingElseStays(text: String) {
    #expect(TextLayout.visible(text) == text)
  }

  @Test(arguments: ReleaseFixture.all)
  func nothingHostileReachesTheTableRaw(_ fixture: ReleaseFixture) async throws {
    let document = try PlanDocument(
      text: try await Planned.document(fixture).pretty)
    let table = PlanTable(width: 80, usesColor: false)
    for start in stride(from: 0, to: Self.hostile.count, by: 40) {
      let scalars = Self.hostile[start..<min(start + 40, Self.hostile.count)]
      let text = " " + scalars.map { String($0) + "x" }.joined()
      let shown = table.text(document.poisoned(with: text))
      let raw = Set(scalars).intersection(shown.unicodeScalars).subtracting(["\n"])
      #expect(raw.map { String($0.value, radix: 16) } == [])
    }
  }

  /// What programs read keeps its meaning, and is looked at on terminals and in pull requests, too.
  @Test(arguments: ReleaseFixture.all)
  func nothingHostileReachesOtherFormatsRaw(_ fixture: ReleaseFixture) async throws {
    let document = try PlanDocument(text: try await Planned.document(fixture).pretty)
    // Beyond the first plane there are tags that no terminal knows.
    let hostile = Self.hostile.filter { $0.value < 0x10000 }
    for start in stride(from: 0, to: hostile.count, by: 80) {
      let scalars = hostile[start..<min(start + 80, hostile.count)]
      var plan = document.poisoned(with: " " + scalars.map { String($0) + "x" }.joined())
      plan.values = ["a": .string(scalars.map { String($0) + "x" }.joined())]
      let texts = [
        "JSON": try plan.json.pretty, "YAML": try PlanYAML.text(plan),
        "Markdown": PlanMarkdown.text(plan, isKept: true),
        "HTML": try ReportPage.text(Report(plan, isKept: true)),
      ]
      for (format, text) in texts {
        let raw = Set(scalars).intersection(text.unicodeScalars).subtracting(["\n"])
        #expect(raw.map { String($0.value, radix: 16) } == [], "\(format)")
      }
      #expect(try JSONReader().value(Array(texts["JSON", default: ""].utf8)) == plan.json)
      #expect(try YAMLReader().document(texts["YAML", default: ""]) == plan.json)
    }
  }

  @Test func aLineBreakInAChartsNameBeginsNoValues() async throws {
    let fixture = try #require(ReleaseFixture.all.first)
    var hostile = try PlanDocument(text: try await Planned.document(fixture).pretty)
    for text in ["\nevil: true\n", "\r\nevil: true", "\u{85}evil: true", "\u{2028}evil: true"] {
      hostile.target.chart.name = "x" + text
      hostile.target.chart.version = "1" + text
      let shown = ValuesView.text(hostile.values, lacksSecrets: true, of: hostile)
      #expect(try YAMLReader().document(shown) == hostile.values)
    }
  }

  private static let escapes = "a\u{1B}[2J\u{9B}31m\rb\nREADY\u{202E}\u{7}"

  private static func isTame(_ text: String) -> Bool {
    !text.unicodeScalars.contains { $0 != "\n" && hostile.contains($0) }
      && !text.contains("\nREADY")
  }

  @Test func theCommandsThatAreRunAreShownAndNotObeyed() async throws {
    let test = TestContext(run: { _ in CommandResult(status: 0, output: []) })
    let global = try GlobalOptions.parse(["--verbose", "--kube-context", Self.escapes])
    _ = try? await global.kubectlClient(test.context).version()
    #expect(test.errors.all.contains("kubectl version"))
    #expect(Self.isTame(test.errors.all))
  }

  @Test func progressAndWarningsAreShownAndNotObeyed() throws {
    var test = TestContext()
    test.change { $0.errorIsTerminal = true }
    Progress(test.context, try GlobalOptions.parse([])).show("rendering chart \(Self.escapes)")
    test.context.warn("the cluster says \(Self.escapes)")
    let shown = test.errors.all.replacing("\r\u{1B}[K", with: "")
    #expect(shown.contains("warning: "))
    #expect(Self.isTame(shown))
  }

  @Test(arguments: ReleaseFixture.all)
  func aLongTextBreaksNoLine(_ fixture: ReleaseFixture) async throws {
    var document = try PlanDocument(text: try await Planned.document(fixture).pretty)
    let long = String(repeating: "long-", count: 60)
    document.release.name = String(long.prefix(53))
    document.release.namespace = String(long.prefix(63))
    document.release.revision = 1000
    document.target.chart.source = long
    for index in document.environment.indices {
      document.environment[index].name += long
      document.environment[index].after = .string(long)
    }
    for index in document.overrides.indices {
      document.overrides[index].name += long
      document.overrides[index].manager = long
    }
    for index in document.settings.indices {
      if document.settings[index].dimension == .environment {
        document.settings[index].name += long
      }
      document.settings[index].after = .string(long)
    }
    for index in document.findings.indices { document.findings[index].message += long }
    for index in document.unchecked.indices { document.unchecked[index].reason = long }
    for index in document.objects.indices { document.objects[index].name = long }
    let shown = PlanTable(width: 80, usesColor: false).text(document)
    let lines = (shown.split(separator: "\nNEXT").first ?? "").split(separator: "\n")
    #expect(lines.filter { $0.count > 80 } == [])
  }
}
