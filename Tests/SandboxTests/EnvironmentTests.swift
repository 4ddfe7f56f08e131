import MigratePlanning
import Testing

@Suite("The environment")
struct EnvironmentTests {
  @Test("a flag that is not exactly true stays off", arguments: HelmVersion.only(.helm3))
  func flagsStayOff(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand(
        "K8S_ENABLED=1", "WS_ENABLED=True", "API_ENABLED=yes", "TCP_ENABLED=true", on: "web")
      let plan = try await bench.plan("web")
      let findings = plan.findings("flag-not-true")
      #expect(findings.count == 3)
      #expect(findings.allSatisfy { $0.severity == "warning" && $0.isResolved })
      for name in ["K8S_ENABLED", "WS_ENABLED", "API_ENABLED"] {
        #expect(findings.contains { $0.message.contains(name) })
      }
      #expect(plan.row("K8S_ENABLED")?.before == "1")

      let before = try await bench.environment(of: "web")
      try await bench.follow(plan)
      let after = try await bench.environment(of: "web")
      #expect(Broker.reading(of: after) == Broker.reading(of: before))
      #expect(after["TCP_ENABLED"] == "true")
    }
  }

  @Test("a flag that is off by being absent stays off", arguments: HelmVersion.only(.helm4))
  func absentFlagStaysOff(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let plan = try await bench.plan("web")
      #expect(plan.row("K8S_ENABLED")?.before == .null)
      #expect(plan.row("K8S_ENABLED")?.after == "false")
      #expect(plan.row("K8S_ENABLED")?.explainedBy == "default-changed")
      #expect(plan.value("k8s", "enabled") == false)

      let adopted = try await bench.plan("web", "--adopt", "k8s.enabled")
      #expect(adopted.row("K8S_ENABLED")?.after == "true")
      #expect(
        adopted.findings("default-changed").contains { $0.acceptedBy == "--adopt k8s.enabled" })
    }
  }

  @Test("the old spelling of a variable goes on counting", arguments: HelmVersion.only(.helm3))
  func oldSpellingGoesOn(helm: HelmVersion) async throws {
    let url = "https://id.example/.well-known/openid-configuration"
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("OIDC_DISCOVERY_URL=\(url)", "OIDC_ENABLED=true", on: "web")
      let plan = try await bench.plan("web")
      let finding = try #require(plan.finding("variable-renamed"))
      #expect(finding.severity == "warning")
      #expect(finding.isResolved)
      #expect(plan.value("oidc", "discovery")?.string == url)

      let before = try await bench.environment(of: "web")
      try await bench.follow(plan)
      let after = try await bench.environment(of: "web")
      #expect(Broker.reading(of: after) == Broker.reading(of: before))
      #expect(after["OIDC_DISCOVERY"]?.text == url)
    }
  }

  @Test("a secret in plain text is named, never shown", arguments: HelmVersion.only(.helm4))
  func plainSecretIsNamed(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("ADMIN_TOKEN=of-the-admin", "MY_API_KEY=of-mine", on: "web")
      let (outcome, plan) = try await bench.planned("web")
      let findings = plan.findings("secret-in-plain-text")
      #expect(findings.count == 2)
      #expect(findings.allSatisfy { $0.severity == "warning" })
      #expect(plan.row("ADMIN_TOKEN")?.before == "<redacted>")
      #expect(plan.override("MY_API_KEY")?.isSensitive == true)
      #expect(plan.override("MY_API_KEY")?.value == nil)
      #expect(!outcome.text.contains("of-the-admin") && !outcome.text.contains("of-mine"))

      try await bench.follow(plan)
      let after = try await bench.environment(of: "web")
      #expect(after["ADMIN_TOKEN"] == "of-the-admin")
      #expect(after["MY_API_KEY"] == "of-mine")
    }
  }

  @Test("a variable from a Secret stays a reference", arguments: HelmVersion.only(.helm3))
  func referencesStay(helm: HelmVersion) async throws {
    let entries = [
      EnvironmentEntry("ADMIN_TOKEN", .secretKey("admin", of: "mine")),
      EnvironmentEntry("MY_API_KEY", .secretKey("api", of: "mine")),
    ]
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.kubectl(
        "create", "secret", "generic", "mine", "--from-literal=admin=a", "--from-literal=api=b")
      try await bench.patchContainer(of: "web", with: ["env": .array(entries.map(\.json))])
      let plan = try await bench.plan("web")
      let findings = plan.findings("variable-read-from-secret")
      #expect(findings.count == 2)
      #expect(findings.allSatisfy { $0.severity == "info" && $0.isResolved })
      #expect(plan.findings("secret-in-plain-text").isEmpty)
      #expect(plan.override("ADMIN_TOKEN")?.path == "config.adminTokenFrom")
      #expect(plan.override("MY_API_KEY")?.path == "extraEnv")

      try await bench.follow(plan)
      let container = try await bench.liveContainer("web")
      for entry in entries {
        #expect(container["env"]?.elements.contains(entry.json) == true)
      }
    }
  }

  @Test("a text that only looks redacted is carried", arguments: HelmVersion.only(.helm4))
  func textThatLooksRedacted(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_FORMAT=<redacted>", on: "web")
      try await bench.follow(try await bench.plan("web"))
      #expect(try await bench.environment(of: "web")["LOG_FORMAT"] == "<redacted>")
    }
  }

  @Test("what the chart cannot put in order blocks", arguments: HelmVersion.only(.helm3))
  func impossibleOrderBlocks(helm: HelmVersion) async throws {
    // The address takes the password from the Secret, what comes after it is another password: no
    // order of single entries gives both.
    let entries = [
      EnvironmentEntry("REDIS_PASSWORD", .secretKey("password", of: "mine")),
      EnvironmentEntry("REDIS_ADDRESS", "redis://:$(REDIS_PASSWORD)@cache"),
      EnvironmentEntry("REDIS_PASSWORD", "another"),
    ]
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl(
        "create", "secret", "generic", "mine", "--from-literal=password=p")
      try await bench.installReady(
        .envList, values: ["env": .array(entries.map(\.json))], isClientSide: true)
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "blocked")
      #expect(plan.blockers == ["expansion-order"])
    }
  }

  @Test("the listeners cannot share a port", arguments: HelmVersion.only(.helm4))
  func sharedPortBlocks(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand(
        "HTTP_PORT=1883", "TCP_ENABLED=true", "API_ENABLED=true", on: "web")
      let outcome = try await bench.migrate("plan", "web", "--namespace", bench.namespace)
      #expect([1, 3].contains(outcome.status))
      #expect((outcome.text + outcome.errorText).contains("config.httpPort"))
    }
  }
}

