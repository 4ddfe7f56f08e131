import MigratePlanning
import Testing

@Suite("The ServiceAccount")
struct IdentityTests {
  @Test("keeps its name where chart 0.2.0 has another one", arguments: HelmVersion.only(.helm4))
  func keepsItsName(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let account = try await bench.installWithAccount(.appLabel, as: "web")
      let plan = try await bench.plan("web")
      let finding = try #require(plan.finding("service-account-renamed"))
      #expect(finding.isResolved)
      #expect(finding.severity == "breaking")
      #expect(plan.finding("service-account-unowned")?.isResolved == true)
      #expect(plan.setting("service-account-name")?["before"] == "web")
      #expect(plan.setting("service-account-name")?["byDefault"] == "web-backbone")
      #expect(plan.setting("service-account-name")?["after"] == "web")
      #expect(plan.value("serviceAccount", "name") == "web")
      #expect(plan.value("serviceAccount", "create") == false)

      try await bench.follow(plan)
      try await bench.expectAccount("web", of: "web", untouchedSince: account)
      #expect(try await bench.names(of: "serviceaccounts") == ["default", "web"])
    }
  }

  @Test(
    "is left alone where chart 0.2.0 has the same name", arguments: HelmVersion.only(.helm3),
    ["backbone", "my-backbone"])
  func isLeftAlone(helm: HelmVersion, release: String) async throws {
    try await Workbench.with(helm) { bench in
      let account = try await bench.installWithAccount(.appLabel, as: release)
      let plan = try await bench.plan(release)
      #expect(plan.findings("service-account-renamed").isEmpty)
      #expect(plan.finding("service-account-unowned")?.isResolved == true)
      #expect(plan.value("serviceAccount", "create") == false)

      try await bench.follow(plan)
      try await bench.expectAccount(release, of: release, untouchedSince: account)
      #expect(account["metadata"]?["labels"] == nil)
    }
  }

  @Test(
    "blocks when it does not exist, until the chart makes it", arguments: HelmVersion.only(.helm4))
  func blocksWhenMissing(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.install(.twoServices, as: "web")
      let blocked = try await bench.plan("web")
      #expect(blocked.verdict == "blocked")
      #expect(blocked.blockers == ["service-account-missing"])

      let plan = try await bench.plan("web", "--set", "serviceAccount.create=true")
      #expect(plan.blockers.isEmpty)
      try await bench.follow(plan)
      #expect(try await bench.names(of: "serviceaccounts") == ["default", "web"])
    }
  }
}

@Suite("Objects of others")
struct UnownedObjectTests {
  @Test("block, each by its name", arguments: HelmVersion.only(.helm3))
  func block(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("K8S_ENABLED=true", on: "web")
      try await bench.create([
        [
          "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web-tcp"],
          "spec": ["ports": [["port": 1883, "protocol": "TCP"]], "selector": ["app": "web"]],
        ],
        [
          "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": ["name": "web"],
          "rules": [],
        ],
      ])
      #expect(try await bench.plan("web").findings("object-unowned").count == 1)
      let plan = try await bench.plan("web", "--adopt", "service.tcp.enabled")
      #expect(plan.verdict == "blocked")
      let findings = plan.findings("object-unowned")
      #expect(findings.count == 2)
      #expect(findings.allSatisfy { $0.severity == "blocker" && $0.isOpen })
      #expect(findings.contains { $0.message.contains("web-tcp") })
    }
  }
}

extension Workbench {
  /// Installs a release with a hand-made ServiceAccount of its name.
  fileprivate func installWithAccount(
    _ chart: FixtureChart, as release: String
  ) async throws -> JSON {
    _ = try await kubectl("create", "serviceaccount", release)
    try await install(chart, as: release)
    return try await live("serviceaccount", release)
  }

  /// Requires that a Deployment's Pods run as a ServiceAccount, and that nobody touched that.
  fileprivate func expectAccount(
    _ name: String, of workload: String, untouchedSince account: JSON
  ) async throws {
    let deployment = try await live("deployment", workload)
    let podSpec = deployment["spec"]?["template"]?["spec"]
    #expect(podSpec?["serviceAccountName"]?.string == name)
    #expect(try await live("serviceaccount", name)["metadata"] == account["metadata"])
  }
}
