import Foundation
import FoundationXML
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

@Suite struct PlanJUnitTests {
  @Test func theExampleReadsAsRecorded() async throws {
    let text = PlanJUnit.text(try await ExamplePlan.document())
    try Golden.expect(text, at: "junit/hand-configured.xml")
    #expect(!text.contains("sunflower-7041"))
  }

  @Test func whatKeepsFromReadyHasFailed() async throws {
    var plan = try await ExamplePlan.document()
    let ready = Tests(PlanJUnit.text(plan))
    #expect(ready.isWellFormed)
    #expect(
      ready.names.count == plan.environment.count + plan.findings.count + plan.unchecked.count)
    let failures = ready.count("failure")
    plan.environment[0].state = .changed
    plan.environment[0].explainedBy = nil
    plan.findings[0].severity = .blocker
    (plan.findings[0].resolved, plan.findings[0].acceptedBy) = (false, nil)
    let blocked = Tests(PlanJUnit.text(plan))
    #expect(blocked.count("failure") == failures + 2)
    #expect(blocked.declaredFailures == failures + 2)
  }

  @Test(arguments: ReleaseFixture.all)
  func aPlanIsReadyWhenNothingFails(_ fixture: ReleaseFixture) async throws {
    let plan = try PlanDocument(text: try await Planned.document(fixture).pretty)
    let tests = Tests(PlanJUnit.text(plan))
    #expect((plan.verdict == .ready) == (tests.count("failure") == 0))
    #expect(Set(tests.names).count == tests.names.count)
  }

  /// GitLab and others keep one test of each name.
  @Test func noTwoHaveTheSameName() async throws {
    var plan = try await ExamplePlan.document()
    var finding = plan.findings[0]
    finding.message = "variable \"FOO\" is lost"
    plan.findings += [finding, finding]
    plan.unchecked = [
      Unchecked(code: "drift", reason: "one"), Unchecked(code: "drift", reason: "two"),
    ]
    let names = Tests(PlanJUnit.text(plan)).names
    #expect(Set(names).count == names.count)
    let first = "\(finding.code.rawValue) \(finding.subject.kind)/\(finding.subject.name)"
    for name in ["\(first): \(finding.message)", "\(first): \(finding.message) (2)", "drift: two"] {
      #expect(names.contains(name), "\(name)")
    }
  }

  @Test func anythingThatAClusterSaysIsText() async throws {
    let example = try await ExamplePlan.document()
    let usual = Tests(PlanJUnit.text(example.poisoned(with: "plain")))
    for hostile in ReportPageTests.hostile + [
      "]]>", "<!ENTITY x SYSTEM \"file:///\">", "\u{0}\u{FFFF}",
    ] {
      let tests = Tests(PlanJUnit.text(example.poisoned(with: hostile)))
      #expect(tests.isWellFormed, "\(hostile.debugDescription)")
      #expect(tests.elements == usual.elements, "\(hostile.debugDescription)")
    }
  }

  /// What a CI system reads of it.
  private final class Tests: NSObject, XMLParserDelegate {
    private(set) var elements: [String] = []
    private(set) var names: [String] = []
    private(set) var declaredFailures: Int?
    private(set) var isWellFormed = false

    init(_ text: String) {
      super.init()
      let parser = XMLParser(data: Data(text.utf8))
      parser.delegate = self
      isWellFormed = parser.parse()
    }

    func count(_ element: String) -> Int { elements.count { $0 == element } }

    func parser(
      _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append(element)
      if element == "testcase", let name = attributes["name"] { names.append(name) }
      if element == "testsuites" { declaredFailures = attributes["failures"].flatMap { Int($0) } }
    }
  }
}
