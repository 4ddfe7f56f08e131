import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// docs/doctor.schema.json against what doctor says.
@Suite struct DoctorSchemaTests {
  private static let file = ReleaseFixture.tests.deletingLastPathComponent()
    .appending(path: "docs/doctor.schema.json")

  private let schema: JSONSchema

  init() throws { schema = try JSONSchema(at: Self.file) }

  /// What is printed is described: a new key belongs into the schema and docs/contract.md.
  @Test(arguments: SampleSurroundings.all)
  func everyDocumentFitsTheSchema(_ sample: SampleSurroundings) throws {
    let document = try JSONReader().value(Array(try sample.document.json.pretty.utf8))
    #expect(schema.problems(of: document) == [])
    #expect(schema.problems(of: document, isClosed: true) == [])
  }

  @Test func everyWordOfTheCodeIsInTheSchema() throws {
    let json = try JSONReader().value([UInt8](try Data(contentsOf: Self.file)))
    func words(_ key: String) -> Set<String> {
      Set(
        (json["$defs"]?["check"]?["properties"]?[key]?["enum"]?.elements ?? [])
          .compactMap(\.string))
    }
    #expect(words("name") == Set(DoctorDocument.CheckName.allCases.map(\.rawValue)))
    #expect(words("state") == Set(DoctorDocument.State.allCases.map(\.rawValue)))
  }

  @Test(
    arguments: [
      ("schema", nil), ("schema", "backbone-migrate/doctor/v2"), ("works", "yes"),
      ("namespace", .null), ("namespace", ""), ("release", nil), ("release", 3),
      ("checks", .null), ("checks.0", "helm"), ("checks.0.name", "moon"),
      ("checks.0.state", "fine"), ("checks.0.message", ""), ("checks.0.remedy", nil),
      ("checks.0.missing", nil), ("checks.6.missing.0.verb", ""),
      ("checks.6.missing.0.group", nil), ("checks.6.missing.0.resource", nil),
      ("checks.6.missing.0.namespace", nil),
    ] as [(path: String, value: JSON?)])
  func aBrokenDocumentDoesNotFit(path: String, value: JSON?) throws {
    let sample = try #require(SampleSurroundings.all.first { $0.name == "limited" })
    let document = try sample.document.json
    let broken = document.changed(path.split(separator: ".").map(String.init)[...], value)
    #expect(broken != document)
    #expect(schema.problems(of: broken) != [])
  }

  @Test(arguments: ["later", "checks.0.later"])
  func aKeyOfALaterVersionFits(path: String) throws {
    let document = try SampleSurroundings.all[0].document.json
    let later = document.changed(path.split(separator: ".").map(String.init)[...], ["x": 1])
    #expect(schema.problems(of: later) == [])
    #expect(schema.problems(of: later, isClosed: true).count == 1)
  }
}
