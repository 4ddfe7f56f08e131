import Foundation
import MigratePlanning

extension ReleaseShape {
  /// The seed of the first shape: another one in BACKBONE_SANDBOX_SEED gives other shapes.
  static let firstSeed =
    ProcessInfo.processInfo.environment["BACKBONE_SANDBOX_SEED"].flatMap(UInt64.init) ?? fixedSeed

  static let fixedSeed: UInt64 = 1883

  /// The seeds of all shapes; BACKBONE_SANDBOX_SHAPES says how many.
  static let seeds: [UInt64] = {
    let named = ProcessInfo.processInfo.environment["BACKBONE_SANDBOX_SHAPES"].flatMap(UInt64.init)
    return (0..<(named ?? 24)).map { firstSeed &+ $0 }
  }()

  /// The shape of a seed.
  init(seed: UInt64) {
    var generator = ShapeGenerator(seed: seed)
    self = generator.shape()
  }

  /// The objects of the operator's own that the shapes refer to.
  func ownObjects(random: inout SplitMix64) -> [JSON] {
    func metadata(_ name: String) -> JSON { ["name": .string(name)] }
    func secret(_ name: String, _ data: [String: JSON]) -> JSON {
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": metadata(name),
        "stringData": .object(data),
      ]
    }
    func configMap(_ name: String, _ data: [String: JSON]) -> JSON {
      [
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata(name),
        "data": .object(data),
      ]
    }
    let account: JSON = [
      "apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata(release),
    ]
    let keys = ["admin-token", "jwt", "client-secret", "redis-password", "api-key"]
    return [
      secret(
        "credentials", Dictionary(uniqueKeysWithValues: keys.map { ($0, .string(random.word(20))) })
      ),
      configMap(
        "settings",
        [
          "http-port": "9090", "group": "mqtt-admins", "flag": "true", "level": "debug",
          "host": "redis.example",
        ]),
      configMap(
        "from-settings",
        [
          "LOG_LEVEL": "trace", "NODE_OPTIONS": "--max-old-space-size=256", "dotted.name": "dots",
          "1-is-no-name": "skipped", "TZ": "Europe/Vienna",
        ]),
      configMap(
        "from-hidden", ["HTTP_PORT": "9191", "REDIS_HOST": "cache", "API_ENABLED": "true"]),
      secret(
        "from-credentials", ["SESSION_KEY": .string(random.word(20)), "JWT_SECRET": "signed"]),
    ] + (hasServiceAccount ? [account] : [])
  }
}

/// Makes one shape, choice by choice.
private struct ShapeGenerator {
  private let seed: UInt64
  private var random: SplitMix64
  private var features: Set<ReleaseShape.Feature> = []
  private var secrets: Set<String> = []
  /// Names that are not taken yet.
  private var names: [String] = []

  init(seed: UInt64) {
    self.seed = seed
    random = SplitMix64(seed: seed)
  }

  mutating func shape() -> ReleaseShape {
    // Neighbouring seeds go through the charts in turn, so that few shapes meet them all.
    let charts = FixtureChart.allCases
    let chart = charts[Int(seed % UInt64(charts.count))]
    var shape = ReleaseShape(
      seed: seed, chart: chart, release: random.pick(["web", "broker", "backbone", "my-backbone"]))
    names = (Self.flags + Self.ports + Self.texts + Self.sensitive + Self.unknown)
      .shuffled(using: &random)
    if random.oneIn(6) {
      shape.hasServiceAccount = false
      shape.expectedBlocker = "service-account-missing"
    }
    if chart == .envList || chart == .envMap {
      shape.supplied = entries(
        3...7, by: chart == .envMap ? .values : .valuesAsYAML, literalsOnly: chart == .envMap)
      features.insert(chart == .envMap ? .valuesMap : .valuesList)
      if chart == .envList, random.oneIn(2) { duplicate(in: &shape) }
    }
    if !random.oneIn(5) {
      shape.steps.append(.setEnv(entries(2...6, by: .shell, literalsOnly: true)))
      features.insert(.kubectlSet)
    }
    if !random.oneIn(4) {
      shape.steps.append(.patchEnv(entries(2...6, by: .patch, literalsOnly: false)))
      features.insert(.kubectlPatch)
    }
    if random.oneIn(3) { shape.steps.append(.patchEnvFrom(sources())) }
    if random.oneIn(3), let entry = overriding(shape) { shape.steps.append(.patchEnv([entry])) }
    if shape.release.contains("backbone") { features.insert(.nameEqualsFullname) }
    if !shape.hasServiceAccount { features.insert(.noServiceAccount) }
    shape.features = features
    shape.secrets = secrets
    return shape
  }

