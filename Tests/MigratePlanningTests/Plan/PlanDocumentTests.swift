import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct PlanDocumentTests {
  private func document(
    _ release: SampleRelease, chart: FakeChart = FakeChart(), choices: Choices = Choices()
  ) async throws -> PlanDocument {
    try Planning.document(
      try await Planning.plan(release, chart: chart, choices: choices))
  }

  private static let release = SampleRelease(
    context: "prod", supplied: ["env": ["LOG_LEVEL": "debug"], "old": 1],
    env: [
      .variable("ADMIN_TOKEN", "t0ken-one"), .variable("HTTP_PORT", "9000"),
      .variable("JWT_SECRET", secret: "creds", key: "jwt"), .variable("LOG_LEVEL", "debug"),
      .variable("GREETING", "Bearer $(JWT_SECRET)"), .variable("WS_ENABLED", "1"),
    ], declaredEnv: [.variable("LOG_LEVEL", "debug")],
    container: ["resources": ["limits": ["cpu": "1"]]])

  @Test func theContractHasEveryKeyAlsoWhereThereIsNothing() async throws {
    let json = try await document(Self.release).json
    #expect(
      json.members.keys.sorted() == [
        "commands", "createdAt", "digest", "environment", "findings", "id", "interruption",
        "objects", "options", "overrides", "release", "schema", "settings", "target", "unchecked",
        "values", "verdict",
      ])
    #expect(json["schema"] == "backbone-migrate/plan/v1")
    #expect(json["release"]?["context"] == "prod")
    var unnamed = Self.release
    unnamed.context = nil
    #expect(try await document(unnamed).json["release"]?["context"] == .null)
    #expect(json["interruption"]?["estimateSeconds"] == .null)
    for finding in json["findings"]?.elements ?? [] {
      #expect(finding.members.keys.contains("acceptedBy"))
      #expect(finding.members.keys.contains("remedy"))
    }
  }

  @Test func aDocumentIsReadAsItWasWritten() async throws {
    let document = try await document(Self.release)
    for text in [try document.json.pretty, try document.json.canonical] {
      #expect(try PlanDocument(text: text) == document)
    }
  }

  @Test(arguments: SeededGenerator.seeds(60))
  func aRandomDocumentIsReadAsItWasWritten(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    let document = try await document(RandomRelease.release(&random))
    #expect(try PlanDocument(text: try document.json.pretty) == document)
  }

  @Test(arguments: ["1", "-0.5", "1.25", "12345678901234567890"])
  func numbersOfValuesKeepTheirText(number: String) async throws {
    let choices = Choices(set: [try ValuePath("resources.limits.cpu"): .number(number)])
    let document = try await document(Self.release, choices: choices)
    #expect(try PlanDocument(text: try document.json.pretty).values == document.values)
  }

  @Test func aDocumentOfAnotherVersionCanLackNullableKeys() async throws {
    var members = try await document(Self.release).json.members
    var release = members["release"]?.members ?? [:]
    release["context"] = nil
    members["release"] = .object(release)
    members["later"] = "a key of a later version"
    let read = try PlanDocument(text: JSON.object(members).canonical)
    #expect(read.release.context == nil)
  }

  @Test func overridesSayWhereTheyComeFromAndGo() async throws {
    let document = try await document(Self.release)
    func override(_ name: String) throws -> PlanDocument.Override {
      try #require(document.overrides.first { $0.name == name })
    }
    let token = try override("ADMIN_TOKEN")
    #expect(token.sensitive && token.value == nil && token.kind == "literal")
    #expect(token.provenance == "live" && token.path == "config.adminToken")
    let port = try override("HTTP_PORT")
    #expect(port.value == "9000" && !port.sensitive && port.disposition == "mapped")
    let secret = try override("JWT_SECRET")
    #expect(secret.sensitive && secret.value == nil && secret.path == "config.jwtSecretFrom")
    let level = try override("LOG_LEVEL")
    #expect(level.provenance == "values" && level.path == "extraEnv")
    #expect(try override("GREETING").sensitive)
    #expect(document.overrides.allSatisfy { $0.container == "backbone" })
  }

  @Test(
    arguments: [
      ([.variable("A", "x")], "literal"), ([.variable("A", secret: "s", key: "k")], "secretRef"),
      (
        [["name": "A", "valueFrom": ["configMapKeyRef": ["name": "c", "key": "k"]]]],
        "configMapRef"
      ),
      ([["name": "A", "valueFrom": ["fieldRef": ["fieldPath": "spec.nodeName"]]]], "fieldRef"),
      (
        [["name": "A", "valueFrom": ["resourceFieldRef": ["resource": "limits.cpu"]]]],
        "resourceFieldRef"
      ), ([], "envFrom"),
    ] as [([JSON], String)])
  func overridesAreOfTheContractsKinds(env: [JSON], kind: String) async throws {
    var release = SampleRelease(env: env)
    if env.isEmpty {
      release.envFrom = [["configMapRef": ["name": "c"]]]
      release.sourceKeys = [
        EnvironmentSource.Identity(kind: .configMap, name: "c"): .keys(["A"])
      ]
    }
    let document = try await document(release)
    #expect(document.overrides.first { $0.name == "A" }?.kind == kind)
  }

  @Test func theEnvironmentListsEveryVariableOnce() async throws {
    let document = try await document(Self.release)
    let names = document.environment.map(\.name)
    #expect(Set(names).count == names.count)
    for entry in Self.release.env {
      #expect(names.contains(entry["name"]?.string ?? ""))
    }
    #expect(names.contains("REDIS_HOST"))
  }

  @Test func aDefaultsPathIsTheHomeThatCouldChangeIt() async throws {
    let document = try await document(Self.release)
    let setting = try #require(document.settings.first { $0.name == "REDIS_HOST" })
    #expect(setting.carrier == "default" && setting.path == "redis.host")
  }

  @Test func secretsOfTheValuesAreRedacted() async throws {
    var release = Self.release
    release.env += [
      .variable("VENDOR_KEY", "k3y-two"), .variable("OIDC_ADMIN_GROUP", "see t0ken-one"),
    ]
    let values = try await document(release).values
    #expect(try values.value(at: ValuePath("config.adminToken")) == "<redacted>")
    #expect(try values.value(at: ValuePath("oidc.adminGroup")) == "<redacted>")
    #expect(
      try values.value(at: ValuePath("config.jwtSecretFrom"))
        == ["secretKeyRef": ["name": "creds", "key": "jwt"]])
    let sink = try #require(try values.value(at: ValuePath("extraEnv"))).elements
    #expect(sink.contains(.variable("VENDOR_KEY", "<redacted>")))
    #expect(sink.contains(.variable("GREETING", "<redacted>")))
    #expect(sink.contains(.variable("LOG_LEVEL", "debug")))
  }
}