/// Names that stand twice in `env`: Kubernetes takes the last one, and helm's merge loses both.
@Suite("Variables that stand twice")
struct DuplicateTests {
  private static let twice = [
    EnvironmentEntry("LOG_LEVEL", "first"), EnvironmentEntry("GREETING", "hello"),
    EnvironmentEntry("LOG_LEVEL", "last"),
  ]

  @Test("in helm's manifest come out once, as the last one", arguments: HelmVersion.only(.helm3))
  func inManifest(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(
        .envList, values: ["env": .array(Self.twice.map(\.json))], isClientSide: true)
      let plan = try await bench.plan("web")
      #expect(plan.finding("variable-duplicated")?.severity == "warning")
      #expect(plan.row("LOG_LEVEL")?.state == "same")
      try await bench.follow(plan)
      let after = try await bench.environment(of: "web")
      #expect(after["LOG_LEVEL"] == "last")
      #expect(after["GREETING"] == "hello")
      #expect(try await bench.live("deployment", "web")["spec"]?["paused"] == nil)
    }
  }

  @Test("on the live object only come out as the last one", arguments: HelmVersion.only(.helm4))
  func onLiveObject(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel, isClientSide: true)
      try await bench.writeTwice(Self.twice)
      let plan = try await bench.plan("web")
      #expect(plan.findings("variable-duplicated").count == 1)
      try await bench.follow(plan)
      #expect(try await bench.environment(of: "web")["LOG_LEVEL"] == "last")
    }
  }

  @Test("on a release that helm applies on the server come out once by apply, not by helm alone")
  func onServerSideRelease() async throws {
    try await Workbench.with(.helm4) { bench in
      try await bench.installReady(.appLabel)
      try await bench.writeTwice(Self.twice)
      let plan = try await bench.plan("web")
      #expect(plan.blockers.isEmpty)
      #expect(plan.commands == ["backbone-migrate apply \(plan.id)"])
      try await bench.follow(plan)
      #expect(try await bench.environment(of: "web")["LOG_LEVEL"] == "last")
    }
  }
}

