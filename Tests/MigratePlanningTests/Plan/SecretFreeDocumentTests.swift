import MigratePlanning
import Testing

@testable import PlanSamples

/// No secret leaves the process, wherever it stands.
@Suite struct SecretFreeDocumentTests {
  /// A text that nothing else in a document resembles.
  private func secret(_ random: inout SeededGenerator, _ index: Int) -> String {
    let core = "s3cr3t\(index)x\(Int.random(in: 100_000...999_999, using: &random))"
    return switch Int.random(in: 0..<8, using: &random) {
    case 0: "pa$$\(core)"
    case 1: "$(HTTP_PORT)\(core)"
    case 2: "\"\(core)\\\n\(core)"
    case 3: "redis://:\(core)@redis:6379/0"
    case 4: "\(core)\u{1F600}é"
    case 5: "-----BEGIN KEY-----\n\(core)\n-----END KEY-----\n"
    default: core
    }
  }

  private static let secretNames = [
    "ADMIN_TOKEN", "JWT_SECRET", "OIDC_CLIENT_SECRET", "REDIS_PASSWORD", "VENDOR_KEY", "DB_PASS",
  ]

  /// The places of a document in which a text stands.
  private func places(
    of texts: [String], _ release: SampleRelease, chart: FakeChart = FakeChart(),
    choices: Choices = Choices()
  ) async throws -> [String] {
    let plan = try await Planning.plan(release, chart: chart, choices: choices)
    let document = try Planning.document(plan).json
    return texts.flatMap { document.places(of: $0) }
  }

  @Test(arguments: SeededGenerator.seeds(60))
  func noSecretStandsInADocument(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    var release = RandomRelease.release(&random)
    var secrets: [String] = []
    func newSecret() -> String {
      let secret = secret(&random, secrets.count)
      secrets.append(secret)
      return secret
    }
    // In variables that are secret by name.
    for name in Self.secretNames where random.happens(oneIn: 2) {
      release.env.append(.variable(name, newSecret()))
    }
    // The same secret within or behind any other variable.
    for _ in 0..<3 where !secrets.isEmpty {
      let name = random.one(of: RandomRelease.names + ["LOG_LEVEL", "COMMAND"])
      let text = random.one(of: secrets)
      release.env.append(.variable(name, random.happens(oneIn: 2) ? text : "use \(text) here"))
    }
    // Texts that are secret by what they look like, in any variable.
    if random.happens(oneIn: 2) {
      let url = "redis://user:s3cr3tURL\(seed)@redis:6379"
      release.env.append(.variable(random.one(of: RandomRelease.names), url))
    }
    // In the manifest only, and in the values.
    if random.happens(oneIn: 2) {
      release.declaredEnv = (release.declaredEnv ?? []) + [.variable("ADMIN_TOKEN", newSecret())]
    }
    if random.happens(oneIn: 2) {
      release.supplied = ["env": [.variable("JWT_SECRET", newSecret())], "more": "x"]
    }
    let chart = random.happens(oneIn: 3) ? FakeChart.foreign : FakeChart()
    let places = try await places(of: ["s3cr3t"], release, chart: chart)
    #expect(places == [])
  }

  /// A flag, a port or a number can hold a secret by mistake, too.
  @Test(arguments: ["HTTP_PORT", "REDIS_PORT", "WS_ENABLED", "REDIS_DB", "TZ", "LOG_LEVEL"])
  func aSecretInAVariableOfAnyKindIsNotShown(name: String) async throws {
    let url = "tcp://user:s3cr3tPart@10.0.0.1:6379"
    for chart in [FakeChart(), .foreign] {
      let release = SampleRelease.with([(name, url)])
      let places = try await places(of: ["s3cr3tPart"], release, chart: chart)
      #expect(places == [])
    }
  }

  @Test func aChosenSecretIsNotShown() async throws {
    for (path, value) in [
      ("config.adminToken", "s3cr3tPart"), ("config", ["adminToken": "s3cr3tPart"]),
      ("redis", ["password": "s3cr3tPart"]),
      ("extraEnv", [.variable("VENDOR_KEY", "s3cr3tPart")]),
      ("podAnnotations.vendorToken", "s3cr3tPart"),
    ] as [(String, JSON)] {
      let choices = Choices(set: [try ValuePath(path): value])
      let places = try await places(of: ["s3cr3tPart"], SampleRelease(), choices: choices)
      #expect(places == [], "\(path)")
    }
  }

  /// What differs without being judged is shown with both sides.
  @Test func aSecretAmongArgumentsOrProbesIsNotShown() async throws {
    var release = SampleRelease.with([("ADMIN_TOKEN", "s3cr3tPart")])
    release.container["args"] = ["--admin-token", "s3cr3tPart"]
    release.container["livenessProbe"] = [
      "exec": ["command": ["curl", "-H", "Authorization: Bearer s3cr3tPart", "localhost"]]
    ]
    let places = try await places(of: ["s3cr3tPart"], release)
    #expect(places == [])
  }

  @Test func nearMissesAreShown() async throws {
    let variables = [
      ("OIDC_GROUP_FIELD", "team-groups"), ("REDIS_HOST", "redis.mqtt.svc"),
      ("OIDC_CLIENT_ID", "backbone-client"), ("KEYBOARD_LAYOUT", "qwertz"),
      ("OIDC_DISCOVERY", "https://id.example.com/.well-known/openid-configuration"),
    ]
    let release = SampleRelease.with(variables)
    for (_, value) in variables { #expect(try await !places(of: [value], release).isEmpty) }
    #expect(try await places(of: [Sensitivity.redacted], release) == [])
  }
}
