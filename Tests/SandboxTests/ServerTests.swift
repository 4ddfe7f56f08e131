import MigratePlanning
import Testing

@Suite("What the API server says")
struct ServerTests {
  @Test("a field that another program owns blocks", arguments: HelmVersion.allCases)
  func conflict(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.patchServiceType()
      let byHand = try await bench.plan("web", "--adopt", "service-type-changed")
      #expect(byHand.blockers == [])
      try await bench.patchServiceType(to: "ClusterIP", as: "balancer")
      try await bench.patchServiceType(as: "balancer")
      let plan = try await bench.plan("web", "--adopt", "service-type-changed")
      guard helm == .helm4 else {
        // Helm 3 asks nobody.
        #expect(plan.findings("field-conflict").isEmpty)
        return
      }
      let finding = try #require(plan.finding("field-conflict"))
      #expect(plan.blockers == ["field-conflict"])
      #expect(finding.message.contains(".spec.type"))
      #expect(finding.message.contains("Service/web"))
      #expect(finding.message.contains("\"balancer\""))
    }
  }

  @Test("a field with the same value on both sides does not", arguments: HelmVersion.allCases)
  func agreement(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.patchServiceType()
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "ready")
      #expect(plan.findings("field-conflict").isEmpty)
      try await bench.follow(plan)
      #expect(try await bench.live("service", "web")["spec"]?["type"] == "NodePort")
    }
  }

  @Test("a conflict over a variable is accounted for", arguments: HelmVersion.allCases)
  func variableConflict(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("API_ENABLED=1", on: "web")
      let plan = try await bench.plan("web")
      let conflicts = plan.findings("field-conflict")
      #expect(conflicts.count == (helm == .helm3 ? 0 : 1))
      for conflict in conflicts {
        #expect(conflict.isResolved)
        #expect(conflict.severity == "warning")
        #expect(conflict.message.contains("API_ENABLED"))
        #expect(conflict.message.contains("\"kubectl-set\""))
      }
      #expect(plan.commands.contains { $0.contains("--force-conflicts") } == (helm == .helm4))
      try await bench.follow(plan)
      #expect(try await bench.environment(of: "web")["API_ENABLED"] == "false")
    }
  }

  @Test(
    "fields that were set by hand, and that no finding is about, are named with their managers",
    arguments: HelmVersion.allCases)
  func drift(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      #expect(try await bench.plan("web").findings("drift").isEmpty)

      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      let variables = try await bench.plan("web").findings("drift")
      #expect(variables.map(\.isResolved) == [true])
      #expect(variables.first?.severity == "info")

      try await bench.patchServiceType()
      try await bench.patch("web", podSpec: ["nodeSelector": ["disk": "ssd"]])
      #expect(try await bench.plan("web").findings("drift").filter(\.isOpen).isEmpty)
      _ = try await bench.kubectl("annotate", "deployment", "web", "team=edge")
      // That is carried as well.
      let annotated = try await bench.plan("web")
      #expect(annotated.findings("drift").filter(\.isOpen).isEmpty)
      #expect(annotated.json["values"]?["deploymentAnnotations"] == ["team": "edge"])
      _ = try await bench.kubectl(
        "patch", "deployment", "web", "--type", "json", "--patch",
        #"[{"op": "add", "path": "/metadata/finalizers", "value": ["example.test/a"]}]"#)
      let others = try await bench.plan("web").findings("drift").filter(\.isOpen)
      _ = try await bench.kubectl(
        "patch", "deployment", "web", "--type", "json", "--patch",
        #"[{"op": "remove", "path": "/metadata/finalizers"}]"#)
      #expect(others.allSatisfy { $0.severity == "warning" })
      let messages = others.map(\.message).joined(separator: "\n")
      #expect(messages.contains("Deployment/web was changed by hand: "))
      #expect(messages.contains("metadata.finalizers"))
      #expect(!messages.contains("LOG_LEVEL"))
    }
  }

  @Test("a quota that forbids one more Service blocks", arguments: HelmVersion.allCases)
  func quota(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.limitServices(to: 1)
      #expect(try await bench.plan("web").blockers.isEmpty)
      let plan = try await bench.plan("web", "--adopt", "service.tcp.enabled")
      #expect(plan.blockers == ["server-rejects"])
      let finding = try #require(plan.finding("server-rejects"))
      #expect(finding.message.contains("Service/web-tcp"))
      #expect(finding.message.contains("exceeded quota"))
    }
  }

  @Test("a quota with room for it does not", arguments: HelmVersion.allCases)
  func quotaWithRoom(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.limitServices(to: 2)
      let plan = try await bench.plan("web", "--adopt", "service.tcp.enabled")
      #expect(plan.findings("server-rejects").isEmpty)
      try await bench.follow(plan)
      #expect(try await bench.names(of: "services") == ["web", "web-tcp"])
    }
  }

  @Test("an object that breaks a rule of the API blocks", arguments: HelmVersion.allCases)
  func brokenRule(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let plan = try await bench.plan(
        "web", "--adopt", "service.tcp.enabled", "--set", "commonLabels={team: two words}")
      #expect(plan.blockers == ["server-rejects"])
      let messages = plan.findings("server-rejects").map(\.message)
      #expect(messages.contains { $0.contains("Service/web-tcp") && $0.contains("two words") })
      #expect(messages.contains { $0.contains("Deployment/web") && $0.contains("two words") })

      let valid = try await bench.plan("web", "--set", "commonLabels={team: two-words}")
      #expect(valid.findings("server-rejects").isEmpty)
    }
  }

  @Test("a user who may only read gets a plan", arguments: HelmVersion.allCases)
  func readOnly(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      let reader = try await bench.limited(to: Self.reading)
      let plan = try await reader.plan("web", "--adopt", "service.tcp.enabled")
      #expect(plan.verdict == "attention")
      #expect(plan.blockers.isEmpty)
      #expect(plan.findings("server-rejects").isEmpty)
      let reason = try #require(plan.unchecked["server-rejects"])
      #expect(reason.contains("Service/web-tcp, "))
      #expect(reason.contains("Deployment/web"))
      #expect(reason.contains("create services, "))
      #expect(reason.contains("patch deployments"))
      // Helm 3 asks nobody who owns a field.
      #expect((plan.unchecked["field-conflict"] != nil) == (helm == .helm4))
      // Whether they exist already, a reader sees.
      #expect(plan.unchecked["object-unowned"] == nil)
      #expect(plan.findings("object-unowned").isEmpty)

      try await bench.create([
        [
          "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web-tcp"],
          "spec": ["ports": [["port": 1883]]],
        ]
      ])
      let taken = try await reader.plan("web", "--adopt", "service.tcp.enabled")
      #expect(taken.blockers == ["object-unowned"])
    }
  }

  @Test("what is forbidden for another reason blocks still", arguments: HelmVersion.allCases)
  func forbiddenOtherwise(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.limitServices(to: 1)
      let writer = try await bench.limited(
        to: Self.reading + [
          Rule(
            groups: ["", "apps"], resources: ["services", "deployments"],
            verbs: ["create", "patch"])
        ])
      let plan = try await writer.plan("web", "--adopt", "service.tcp.enabled")
      #expect(plan.blockers == ["server-rejects"])
      #expect(plan.finding("server-rejects")?.message.contains("exceeded quota") == true)
      #expect(plan.unchecked["server-rejects"] == nil)
      #expect(plan.unchecked["field-conflict"] == nil)
    }
  }

  /// What it takes to read a release.
  static let reading = [
    Rule(
      groups: ["", "apps"],
      resources: ["deployments", "services", "serviceaccounts", "secrets", "configmaps"],
      verbs: ["get", "list"])
  ]

  @Test("a refusal behind a conflict is found", arguments: HelmVersion.allCases)
  func refusalBehindConflict(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.patchServiceType()
      let plan = try await bench.plan(
        "web", "--set", "commonLabels={team: two words}", "--set",
        "service.http.type=LoadBalancer")
      let messages = plan.findings("server-rejects").map(\.message)
      #expect(plan.findings("field-conflict").isEmpty == (helm == .helm3))
      // Without a conflict to take over, helm 3's objects are not asked about.
      guard helm == .helm4 else { return }
      #expect(messages.contains { $0.contains("Service/web:") && $0.contains("two words") })
    }
  }

  @Test("each field in conflict is named once", arguments: HelmVersion.allCases)
  func severalConflicts(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("API_ENABLED=1", "WS_ENABLED=1", "TCP_ENABLED=1", on: "web")
      let plan = try await bench.plan("web")
      let messages = plan.findings("field-conflict").map(\.message)
      #expect(messages.count == (helm == .helm3 ? 0 : 3))
      for name in ["API_ENABLED", "WS_ENABLED", "TCP_ENABLED"] where helm == .helm4 {
        #expect(messages.count { $0.contains("[name=\"\(name)\"]") } == 1)
      }
      #expect(plan.unchecked["field-conflict"] == nil)
    }
  }

  @Test("without kubectl nobody was asked, and the plan says so", arguments: HelmVersion.allCases)
  func withoutKubectl(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      var without = bench
      without.variables["BACKBONE_MIGRATE_KUBECTL"] = "no-kubectl"
      let (outcome, plan) = try await without.planned("web")
      #expect([2, 3].contains(outcome.status))
      let codes = Set(plan.unchecked.keys)
      #expect(codes.isSuperset(of: ["drift", "object-unowned", "server-rejects"]))
      #expect(plan.unchecked["drift"]?.contains("no-kubectl") == true)
      #expect(plan.row("LOG_LEVEL") == nil)
      #expect(try await bench.plan("web").unchecked["drift"] == nil)
    }
  }
}

extension Workbench {
  /// Makes the release's Service one that is reached through the nodes.
  fileprivate func patchServiceType(
    to type: String = "NodePort", as manager: String = "kubectl-patch"
  ) async throws {
    let patch: JSON = ["spec": ["type": .string(type)]]
    _ = try await kubectl(
      "patch", "service", "web", "--patch", patch.canonical, "--field-manager", manager)
  }

  /// Allows so many Services, and waits until they are counted.
  fileprivate func limitServices(to count: Int) async throws {
    _ = try await kubectl("create", "quota", "few", "--hard=services=\(count)")
    _ = try await kubectl(
      "wait", "resourcequota/few", "--for=jsonpath={.status.used.services}=1", "--timeout=30s")
  }
}
