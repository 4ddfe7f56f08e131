import MigratePlanning
import Testing

@testable import PlanSamples

/// Targets that lack what the recipe counts on. Their charts are functions here: values in, objects
/// out.
struct ForeignTargetTests {
  @Test(arguments: [
    ("config.adminToken", true), ("config.none", true), ("config.missing", false),
    ("redis.host", false), ("oidc.discovery", false), ("timezone", true), ("gone.deeper", false),
    ("nothing.deeper", false),
  ])
  func homesAreWhatTheDefaultsHave(_ path: String, _ exists: Bool) throws {
    let target = target([
      "config": ["adminToken": "", "none": .null], "redis": "none", "oidc": [], "timezone": "",
      "nothing": .null,
    ])
    #expect(target.has(try ValuePath(path)) == exists)
  }

  @Test func withoutAPlaceTheVariableBlocks() async throws {
    let plan = try await plan([literal("LOG_LEVEL", "$(HTTP_PORT) debug")], target([:]))
    #expect(plan.verdict == .blocked)
    let row = try #require(plan.comparison.environment.first)
    #expect(row.explanation == .variableUnmapped)
    #expect(row.carrier.disposition == "unresolved")
    #expect(found(.variableUnmapped, plan)?.severity == .blocker)
  }

  @Test func dropIsBreakingAndAccepted() async throws {
    let plan = try await plan(
      [literal("LOG_LEVEL", "debug")], target([:]), Choices(unmapped: .drop))
    let row = try #require(plan.comparison.environment.first)
    #expect(row.state == .removed)
    #expect(row.carrier.disposition == "dropped")
    #expect(row.explanation == .variableUnmapped)
    let finding = try #require(found(.variableUnmapped, plan))
    #expect(finding.severity == .breaking)
    #expect(finding.acceptedBy == "--unmapped drop")
    #expect(plan.verdict == .ready)
  }

  @Test func keepComesOutAsBeforeAndLeavesADebt() async throws {
    let variables = [
      literal("LOG_LEVEL", "debug"), reference("JWT_SECRET", "s", "jwt"),
      literal("PUBLIC_URL", "http://$(LOG_LEVEL)/"),
    ]
    let plan = try await plan(variables, target([:]), Choices(unmapped: .keep))
    #expect(plan.comparison.environment.allSatisfy { $0.state == .same })
    #expect(plan.comparison.environment.allSatisfy { $0.carrier.disposition == "kept" })
    #expect(plan.comparison.environment.allSatisfy { $0.explanation == nil })
    let debts = plan.findings.filter { $0.code == .variableUnmapped }
    #expect(debts.count == 3)
    #expect(debts.allSatisfy { $0.severity == .warning && $0.acceptedBy == "--unmapped keep" })
    #expect(debts.allSatisfy { $0.message.contains("is kept on the live Deployment") })
    #expect(plan.values == [:])
    #expect(plan.verdict == .ready)
  }

  @Test func keepReplacesWhatTheTargetWritesItself() async throws {
    let plan = try await plan(
      [literal("HTTP_PORT", "abc")], target(["config": ["httpPort": 8883]]),
      Choices(unmapped: .keep)
    ) { _ in [["name": "HTTP_PORT", "value": "8883"]] }
    #expect(plan.comparison.target.environment.variables == [literal("HTTP_PORT", "abc")])
    #expect(plan.comparison.environment.map(\.state) == [.same])
  }

  @Test func aLostSourceBlocksAndAKeptOneIsADebt() async throws {
    let source = EnvironmentSource(kind: .secret, name: "broker")
    for content in [SourceContent.keys(["LOG_LEVEL"]), .unreadable("forbidden")] {
      let lost = try await plan([], target([:]), sources: [source: content])
      #expect(found(.environmentFromSource, lost)?.severity == .blocker)
      let dropped = try await plan(
        [], target([:]), Choices(unmapped: .drop), sources: [source: content])
      #expect(found(.environmentFromSource, dropped)?.acceptedBy == "--unmapped drop")
      let kept = try await plan(
        [], target([:]), Choices(unmapped: .keep), sources: [source: content])
      #expect(found(.environmentFromSource, kept)?.severity == .warning)
      #expect(kept.comparison.target.environment.sources == [source])
    }
  }