@Suite("Sources of variables (envFrom)")
struct EnvironmentFromTests {
  private static let source: JSON = ["configMapRef": ["name": "settings"]]

  @Test("still decide what the chart would hide", arguments: HelmVersion.only(.helm3))
  func sourcesDecide(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installWithSource(Self.source)
      let plan = try await bench.plan("web")
      let finding = try #require(plan.finding("environment-from-source"))
      #expect(finding.isResolved)
      #expect(finding.message.contains("HTTP_PORT"))
      #expect(plan.unchecked["environment-from-source"] == nil)
      #expect(plan.override("HTTP_PORT")?.kind == "envFrom")
      #expect(plan.override("HTTP_PORT")?.manager == "kubectl-patch")
      #expect(plan.row("LOG_LEVEL")?.state == "same")

      try await bench.follow(plan)
      let after = try await bench.environment(of: "web")
      #expect(after["HTTP_PORT"] == "9191")
      #expect(after["LOG_LEVEL"] == "trace")
      #expect(try await bench.liveContainer("web")["envFrom"] == [Self.source])
    }
  }

  @Test("count behind an optional reference", arguments: HelmVersion.only(.helm4))
  func behindOptionalReference(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installWithSource(Self.source)
      let reference: JSON = ["name": "overrides", "key": "port", "optional": true]
      try await bench.patchContainer(
        of: "web",
        with: ["env": [["name": "HTTP_PORT", "valueFrom": ["secretKeyRef": reference]]]])
      let missing = try await bench.plan("web")
      #expect(missing.override("HTTP_PORT")?.kind == "envFrom")
      #expect(missing.unchecked["environment-from-source"] == nil)
      try await bench.follow(missing)
      #expect(try await bench.environment(of: "web")["HTTP_PORT"] == "9191")
    }
  }

  @Test(
    "give way to an optional reference that leads somewhere", arguments: HelmVersion.only(.helm3))
  func overriddenByOptionalReference(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installWithSource(Self.source)
      _ = try await bench.kubectl(
        "create", "secret", "generic", "overrides", "--from-literal=port=9292")
      let reference: JSON = ["name": "overrides", "key": "port", "optional": true]
      try await bench.patchContainer(
        of: "web",
        with: ["env": [["name": "HTTP_PORT", "valueFrom": ["secretKeyRef": reference]]]])
      let plan = try await bench.plan("web")
      #expect(plan.override("HTTP_PORT")?.kind == "secretRef")
      #expect(plan.row("HTTP_PORT")?.state == "same")
      try await bench.follow(plan)
      #expect(try await bench.environment(of: "web")["HTTP_PORT"] == "9292")
    }
  }

  @Test("that may not be read leave everything open", arguments: HelmVersion.only(.helm4))
  func unreadableSource(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installWithSource(Self.source)
      // Operator mode off, so that the upgrade makes no Role, which this user may not.
      try await bench.setByHand("GREETING=hello", "K8S_ENABLED=false", on: "web")
      let limited = try await bench.limited(to: [
        Rule(
          groups: ["", "apps"], resources: ["deployments", "services", "serviceaccounts"],
          verbs: ["get", "create", "patch"]),
        Rule(groups: [""], resources: ["pods"], verbs: ["list"]),
        // Helm keeps its revisions in Secrets, and lists them.
        Rule(groups: [""], resources: ["secrets"], verbs: ["list"]),
      ])
      let plan = try await limited.plan("web")
      #expect(plan.verdict == "attention")
      let reason = try #require(plan.unchecked["environment-from-source"])
      #expect(reason.contains("settings"))
      let row = try #require(plan.row("HTTP_PORT"))
      #expect(row.before["unknown"] != nil)
      #expect(row.state != "same")
      #expect(plan.rows.allSatisfy { $0.before["unknown"] == nil || $0.state != "same" })
      #expect(plan.row("GREETING")?.state == "same")
    }
  }

  @Test("and all that is live may be hidden", arguments: HelmVersion.only(.helm3))
  func nothingButHelm(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("GREETING=hello", on: "web")
      let limited = try await bench.limited(to: [
        Rule(groups: [""], resources: ["secrets"], verbs: ["list"])
      ])
      let outcome = try await limited.migrate(
        "plan", "web", "--namespace", bench.namespace, "--output", "json")
      // Either no plan, or one that says that it saw nothing that was set by hand.
      if outcome.status == 1 {
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText.contains("forbidden"))
      } else {
        let plan = try PlanReport(outcome.output)
        #expect(plan.verdict == "attention")
        #expect(plan.unchecked["drift"] != nil)
      }
    }
  }
}

