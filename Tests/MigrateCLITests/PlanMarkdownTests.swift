import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

struct PlanMarkdownTests {
  @Test func theExampleReadsAsRecorded() async throws {
    let text = PlanMarkdown.text(try await ExamplePlan.document(), isKept: false)
    try Golden.expect(text, at: "markdown/hand-configured.md")
  }

  @Test func aPlanThatIsKeptIsAppliedByItsID() async throws {
    let plan = try await ExamplePlan.document()
    let command = try #require(plan.applyCommand)
    let text = PlanMarkdown.text(plan, isKept: true)
    #expect(text.contains("```sh\n\(command) --dry-run\n\(command)\n```"))
    #expect(!text.contains("helm alone"))
  }

  /// Its secrets are not kept, so it cannot be applied by its id.
  @Test func aPlanWithASecretIsAppliedByTheReleasesName() async throws {
    var plan = try await ExamplePlan.document()
    plan.options = ["--set", "config.adminToken=<redacted>"]
    plan.release.context = "prod"
    let start = "backbone-migrate apply broker --namespace mqtt --kube-context prod "
    #expect(
      plan.applyCommand?.text.hasPrefix(start + "--set 'config.adminToken=<redacted>'") == true,
      "\(plan.applyCommand ?? "")")
  }

  @Test func aStatusCannotScriptIt() async throws {
    var plan = try await ExamplePlan.document()
    plan.release.status = "failed\u{2066}<b>\u{1B}[2J"
    let text = PlanMarkdown.text(plan, isKept: false)
    #expect(!text.contains("<b>") && !text.contains("\u{1B}") && !text.contains("\u{2066}"))
    #expect(text.contains("failed"))
  }

  @Test func noSecretIsShown() async throws {
    let text = PlanMarkdown.text(try await ExamplePlan.document(), isKept: false)
    #expect(!text.contains("sunflower-7041"))
    #expect(text.contains("| `ADMIN_TOKEN` | *redacted* |"))
  }

  /// GitHub refuses longer comments.
  @Test(arguments: [0, 10, 100, 1_000])
  func aPlanOfAnySizeFitsIntoAComment(count: Int) async throws {
    var plan = try await ExamplePlan.document()
    let (variable, finding) = (plan.environment[0], plan.findings[0])
    for number in 0..<count {
      var more = variable
      more.name = "VARIABLE_\(number)"
      more.state = number.isMultiple(of: 2) ? .same : .changed
      plan.environment.append(more)
      var another = finding
      another.message = "finding \(number) " + String(repeating: "is long, ", count: number / 10)
      (another.resolved, another.severity) = (number.isMultiple(of: 3), .breaking)
      plan.findings.append(another)
    }
    plan.values = ["a": .string(String(repeating: "text ", count: count * 20))]
    let text = PlanMarkdown.text(plan, isKept: false)
    #expect(text.unicodeScalars.count <= PlanMarkdown.longest)
    // What has to be decided, and the counts of all, are there at any size.
    #expect(text.contains(plan.summary.capitalizedFirst))
    #expect(text.contains("### Findings") && text.contains("### Next"))
    #expect(text.contains("Cut to what fits") == (count >= 1_000))
  }

  @Test func longTextsAreCutAndCommandsAreNot() async throws {
    var plan = try await ExamplePlan.document()
    let long = String(repeating: "<@a> ", count: 3_000)
    plan = plan.poisoned(with: long)
    plan.release = try await ExamplePlan.document().release
    plan.target = try await ExamplePlan.document().target
    plan.id = "plan-x7k2m9qa"
    for index in plan.settings.indices {
      plan.settings[index].before = ["of": .array([.string(long)])]
    }
    let text = PlanMarkdown.text(plan, isKept: false)
    #expect(text.unicodeScalars.count <= PlanMarkdown.longest)
    #expect(text.contains("The commands are too long to show here"))
  }

  @Test func aBlockedPlanShowsNoCommands() async throws {
    var plan = try await ExamplePlan.document()
    plan.verdict = .blocked
    #expect(!PlanMarkdown.text(plan, isKept: false).contains("```sh"))
  }

  @Test func namesAndValuesOfAStrangerChangeNothingButTheirCells() async throws {
    let example = try await ExamplePlan.document()
    let usual = Self.shape(PlanMarkdown.text(example, isKept: false))
    var random = SeededGenerator(seed: 7)
    for _ in 0..<200 {
      let plan = example.madeAwkward(&random)
      let text = PlanMarkdown.text(plan, isKept: false)
      let shape = Self.shape(text)
      #expect(shape.bars == usual.bars)
      #expect(shape.headings == usual.headings)
      for line in shape.lines {
        #expect(Self.hasNoMarkup(line), "\(line.debugDescription)")
      }
    }
  }

  /// What a reader's program sees: the bars of each table's row, the headings, and the lines
  /// outside of fences.
  private static func shape(_ text: String) -> (bars: [Int], headings: [String], lines: [String]) {
    var bars: [Int] = []
    var headings: [String] = []
    var lines: [String] = []
    var fence: String?
    for part in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = String(part)
      if let open = fence {
        if line.hasPrefix(open) && line.allSatisfy({ $0 == "`" }) { fence = nil }
        continue
      }
      if line.hasPrefix("```") {
        fence = String(line.prefix { $0 == "`" })
        continue
      }
      lines.append(line)
      if line.hasPrefix("### ") { headings.append(line) }
      let count = part.count { $0 == "|" }
      if count > 0 { bars.append(count) }
    }
    return (bars, headings, lines)
  }

  /// Whether no tag but our own is left, and outside of code no mention and no link.
  private static func hasNoMarkup(_ line: String) -> Bool {
    var rest = line
    for tag in ["<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>", "<br>"] {
      let isCode = tag.contains("code")
      rest = rest.replacingOccurrences(of: tag, with: isCode ? "`" : " ", options: .literal)
    }
    let pieces = rest.unicodeScalars.split(separator: "`", omittingEmptySubsequences: false)
    let outside = pieces.enumerated().filter { $0.offset % 2 == 0 }.map { String($0.element) }
      .joined(separator: " ")
    return pieces.count % 2 == 1 && !rest.unicodeScalars.contains { $0 == "<" || $0 == ">" }
      && !outside.unicodeScalars.contains { "@[]\\&".unicodeScalars.contains($0) }
      && !outside.contains("://") && !outside.contains("www.")
  }
}

