import MigratePlanning

/// Releases with random environments over every kind of variable.
enum RandomRelease {
  /// The variables of the recipe, their other spellings, and some that it does not know.
  static let names =
    SampleRecipe.json["variables"]?.elements.compactMap { $0["name"]?.string } ?? []

  private static let unknown = ["LOG_LEVEL", "NODE_OPTIONS", "A", "B", "FEATURE_X", "app.name"]

  static func release(_ random: inout SeededGenerator) -> SampleRelease {
    var release = SampleRelease()
    release.env = entries(&random)
    if random.happens(oneIn: 2) {
      release.declaredEnv = release.env.filter { _ in random.happens(oneIn: 2) }
    }
    if random.happens(oneIn: 3) {
      for _ in 0..<Int.random(in: 1...2, using: &random) { addSource(&release, &random) }
    }
    if random.happens(oneIn: 4) {
      release.supplied = ["env": ["TZ": "UTC"], "image": ["tag": "0.1.0"]]
      release.revisions = [1, 2, 3]
      release.storedBytes = 4096
      release.hidden = [Unchecked(code: "role-binding-left-behind", reason: "forbidden")]
    }
    return release
  }

  private static func entries(_ random: inout SeededGenerator) -> [JSON] {
    var entries: [JSON] = []
    for _ in 0..<Int.random(in: 0...10, using: &random) {
      let name = name(&random)
      if random.happens(oneIn: 6) {
        entries.append(["name": .string(name), "valueFrom": source(&random)])
      } else {
        entries.append(.variable(name, value(of: name, &random)))
      }
    }
    return entries
  }

  private static func name(_ random: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: "OIDC_DISCOVERY_URL"
    case 1, 2: random.one(of: unknown)
    default: random.one(of: names)
    }
  }

  private static func value(of name: String, _ random: inout SeededGenerator) -> String {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: "$(\(random.one(of: names + unknown)))"
    case 1: "x-$(\(random.one(of: names + unknown)))-$$(A)"
    case 2: random.text(upTo: 5).filter { $0 != "\u{0}" }
    case 3 where name.hasSuffix("_ENABLED"): random.one(of: ["true", "false", "1", "True", ""])
    case 3 where name.hasSuffix("_PORT"), 4 where name.hasSuffix("_PORT"):
      random.one(of: ["8883", "9000", "08883", "0x50", "http", "0", "70000", "", " 1883"])
    case 5 where name == "REDIS_DB": random.one(of: ["0", "3", "-1", "1e3", "x"])
    default: random.one(of: ["true", "false", "plain", "9000", "", "https://id.example.com"])
    }
  }

  private static func source(_ random: inout SeededGenerator) -> JSON {
    random.one(of: [
      ["secretKeyRef": ["name": "creds", "key": "token"]],
      ["secretKeyRef": ["name": "creds", "key": "token", "optional": true]],
      ["configMapKeyRef": ["name": "settings", "key": "level"]],
      ["fieldRef": ["fieldPath": "metadata.name"]],
      ["resourceFieldRef": ["resource": "limits.cpu"]],
    ])
  }

  private static func addSource(_ release: inout SampleRelease, _ random: inout SeededGenerator) {
    let isSecret = random.happens(oneIn: 2)
    let name = random.one(of: ["one", "two"])
    var entry: [String: JSON] = [
      isSecret ? "secretRef" : "configMapRef": ["name": .string(name)]
    ]
    if random.happens(oneIn: 3) { entry["prefix"] = "P_" }
    release.envFrom.append(.object(entry))
    let identity = EnvironmentSource.Identity(kind: isSecret ? .secret : .configMap, name: name)
    guard release.sourceKeys[identity] == nil else { return }
    release.sourceKeys[identity] =
      switch Int.random(in: 0..<6, using: &random) {
      case 0: .missing
      case 1: .unreadable("forbidden")
      default:
        .keys(
          Set((0..<3).map { _ in random.one(of: names + ["Z"]) }).sorted())
      }
  }
}