  /// The way by which a value gets into the Deployment, which decides what it may contain.
  private enum Way { case values, valuesAsYAML, shell, patch }

  // MARK: Variables

  private static let flags = [
    "K8S_ENABLED", "WS_ENABLED", "API_ENABLED", "TCP_ENABLED", "OIDC_ENABLED", "REDIS_ENABLED",
  ]
  private static let ports = ["HTTP_PORT", "TCP_PORT", "REDIS_PORT", "REDIS_DB"]
  private static let texts = [
    "OIDC_CLIENT_ID", "OIDC_GROUP_FIELD", "OIDC_ADMIN_GROUP", "OIDC_WRITER_GROUP",
    "OIDC_READER_GROUP", "REDIS_HOST", "TZ", "OIDC_DISCOVERY_URL",
  ]
  private static let sensitive = [
    "ADMIN_TOKEN", "JWT_SECRET", "OIDC_CLIENT_SECRET", "REDIS_PASSWORD", "MY_API_KEY",
  ]
  private static let unknown = [
    "LOG_LEVEL", "NODE_OPTIONS", "POD_NAME", "MEMORY_LIMIT", "_underscore", "dotted.name",
    "with-dash", "GREETING", "NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "lower",
  ]

  private mutating func entries(
    _ count: ClosedRange<Int>, by way: Way, literalsOnly: Bool
  ) -> [EnvironmentEntry] {
    var made: [EnvironmentEntry] = []
    for _ in 0..<Int.random(in: count, using: &random) {
      guard let name = names.popLast() else { break }
      made.append(EnvironmentEntry(name, source(of: name, by: way, literalsOnly: literalsOnly)))
    }
    if random.oneIn(2) { made += references(to: made) }
    return made
  }

  private mutating func source(
    of name: String, by way: Way, literalsOnly: Bool
  ) -> EnvironmentEntry.Source {
    if Self.sensitive.contains(name) {
      secrets.insert(name)
      if !literalsOnly, random.oneIn(2) {
        features.insert(.secretKey)
        return .secretKey(
          random.pick(["admin-token", "jwt", "client-secret", "redis-password", "api-key"]),
          of: "credentials")
      }
      if random.oneIn(8) {
        features.insert(.empty)
        return .literal("")
      }
      return .literal(random.word(16))
    }
    if Self.flags.contains(name) {
      if !literalsOnly, random.oneIn(8) {
        features.insert(.configMapKey)
        return .configMapKey("flag", of: "settings")
      }
      let text = random.pick(["true", "true", "false", "1", "True", "yes", "TRUE", " true", ""])
      if !["true", "false", ""].contains(text) { features.insert(.flagNotTrue) }
      if text.isEmpty { features.insert(.empty) }
      return .literal(text)
    }
    if Self.ports.contains(name) { return .literal(number(for: name)) }
    if name == "OIDC_DISCOVERY_URL" { features.insert(.alias) }
    if Self.unknown.contains(name) {
      features.insert(.unknownVariable)
      if !literalsOnly { if let source = reference() { return source } }
    }
    return .literal(text(by: way))
  }

  private mutating func number(for name: String) -> String {
    // Two listeners that are on cannot share a port, so each variable has numbers of its own.
    let base = ["HTTP_PORT": 9000, "TCP_PORT": 1900, "REDIS_PORT": 6400, "REDIS_DB": 2][name] ?? 1
    if random.oneIn(2) { return String(base + Int.random(in: 0..<50, using: &random)) }
    let text = random.pick([
      " \(base)", "0\(base)", "\(base)abc", "abc", "", "0x\(String(base, radix: 16))", "-1", "1e3",
      "\(base).5", "+\(base)", "99999", "\(base)\n",
    ])
    features.insert(text.isEmpty ? .empty : .oddPort)
    return text
  }

  private mutating func text(by way: Way) -> String {
    if random.oneIn(8) {
      features.insert(.empty)
      return ""
    }
    if random.oneIn(3) { return random.word(8) }
    if way == .shell || way == .patch, random.oneIn(6) {
      features.insert(.untamedText)
      return random.pick(AwkwardText.untamed)
    }
    if way != .valuesAsYAML, random.oneIn(2) {
      features.insert(.unrulyText)
      return random.pick(AwkwardText.unruly)
    }
    features.insert(.awkwardText)
    return random.pick(AwkwardText.plain)
  }