struct PlanYAMLTests {
  @Test func itIsTheJSONContract() async throws {
    let plan = try await ExamplePlan.document()
    #expect(try YAMLReader().document(PlanYAML.text(plan)) == plan.json)
  }

  @Test func itIsTheJSONContractWhateverTheNames() async throws {
    let example = try await ExamplePlan.document()
    var random = SeededGenerator(seed: 11)
    for _ in 0..<50 {
      let plan = example.madeAwkward(&random)
      #expect(try YAMLReader().document(PlanYAML.text(plan)) == plan.json)
    }
  }

  @Test func keysStandInTheOrderOfTheContract() async throws {
    let lines = try PlanYAML.text(try await ExamplePlan.document()).split(separator: "\n")
    let keys = lines.filter { $0.first?.isLetter == true }.map { String($0.prefix { $0 != ":" }) }
    #expect(
      keys == [
        "schema", "id", "digest", "createdAt", "verdict", "release", "target", "overrides",
        "environment", "settings", "findings", "unchecked", "objects", "interruption", "values",
        "commands", "options",
      ])
    #expect(lines.contains { $0.hasPrefix("  - code: ") })
    let release = lines.drop { $0 != "release:" }.dropFirst().prefix { $0.hasPrefix("  ") }
    #expect(
      release.filter { !$0.hasPrefix("   ") }.map { $0.trimmingPrefix("  ").prefix { $0 != ":" } }
        == ["name", "namespace", "revision", "status", "chart", "context", "clusterID"])
  }
}

extension PlanDocument {
  /// The plan with texts that nobody should choose wherever a cluster decides what they are.
  fileprivate func madeAwkward(_ random: inout SeededGenerator) -> PlanDocument {
    var plan = self
    func text() -> String { AwkwardText.make(&random).replacing("\u{FEFF}", with: "") }
    plan.release.name = text()
    plan.release.namespace = text()
    for index in plan.environment.indices {
      // Names are unique, as Kubernetes has them after its own sorting out.
      let name = text() + "\(index)"
      let old = plan.environment[index].name
      for setting in plan.settings.indices where plan.settings[setting].name == old {
        plan.settings[setting].name = name
        plan.settings[setting].path = text()
      }
      for override in plan.overrides.indices where plan.overrides[override].name == old {
        plan.overrides[override].name = name
        plan.overrides[override].manager = text()
      }
      plan.environment[index].name = name
      if plan.environment[index].before != .null {
        plan.environment[index].before = .string(text())
      }
      plan.environment[index].after = .string(text())
    }
    for index in plan.findings.indices {
      plan.findings[index].message = text() + " " + text()
      plan.findings[index].remedy = text()
    }
    for index in plan.unchecked.indices { plan.unchecked[index].reason = text() + " " + text() }
    for index in plan.objects.indices { plan.objects[index].name = text() }
    plan.values = ["extraEnv": [["name": .string(text()), "value": .string(text())]]]
    return plan
  }
}
