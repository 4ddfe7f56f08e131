import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// docs/run.schema.json against what a run is.
@Suite struct RunSchemaTests {
  private static let file = ReleaseFixture.tests.deletingLastPathComponent()
    .appending(path: "docs/run.schema.json")

  private let schema: JSONSchema

  init() throws { schema = try JSONSchema(at: Self.file) }

  /// What is printed is described: a new key belongs into the schema and docs/contract.md.
  @Test(arguments: SampleRun.all)
  func everyRunFitsTheSchema(_ run: SampleRun) throws {
    let document = try JSONReader().value(Array(try run.document.json.pretty.utf8))
    #expect(schema.problems(of: document) == [])
    #expect(schema.problems(of: document, isClosed: true) == [])
  }

  /// Every key is printed, `null` where there is nothing, and is read back.
  @Test(arguments: SampleRun.all)
  func aRunIsReadBackAsItWasPrinted(_ run: SampleRun) throws {
    #expect(try RunDocument(text: run.document.json.pretty) == run.document)
  }

  @Test func everyWordOfTheCodeIsInTheSchema() throws {
    let json = try JSONReader().value([UInt8](try Data(contentsOf: Self.file)))
    func words(_ keys: String...) -> Set<String> {
      var value: JSON? = json
      for key in keys { value = value?[key] }
      return Set((value?["enum"]?.elements ?? []).compactMap(\.string))
    }
    #expect(words("properties", "kind") == Set(RunDocument.Kind.allCases.map(\.rawValue)))
    #expect(words("properties", "state") == Set(RunDocument.State.allCases.map(\.rawValue)))
    #expect(
      words("$defs", "step", "properties", "name")
        == Set(RunDocument.StepName.allCases.map(\.rawValue)))
    for word in words("$defs", "step", "properties", "state") {
      #expect(RunDocument.Step.State(rawValue: word) != nil)
    }
    #expect(words("$defs", "dimension") == Set(Dimension.allCases.map(\.rawValue)))
    #expect(
      words("$defs", "finding", "properties", "severity")
        == Set(Finding.Severity.allCases.map(\.rawValue)))
    #expect(
      words("$defs", "change", "properties", "object", "properties", "change")
        == Set(ObjectChange.Kind.allCases.map(\.rawValue)))
  }

  private static let breakages: [(path: String, value: JSON?)] = [
    ("schema", nil), ("schema", "backbone-migrate/plan/v1"), ("id", nil), ("id", "plan-abc"),
    ("kind", "upgrade"), ("dryRun", "no"), ("state", "over"), ("state", .null), ("message", nil),
    ("message", 3), ("startedAt", "2026-03-01"), ("startedAt", .null), ("finishedAt", nil),
    ("finishedAt", "later"), ("release", .null), ("release.name", ""),
    ("release.fromRevision", .null), ("release.toRevision", nil), ("release.toRevision", "4"),
    ("release.clusterID", nil), ("release.context", nil), ("plan", nil), ("plan.id", "run-abc"),
    ("plan.digest", "sha256:abc"), ("backup", nil), ("backup", "plan-abc"), ("steps", .null),
    ("steps.0.name", "dance"), ("steps.0.state", "foretold"), ("steps.0.startedAt", .null),
    ("steps.0.finishedAt", nil), ("steps.0.detail", nil), ("findings.0.code", "Not A Code"),
    ("findings.0.severity", "fatal"), ("findings.0.before", nil), ("changes", nil),
    ("changes.0.object", nil), ("changes.0.object.change", "vanish"),
    ("changes.0.object.namespace", nil), ("changes.0.fields", .null),
    ("changes.0.fields.0.path", ""), ("changes.0.fields.0.before", nil),
    ("changes.0.fields.0.after", nil), ("differences", .null), ("next", nil), ("next", []),
  ]

  @Test(arguments: breakages)
  func aBrokenRunDoesNotFit(path: String, value: JSON?) throws {
    try expectProblems(try SampleRun.previewed.document.json, path, value)
  }

  @Test(
    arguments: [
      ("differences.0.object", .null), ("differences.0.object.kind", ""),
      ("differences.0.object.namespace", nil), ("differences.0.path", nil),
      ("differences.0.expected", nil), ("differences.0.found", nil),
    ] as [(path: String, value: JSON?)])
  func aBrokenDifferenceDoesNotFit(path: String, value: JSON?) throws {
    try expectProblems(try SampleRun.differs.document.json, path, value)
  }

  private func expectProblems(_ document: JSON, _ path: String, _ value: JSON?) throws {
    let keys = path.split(separator: ".").map(String.init)
    let broken = document.changed(keys[...], value)
    #expect(broken != document)
    let problems = schema.problems(of: broken)
    let place = "/" + keys.joined(separator: "/")
    #expect(
      problems.contains { place.hasPrefix($0.prefix { $0 != ":" }) || $0.hasPrefix(place) },
      "\(problems)")
  }

  @Test(arguments: ["later", "release.later", "steps.0.later"])
  func aKeyOfALaterVersionFits(path: String) throws {
    let later = try SampleRun.previewed.document.json
      .changed(path.split(separator: ".").map(String.init)[...], ["x": 1])
    #expect(schema.problems(of: later) == [])
    #expect(schema.problems(of: later, isClosed: true).count == 1)
  }
}
