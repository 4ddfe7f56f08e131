import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

/// docs/plan.schema.json against what the command prints.
@Suite struct PlanSchemaTests {
  private static let file = ReleaseFixture.tests.deletingLastPathComponent()
    .appending(path: "docs/plan.schema.json")

  private let schema: JSONSchema

  init() throws { schema = try JSONSchema(at: Self.file) }

  @Test(arguments: ReleaseFixture.all, RealHelm.all)
  func everyPlanFitsTheSchema(_ fixture: ReleaseFixture, _ helm: RealHelm) async throws {
    let document = try await Planned.document(fixture, helm: helm)
    #expect(schema.problems(of: document) == [])
  }

  /// What is printed is described: a new key belongs into the schema and docs/contract.md.
  @Test(arguments: ReleaseFixture.all)
  func everyKeyOfAPlanIsInTheSchema(_ fixture: ReleaseFixture) async throws {
    let document = try await Planned.document(fixture)
    #expect(schema.problems(of: document, isClosed: true) == [])
  }

  @Test func choicesFitTheSchema() async throws {
    let fixture = try #require(ReleaseFixture.all.first { $0.name == "awkward" })
    let document = try await Planned.document(
      fixture,
      [
        "--set", "podAnnotations.a=x", "--set", "config.httpPort=9100", "--adopt", "k8s.enabled",
        "--adopt", "value-unsupported", "--container", "backbone",
      ])
    #expect(schema.problems(of: document, isClosed: true) == [])
  }

  @Test func everyWordOfTheCodeIsInTheSchema() throws {
    let json = try JSONSchemaText.read(Self.file)
    func words(_ keys: String...) -> Set<String> {
      var value: JSON? = json
      for key in keys { value = value?[key] }
      return Set((value?["enum"]?.elements ?? []).compactMap(\.string))
    }
    #expect(words("properties", "verdict") == Set(Plan.Verdict.allCases.map(\.rawValue)))
    #expect(words("$defs", "dimension") == Set(Dimension.allCases.map(\.rawValue)))
    #expect(
      words("$defs", "finding", "properties", "severity")
        == Set(Finding.Severity.allCases.map(\.rawValue)))
    #expect(
      words("$defs", "objectChange", "properties", "change")
        == Set(ObjectChange.Kind.allCases.map(\.rawValue)))
    let path = try ValuePath("a")
    let carriers: [Carrier] = [
      .targetDefault, .value(path), .sink(path), .live, .dropped, .nothing,
    ]
    #expect(words("$defs", "setting", "properties", "carrier") == Set(carriers.map(\.name)))
    #expect(
      words("$defs", "override", "properties", "disposition")
        == Set(carriers.map(\.disposition)))
    #expect(
      words("$defs", "override", "properties", "kind")
        == Set(Reference.Kind.allCases.map(\.contractName) + ["literal", "envFrom"]))
    let code = try Regex(json["$defs"]?["code"]?["pattern"]?.string ?? "")
    for finding in FindingCode.allCases {
      #expect(try code.firstMatch(in: finding.rawValue) != nil)
    }
  }

  private static let breakages: [(path: String, value: JSON?)] = [
    ("schema", nil), ("schema", "backbone-migrate/plan/v2"), ("id", nil), ("id", "run-abc"),
    ("id", 3), ("digest", "sha256:abc"), ("digest", .null), ("createdAt", "2026-03-01"),
    ("createdAt", "2026-03-01T10:00:00+01:00"), ("verdict", "maybe"), ("verdict", .null),
    ("release", .null), ("release.name", nil), ("release.name", ""), ("release.revision", "3"),
    ("release.revision", .number("1.5")), ("release.context", nil), ("release.chart", "backbone"),
    ("release.chart.version", nil), ("target.applyMethod", "magic"), ("target.helmVersion", "v4"),
    ("target.chart.digest", nil), ("target.chart.source", nil), ("overrides", .null),
    ("overrides.0.kind", "secret"), ("overrides.0.sensitive", "yes"), ("overrides.0.manager", nil),
    ("overrides.0.provenance", "nobody"), ("overrides.0.disposition", "lost"),
    ("overrides.0", "HTTP_PORT"), ("environment.0.state", "other"), ("environment.0.before", nil),
    ("environment.0.before", 9000), ("environment.0.before", ["secretKeyRef": ["name": "x"]]),
    ("environment.0.after", ["unknown": ""]), ("environment.0.after", ["moonRef": [:]]),
    ("environment.0.after", [3]), ("environment.0.explainedBy", "Not A Code"),
    ("environment.0.explainedBy", nil), ("settings.0.dimension", "moon"),
    ("settings.0.carrier", "hope"), ("settings.0.byDefault", nil), ("settings.0.subject", nil),
    ("settings.0.subject.namespace", nil), ("settings.0.path", 3), ("findings.0.code", ""),
    ("findings.0.severity", "fatal"), ("findings.0.message", ""), ("findings.0.resolved", .null),
    ("findings.0.acceptedBy", nil), ("findings.0.remedy", false), ("unchecked", [:]),
    ("unchecked.0.reason", nil), ("unchecked.0.code", 3), ("objects.0.change", "vanish"),
    ("objects.0.namespace", nil), ("objects.0.kind", ""), ("interruption", nil),
    ("interruption.kind", "brief"), ("interruption.brokersOverlap", 0),
    ("interruption.estimateSeconds", "20"), ("interruption.estimateSeconds", nil),
    ("values", .null), ("values", []), ("commands", "helm upgrade"), ("commands.0", .null),
  ]

  @Test(arguments: breakages)
  func aBrokenPlanDoesNotFit(path: String, value: JSON?) async throws {
    let fixture = try #require(ReleaseFixture.all.first { $0.name == "plain" })
    let document = try await Planned.document(fixture)
    let keys = path.split(separator: ".").map(String.init)
    let broken = document.changed(keys[...], value)
    #expect(broken != document)
    let problems = schema.problems(of: broken)
    let place = "/" + keys.joined(separator: "/")
    #expect(
      problems.contains { place.hasPrefix($0.prefix { $0 != ":" }) || $0.hasPrefix(place) },
      "\(problems)")
  }

  @Test(arguments: ["later", "release.later", "findings.0.later"])
  func aKeyOfALaterVersionFits(path: String) async throws {
    let fixture = try #require(ReleaseFixture.all.first { $0.name == "plain" })
    let document = try await Planned.document(fixture)
    let later = document.changed(path.split(separator: ".").map(String.init)[...], ["x": 1])
    #expect(schema.problems(of: later) == [])
    #expect(schema.problems(of: later, isClosed: true).count == 1)
  }
}

/// Reads the text of a schema.
private enum JSONSchemaText {
  static func read(_ file: URL) throws -> JSON {
    try JSONDecoder().decode(JSON.self, from: try Data(contentsOf: file))
  }
}
