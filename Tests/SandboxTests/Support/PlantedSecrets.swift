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
  /// What stands elsewhere in the live Deployment: in the command line of the container, in
  /// annotations.
  let beside: [String: Secret]
  /// What an operator types after `--set`.
  let typed: Secret

  var all: [Secret] {
    [jwtSecret, typed] + Array(literals.values) + Array(stored.values) + Array(beside.values)
  }

  /// The secrets that a plan's values carry.
  var carried: [Secret] { [jwtSecret] + Array(literals.values) }

  init() {
    var random = SplitMix64(seed: .random(in: 0...UInt64.max))
    func secret(_ place: String, _ text: (String) -> String) -> Secret {
      let core = random.word(24)
      return Secret(place: place, text: text(core), core: core)
    }
    jwtSecret = secret("JWT_SECRET") { $0 }
    typed = secret("--set") { $0 }
    literals = [
      // Quotes and backslashes are written differently in JSON, YAML and by Go.
      "ADMIN_TOKEN": secret("ADMIN_TOKEN") { "\"\($0)\\ü'" },
      "REDIS_PASSWORD": secret("REDIS_PASSWORD") { $0 },
      "MY_API_KEY": secret("MY_API_KEY") { "sk_\($0)" },
      "DATABASE": secret("DATABASE") { "postgres://mqtt:\($0)@db.example/mqtt" },
      "CERTIFICATE": secret("CERTIFICATE") {
        "-----BEGIN PRIVATE KEY-----\n\($0)\n-----END PRIVATE KEY-----\n"
      },
      "SHELL_PASSWORD": secret("SHELL_PASSWORD") { "`id`;$HOME '\($0)' \"a\" <&> {{ .Values }} #" },
      "CALLBACK": secret("CALLBACK") { "https://mqtt:p%40\($0)%2F@example.org/?a=b&c=%20" },
      "BASIC_AUTH": secret("BASIC_AUTH") { Data("mqtt:\($0)".utf8).base64EncodedString() },
    ]
    stored = [
      "OIDC_CLIENT_SECRET": secret("OIDC_CLIENT_SECRET") { $0 },
      "SESSION": secret("SESSION") { $0 },
      "REGISTRY": secret("REGISTRY") { #"{"auths":{"registry.example":{"auth":"\#($0)"}}}"# },
    ]
    beside = [
      "argument": secret("argument") { $0 },
      "option": secret("option") { "--api-token=\($0)" },
      "annotation": secret("annotation") { $0 },
    ]
  }

  /// Installs release `web` with all of them.
  func plant(in bench: Workbench) async throws {
    var data = stored.mapValues { JSON.string($0.text) }
    let registry = data.removeValue(forKey: "REGISTRY") ?? ""
    try await bench.create([
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "credentials"],
        "stringData": .object(data),
      ],
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "registry"],
        "type": "kubernetes.io/dockerconfigjson", "stringData": [".dockerconfigjson": registry],
      ],
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
        "args": .array(["--admin-password", text("argument"), text("option")]),
      ])
    try await bench.patch("web", podSpec: ["imagePullSecrets": [["name": "registry"]]])
    let annotations: JSON = ["annotations": ["example.org/api-token": text("annotation")]]
    let patch: JSON = [
      "metadata": annotations, "spec": ["template": ["metadata": annotations]],
    ]
    _ = try await bench.kubectl(
      ["patch", "deployment", "web", "--patch-file", "/dev/stdin"], input: patch.canonical)
  }

  private func text(_ place: String) -> JSON { .string(beside[place]?.text ?? "") }

  /// What finds them.
  var search: SecretSearch { SecretSearch(all.map { ($0.place, $0.core) }) }

  /// The places where a secret can be found, in any spelling.
  func leaks(in places: [String: Data]) -> [String] {
    let search = search
    // Most children see the same chart in the folder for temporary files.
    var searched: Set<Data> = []
    return places.sorted { $0.key < $1.key }.flatMap { place, data -> [String] in
      guard searched.insert(data).inserted else { return [] }
      return search.found(in: [UInt8](data)).sorted().map { "\($0) in \(place)" }
    }
  }
}
