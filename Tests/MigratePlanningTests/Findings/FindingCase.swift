import MigratePlanning
import Testing

@testable import PlanSamples

/// A release, and whether one finding is made of it: a case in which the finding is due, or a near
/// miss in which it is not.
struct FindingCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let code: FindingCode
  /// The severity of the finding; nil when there must be none.
  var severity: Finding.Severity?
  var isResolved = false
  var acceptedBy: String?
  /// Words of the message.
  var words = ""
  /// How many there are.
  var count = 1
  var release = SampleRelease()
  var chart = FakeChart()
  var choices = Choices()
  var answers = ServerAnswers.nothingAmiss()
  var sink = true

  /// A case in which the finding is due.
  static func due(
    _ code: FindingCode, _ name: String, _ severity: Finding.Severity, _ words: String = "",
    change: (inout FindingCase) throws -> Void = { _ in }
  ) throws -> FindingCase {
    var finding = FindingCase(testDescription: "\(code): \(name)", code: code)
    finding.severity = severity
    finding.words = words
    try change(&finding)
    return finding
  }

  /// A case that only looks like one.
  static func nearMiss(
    _ code: FindingCode, _ name: String, change: (inout FindingCase) throws -> Void = { _ in }
  ) throws -> FindingCase {
    var finding = FindingCase(testDescription: "\(code), near miss: \(name)", code: code)
    try change(&finding)
    return finding
  }

  /// Plans the release and compares.
  func check() async throws {
    let chart = chart
    let recipe = try SampleRecipe.recipe { if !sink { $0.sink = nil } }
    let situation = try Planning.situation(release, chart: chart, recipe: recipe, choices: choices)
    let plan = try await Planning.plan(situation, reply: .answered(answers)) { values in
      chart.render(values, release: release.name, namespace: release.namespace)
    }
    let findings = plan.findings(code)
    guard let severity else {
      #expect(findings.map(\.message) == [])
      return
    }
    #expect(findings.count == count, "\(findings.map(\.message))")
    guard let finding = findings.first(where: { $0.message.contains(words) }) else {
      Issue.record("no finding says \"\(words)\": \(findings.map(\.message))")
      return
    }
    #expect(finding.severity == severity)
    #expect(finding.isResolved == isResolved)
    #expect(finding.acceptedBy == acceptedBy)
    #expect(
      finding.message.first?.isUppercase == false || finding.message.hasPrefix("ServiceA")
        || finding.message.contains(/^[A-Z][A-Za-z]+[ \/]/), "\(finding.message)")
    #expect(!finding.message.hasSuffix(".") && !finding.message.contains("\n"))
    if finding.isOpen, severity != .info { #expect(finding.remedy != nil) }
  }
}