@Suite("Who set a variable")
struct ProvenanceTests {
  @Test("is told by the field managers", arguments: HelmVersion.only(.helm4))
  func managers(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(
        .envMap, values: ["env": ["REDIS_HOST": "cache", "TZ": "UTC", "LOG_LEVEL": "info"]])
      try await bench.setByHand("GREETING=hello", "TZ=Europe/Vienna", on: "web")
      try await bench.patchContainer(
        of: "web", with: ["env": [["name": "LOG_LEVEL", "value": "debug"]]])
      var editor = bench
      editor.variables["KUBE_EDITOR"] = "sed -i s/hello/edited/"
      _ = try await editor.kubectl("edit", "deployment", "web")

      let plan = try await bench.plan("web")
      #expect(plan.override("K8S_ENABLED")?.provenance == "manifest")
      #expect(plan.override("REDIS_HOST")?.provenance == "values")
      let managers = ["TZ", "LOG_LEVEL", "GREETING"].map { plan.override($0)?.manager }
      #expect(managers == ["kubectl-set", "kubectl-patch", "kubectl-edit"])
    }
  }

  @Test("is told by who wrote the value, not by who came last", arguments: HelmVersion.only(.helm3))
  func managerOfTheValue(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=info", on: "web")
      try await bench.patchContainer(
        of: "web", with: ["env": [["name": "LOG_LEVEL", "value": "debug"]]])
      try await bench.setByHand("GREETING=hello", on: "web")
      let plan = try await bench.plan("web")
      #expect(plan.override("LOG_LEVEL")?.manager == "kubectl-patch")
      #expect(plan.override("GREETING")?.manager == "kubectl-set")
    }
  }

  @Test("is not said to be helm where it was not", arguments: HelmVersion.only(.helm4))
  func emptiedValue(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.envMap)
      try await bench.patchContainer(
        of: "web", with: ["env": [["name": "K8S_ENABLED", "value": ""]]])
      let override = try #require(try await bench.plan("web").override("K8S_ENABLED"))
      #expect(override.provenance == "live")
      #expect(override.manager != "helm")
    }
  }
}

extension Workbench {
  /// Installs release `web` with the ServiceAccount that it needs; on the client side, helm 4
  /// writes objects as helm 3 does.
  func installReady(
    _ chart: FixtureChart, values: JSON? = nil, isClientSide: Bool = false
  ) async throws {
    _ = try await kubectl("create", "serviceaccount", "web")
    let flags = isClientSide && helmVersion == .helm4 ? ["--server-side=false"] : []
    try await install(chart, as: "web", values: values, flags: flags)
  }

  /// Replaces the environment of the live Deployment by one that no merge would write.
  fileprivate func writeTwice(_ entries: some Sequence<EnvironmentEntry>) async throws {
    let patch: JSON = [
      [
        "op": "add", "path": "/spec/template/spec/containers/0/env",
        "value": .array(entries.map(\.json)),
      ]
    ]
    _ = try await kubectl("patch", "deployment", "web", "--type=json", "--patch", patch.canonical)
  }

  /// Installs release `web` with an `envFrom` source of the operator's own.
  fileprivate func installWithSource(_ source: JSON) async throws {
    try await installReady(.appLabel)
    _ = try await kubectl(
      "create", "configmap", "settings", "--from-literal=HTTP_PORT=9191",
      "--from-literal=LOG_LEVEL=trace")
    try await patchContainer(of: "web", with: ["envFrom": [source]])
  }
}