  /// Something that Kubernetes looks up; nil for a literal.
  private mutating func reference() -> EnvironmentEntry.Source? {
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      features.insert(.field)
      return .field(random.pick(["metadata.name", "status.podIP", "metadata.labels['app']"]))
    case 1:
      features.insert(.resource)
      return .resource(random.pick(["limits.memory", "requests.cpu"]))
    case 2:
      features.insert(.configMapKey)
      return .configMapKey(random.pick(["level", "group", "host"]), of: "settings")
    default: return nil
    }
  }

  /// Variables that refer to others with `$(…)`: to such as stand before them, after them, or
  /// nowhere.
  private mutating func references(to entries: [EnvironmentEntry]) -> [EnvironmentEntry] {
    let secret = random.oneIn(2) ? entries.first { secrets.contains($0.name) } : nil
    guard let target = secret ?? entries.randomElement(using: &random), let name = takeUnknownName()
    else { return [] }
    let text = random.pick([
      "$(\(target.name))", "http://$(\(target.name)):80/$(NOWHERE)",
      "$(\(target.name))$(\(target.name))", "$$(\(target.name)) costs $$5", "a$(\(target.name)",
    ])
    if secrets.contains(target.name), !text.hasPrefix("$$"), !text.hasPrefix("a") {
      secrets.insert(name)
      features.insert(.referenceToSecret)
    } else {
      features.insert(.reference)
    }
    var made = [EnvironmentEntry(name, text)]
    if random.oneIn(2), let next = takeUnknownName() {
      // Refers to what comes after it, and so to nothing.
      features.insert(.referenceTooEarly)
      made.insert(EnvironmentEntry(next, "early $(\(name))"), at: 0)
    }
    return made
  }

  /// A name that the broker does not know and nobody has taken.
  private mutating func takeUnknownName() -> String? {
    guard let index = names.lastIndex(where: Self.unknown.contains) else { return nil }
    return names.remove(at: index)
  }

  private mutating func sources() -> [ReleaseShape.EnvironmentFrom] {
    let all = [
      ("from-settings", false), ("from-credentials", true), ("from-hidden", false),
      ("from-nowhere", false),
    ]
    let chosen = random.pick(1...2, of: all)
    return chosen.map { name, isSecret in
      let prefix = random.oneIn(3) ? "MQTT_" : ""
      features.insert(isSecret ? .fromSecret : .fromConfigMap)
      if !prefix.isEmpty { features.insert(.fromPrefix) }
      if name == "from-hidden", prefix.isEmpty { features.insert(.fromHidden) }
      if name == "from-nowhere" { features.insert(.fromMissing) }
      if isSecret { secrets.formUnion(["SESSION_KEY", "JWT_SECRET"].map { prefix + $0 }) }
      return ReleaseShape.EnvironmentFrom(isSecret: isSecret, name: name, prefix: prefix)
    }
  }

  /// Writes a variable of the values a second time; the last one counts.
  private mutating func duplicate(in shape: inout ReleaseShape) {
    guard let entry = shape.supplied.randomElement(using: &random) else { return }
    features.insert(.duplicate)
    shape.supplied.append(
      EnvironmentEntry(
        entry.name,
        Self.ports.contains(entry.name) ? number(for: entry.name) : random.word(8)))
  }

  /// Another value for something that helm set.
  private mutating func overriding(_ shape: ReleaseShape) -> EnvironmentEntry? {
    let declared = shape.supplied + (shape.supplied.isEmpty ? shape.chart.environment : [])
    guard let entry = declared.randomElement(using: &random),
      declared.count(where: { $0.name == entry.name }) == 1
    else { return nil }
    features.insert(.overridden)
    if Self.ports.contains(entry.name) {
      return EnvironmentEntry(entry.name, number(for: entry.name))
    }
    if Self.flags.contains(entry.name) { return EnvironmentEntry(entry.name, "false") }
    if Self.sensitive.contains(entry.name) {
      features.insert(.secretKey)
      return EnvironmentEntry(entry.name, .secretKey("api-key", of: "credentials"))
    }
    return EnvironmentEntry(entry.name, random.word(10))
  }
}
