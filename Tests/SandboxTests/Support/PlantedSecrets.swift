import Foundation
import MigratePlanning

/// Secrets that a test plants all over a release, and looks for where they must not be.
struct PlantedSecrets: Sendable {
  /// A secret: where it was put, what is written there, and the part that nobody else writes.
  struct Secret: Sendable {
    let place: String
    let text: String
    let core: String
  }

  /// What the old chart's `env` value holds.
  let jwtSecret: Secret
  /// Literals on the live Deployment.
  let literals: [String: Secret]
  /// What is in Secrets.
  let stored: [String: Secret]

  var all: [Secret] { [jwtSecret] + Array(literals.values) + Array(stored.values) }

  /// The secrets that a plan's values carry.
  var carried: [Secret] { [jwtSecret] + Array(literals.values) }

  init() {
    var random = SplitMix64(seed: .random(in: 0...UInt64.max))
    func secret(_ place: String, _ text: (String) -> String) -> Secret {
      let core = random.word(24)
      return Secret(place: place, text: text(core), core: core)
    }
    jwtSecret = secret("JWT_SECRET") { $0 }
    literals = [
      // Quotes and backslashes are written differently in JSON, YAML and by Go.
      "ADMIN_TOKEN": secret("ADMIN_TOKEN") { "\"\($0)\\ü'" },
      "REDIS_PASSWORD": secret("REDIS_PASSWORD") { $0 },
      "MY_API_KEY": secret("MY_API_KEY") { "sk_\($0)" },
      "DATABASE": secret("DATABASE") { "postgres://mqtt:\($0)@db.example/mqtt" },
      "CERTIFICATE": secret("CERTIFICATE") {
        "-----BEGIN PRIVATE KEY-----\n\($0)\n-----END PRIVATE KEY-----\n"
      },
    ]
    stored = [
      "OIDC_CLIENT_SECRET": secret("OIDC_CLIENT_SECRET") { $0 },
      "SESSION": secret("SESSION") { $0 },
    ]
  }

  /// Installs release `web` with all of them.
  func plant(in bench: Workbench) async throws {
    let data = stored.mapValues { JSON.string($0.text) }
    try await bench.create([
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "credentials"],
        "stringData": .object(data),
      ]
    ])
    let reference = EnvironmentEntry(
      "OIDC_CLIENT_SECRET", .secretKey("OIDC_CLIENT_SECRET", of: "credentials"))
    let values = EnvironmentEntry("JWT_SECRET", jwtSecret.text)
    try await bench.installReady(.envList, values: ["env": [values.json]])
    let entries = literals.sorted { $0.key < $1.key }.map { EnvironmentEntry($0, $1.text) }
    let mention = EnvironmentEntry("CACHE", "redis://:$(REDIS_PASSWORD)@cache")
    try await bench.patchContainer(
      of: "web",
      with: [
        "env": .array((entries + [mention, reference]).map(\.json)),
        "envFrom": [["prefix": "WEB_", "secretRef": ["name": "credentials"]]],
      ])
  }

  /// The places where a secret can be found, in any spelling.
  func leaks(in places: [String: Data]) -> [String] {
    let needles = all.map { secret in
      (secret.place, Self.spellings(of: secret.core).map { Data($0.utf8) })
    }
    // Most children see the same chart in the folder for temporary files.
    var searched: Set<Data> = []
    return places.sorted { $0.key < $1.key }.flatMap { place, data -> [String] in
      guard searched.insert(data).inserted else { return [] }
      return needles.filter { _, spellings in
        spellings.contains { data.firstRange(of: $0) != nil }
      }.map { "\($0.0) in \(place)" }
    }
  }

  /// The core of a secret as it is, and as Base64 has it wherever it begins.
  private static func spellings(of core: String) -> [String] {
    [core]
      + (0..<3).map { offset in
        let padded = [UInt8](repeating: 0x20, count: offset) + Array(core.utf8)
        let text = Data(padded).base64EncodedString()
        // The digits at both ends depend on what stands beside the core.
        return String(text.dropFirst(offset == 0 ? 0 : offset + 1).dropLast(4))
      }
  }
}