  @Test func anIgnoredValueMovesToTheSink() async throws {
    let plan = try await plan(
      [literal("ADMIN_TOKEN", "sunflower")],
      target(["config": ["adminToken": ""], "extraEnv": []]), render: Self.sinkOnly)
    let finding = try #require(found(.valueIgnored, plan))
    #expect(finding.severity == .info)
    #expect(finding.isResolved)
    #expect(finding.message.contains("\"config.adminToken\""))
    #expect(!finding.message.contains("sunflower"))
    #expect(
      plan.values == ["extraEnv": [["name": "ADMIN_TOKEN", "value": "sunflower"]]])
    #expect(plan.comparison.environment.map(\.state) == [.same])
  }

  @Test func anIgnoredValueWithoutSinkBlocks() async throws {
    let variables = [literal("ADMIN_TOKEN", "sunflower")]
    let defaults = target(["config": ["adminToken": ""]])
    let blocked = try await plan(variables, defaults)
    #expect(found(.valueIgnored, blocked)?.severity == .blocker)
    #expect(blocked.verdict == .blocked)

    let dropped = try await plan(variables, defaults, Choices(unmapped: .drop))
    #expect(found(.variableUnmapped, dropped)?.acceptedBy == "--unmapped drop")
    #expect(dropped.verdict == .ready)

    let kept = try await plan(variables, defaults, Choices(unmapped: .keep))
    #expect(kept.comparison.environment.map(\.state) == [.same])
    #expect(found(.valueIgnored, kept)?.isResolved == true)
    #expect(found(.variableUnmapped, kept)?.acceptedBy == "--unmapped keep")
  }

  @Test func anIgnoredSinkBlocks() async throws {
    let plan = try await plan([literal("LOG_LEVEL", "debug")], target(["extraEnv": []]))
    let finding = try #require(found(.valueIgnored, plan))
    #expect(finding.severity == .blocker)
    #expect(finding.message.contains("\"extraEnv\""))
  }

  @Test func aDefaultThatCannotBePinnedAwayIsBreaking() async throws {
    let defaults = target(["k8s": ["enabled": true]])
    let render: ChartFunction = { _ in [["name": "K8S_ENABLED", "value": "true"]] }
    let open = try await plan([], defaults, render: render)
    #expect(found(.valueIgnored, open)?.severity == .breaking)
    #expect(open.verdict == .attention)
    let adopted = try await plan([], defaults, Choices(adopt: ["k8s.enabled"]), render: render)
    #expect(found(.valueIgnored, adopted) == nil)
    #expect(adopted.verdict == .ready)
  }

  @Test func anIgnoredDefaultIsPinnedInTheSink() async throws {
    let plan = try await plan([], target(["k8s": ["enabled": true], "extraEnv": []])) { values in
      [["name": "K8S_ENABLED", "value": "true"]] + Self.sinkOnly(values)
    }
    #expect(plan.values["extraEnv"] == [["name": "K8S_ENABLED", "value": "false"]])
    #expect(found(.valueIgnored, plan)?.isResolved == true)
    #expect(found(.defaultChanged, plan)?.isResolved == true)
  }

  @Test func aChoiceThatChangesNothingIsNamed() async throws {
    let defaults = target(["config": ["httpPort": 8883], "ws": ["enabled": false]])
    let render: ChartFunction = { values in
      let port = values["config"]?["httpPort"]?.integer ?? 8883
      return [["name": "HTTP_PORT", "value": .string(String(port))]]
    }
    let set: [ValuePath: JSON] = [
      try ValuePath("config.httpPort"): 9000, try ValuePath("ws.enabled"): true,
      try ValuePath("config.htpPort"): 1, try ValuePath("ws"): ["enabled": false],
    ]
    let plan = try await plan([], defaults, Choices(set: set), render: render)
    let named = plan.findings.filter { $0.code == .valueIgnored && $0.severity == .warning }
    #expect(named.map(\.message).sorted().count == 2)
    #expect(named.contains { $0.message.contains("config.htpPort") })
    #expect(named.contains { $0.message.contains("ws.enabled") })
  }

  @Test func aNumberInPlaceOfATextBlocksWhateverItIs() async throws {
    let render: ChartFunction = { _ in [["name": "REDIS_DB", "value": .number("1.2345678e+07")]] }
    for variables in [[], [literal("REDIS_DB", "12345678")]] {
      let plan = try await plan(variables, target(["extraEnv": []]), render: render)
      let finding = try #require(found(.valueNotExact, plan))
      #expect(finding.severity == .blocker)
      #expect(finding.message.contains("1.2345678e+07 where Kubernetes takes texts only"))
    }
  }

  @Test func aMapTakesTextsOnly() async throws {
    let variables = [literal("LOG_LEVEL", "debug"), reference("EXTRA_TOKEN", "s", "k")]
    let plan = try await plan(variables, target(["extraEnv": [:]])) { values in
      (values["extraEnv"]?.members ?? [:]).sorted { $0.key < $1.key }.map {
        ["name": .string($0), "value": $1]
      }
    }
    #expect(plan.values == ["extraEnv": ["LOG_LEVEL": "debug"]])
    #expect(plan.comparison.environment.map(\.carrier.disposition) == ["mapped", "unresolved"])
    #expect(found(.variableUnmapped, plan)?.severity == .blocker)
  }

  @Test func aSecretInAMapIsRedacted() async throws {
    let plan = try await plan(
      [literal("EXTRA_TOKEN", "sunflower")], target(["extraEnv": [:]])
    ) { values in
      (values["extraEnv"]?.members ?? [:]).map { ["name": .string($0), "value": $1] }
    }
    #expect(plan.redactedValues == ["extraEnv": ["EXTRA_TOKEN": "<redacted>"]])
  }

  @Test func anotherTargetThanTheRecipesIsAWarning() async throws {
    let plan = try await plan([], target([:], version: "0.2.9"))
    let finding = try #require(found(.recipeNotApplicable, plan))
    #expect(finding.severity == .warning)
    #expect(finding.message.contains("written for chart backbone 0.2.0"))
    #expect(plan.verdict == .ready)
  }

  @Test func whereTheChartCameFromIsNotInTheDigest() async throws {
    var elsewhere = target([:])
    elsewhere.source = "oci://registry.example/backbone"
    let here = try await plan([literal("LOG_LEVEL", "debug")], target([:]))
    let there = try await plan([literal("LOG_LEVEL", "debug")], elsewhere)
    #expect(try document(here).digest == document(there).digest)
    #expect(try document(there).target.chart.source == "oci://registry.example/backbone")
    var other = target([:])
    other.digest = "sha256:1"
    let changed = try await plan([literal("LOG_LEVEL", "debug")], other)
    #expect(try document(changed).digest != document(here).digest)
  }

  // MARK: A release, a recipe, and charts as functions

  /// The `env` that a chart renders with values.
  private typealias ChartFunction = @Sendable (JSON) -> [JSON]

  private static let sinkOnly: ChartFunction = { $0["extraEnv"]?.elements ?? [] }

  private func target(_ defaults: JSON, version: String = "0.2.0") -> Target {
    Target(
      chartName: "backbone", chartVersion: version, source: "here", digest: "sha256:0",
      defaults: defaults)
  }

  private func literal(_ name: String, _ text: String) -> EnvironmentVariable {
    EnvironmentVariable(name: name, source: .literal(text))
  }

  private func reference(_ name: String, _ secret: String, _ key: String) -> EnvironmentVariable {
    EnvironmentVariable(
      json: [
        "name": .string(name),
        "valueFrom": ["secretKeyRef": ["name": .string(secret), "key": .string(key)]],
      ]) ?? literal(name, "")
  }

  private func deployment(_ env: [JSON], _ sources: [JSON] = []) -> Objects {
    Objects([
      [
        "kind": "Deployment", "metadata": ["name": "web"],
        "spec": [
          "template": [
            "spec": [
              "containers": [
                ["name": "backbone", "env": .array(env), "envFrom": .array(sources)]
              ]
            ]
          ]
        ],
      ]
    ])
  }

  private func plan(
    _ variables: [EnvironmentVariable], _ target: Target, _ choices: Choices = Choices(),
    sources: [EnvironmentSource: SourceContent] = [:], render: ChartFunction = { _ in [] }
  ) async throws -> Plan {
    let live = deployment(variables.map(\.json), sources.keys.map(\.json))
    let snapshot = Snapshot(
      release: ReleaseIdentity(
        name: "web", namespace: "mqtt", revision: 1, status: "deployed", chartName: "backbone",
        chartVersion: "0.1.0"),
      supplied: [:], manifest: live, live: live, related: Objects([]),
      sourceKeys: Dictionary(
        sources.map { ($0.key.identity, $0.value) }, uniquingKeysWith: { first, _ in first }))
    let situation = try Situation(
      snapshot: snapshot, target: target, rendered: deployment(render(target.defaults)),
      recipe: try recipe(), choices: choices)
    let chart = self
    return try await Planning.plan(situation) { chart.deployment(render($0)) }
  }

  private func recipe() throws -> Recipe {
    func variable(_ name: String, _ home: JSON, _ codec: JSON, _ whenAbsent: JSON) -> JSON {
      ["name": .string(name), "home": home, "codec": codec, "whenAbsent": whenAbsent]
    }
    return try Recipe(json: [
      "recipe": "test", "from": ["chart": "backbone", "versions": ["0.1.0"]],
      "to": ["chart": "backbone", "versions": ["0.2.0"]], "sink": ["variables": "extraEnv"],
      "variables": [
        variable("ADMIN_TOKEN", "config.adminToken", "text", ""),
        variable("HTTP_PORT", "config.httpPort", "port", "8883"),
        variable("K8S_ENABLED", "k8s.enabled", "flag", "false"),
        variable("WS_ENABLED", "ws.enabled", "flag", "false"),
        variable("REDIS_DB", "redis.db", "integer", "0"),
      ],
    ])
  }

  private func found(_ code: FindingCode, _ plan: Plan) -> Finding? {
    plan.findings.first { $0.code == code }
  }

  private func document(_ plan: Plan) throws -> PlanDocument {
    try PlanDocument(
      plan,
      PlanDocument.Circumstances(
        id: "plan-a", createdAt: "2026-01-01T00:00:00Z", helmVersion: "4", commands: []))
  }
}
