import Foundation
import MigratePlanning
import Testing

@Suite("The release's state")
struct ReleaseStateTests {
  @Test("a release that runs 0.2.0 already is refused", arguments: HelmVersion.only(.helm4))
  func alreadyMigrated(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.follow(try await bench.plan("web"))
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 3)
      #expect(plan.blockers == ["recipe-not-applicable"])
      #expect(plan.finding("recipe-not-applicable")?.message.contains("already") == true)
    }
  }

  @Test("a namespace whose name looks like a number is no matter", arguments: HelmVersion.allCases)
  func numberedNamespace(helm: HelmVersion) async throws {
    let name = String(Int.random(in: 100_000_000...999_999_999))
    try await Workbench.with(helm, namespace: name) { bench in
      try await bench.installConfigured()
      let plan = try await bench.plan("web")
      #expect(plan.json["release"]?["namespace"]?.string == name)
      #expect(plan.rows.map(\.name).contains("ADMIN_TOKEN"))
      let before = try await bench.state()
      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(applied)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(wentBack)")
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("a release of another chart is refused", arguments: HelmVersion.only(.helm4))
  func anotherChart(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let chart = bench.folder + "/other"
      try FileManager.default.copyItem(atPath: FixtureChart.appLabel.path, toPath: chart)
      try "apiVersion: v2\nname: postbox\nversion: 0.1.0\n".write(
        toFile: chart + "/Chart.yaml", atomically: true, encoding: .utf8)
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      _ = try await bench.helm("install", "web", chart)
      let plan = try await bench.plan("web")
      #expect(plan.blockers.contains("recipe-not-applicable"))
      #expect(plan.finding("recipe-not-applicable")?.message.contains("postbox") == true)
    }
  }

  @Test(
    "a release that is not there is named, with its namespace", arguments: HelmVersion.only(.helm3))
  func notFound(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      for format in ["table", "json"] {
        let outcome = try await bench.migrate(
          "plan", "nowhere", "--namespace", bench.namespace, "--output", format)
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText.contains("\"nowhere\""))
        #expect(outcome.errorText.contains("\"\(bench.namespace)\""))
      }
    }
  }

  @Test(
    "a release that was mistyped, or is elsewhere, is looked for",
    arguments: HelmVersion.only(.helm4))
  func lookedFor(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let name = "web-\(bench.namespace.suffix(8))"
      _ = try await bench.kubectl("create", "serviceaccount", name)
      try await bench.install(.appLabel, as: name)
      let mistyped = try await bench.migrate("plan", "\(name)x", "--namespace", bench.namespace)
      #expect(mistyped.status == 1)
      #expect(mistyped.errorText.contains("did you mean \"\(name)\"?"), "\(mistyped.errorText)")
      let elsewhere = try await bench.migrate("export", name, "--namespace", "default")
      #expect(elsewhere.status == 1)
      let hint =
        "there is one in namespace \"\(bench.namespace)\": add --namespace \(bench.namespace)"
      #expect(elsewhere.errorText.contains(hint), "\(elsewhere.errorText)")
    }
  }

  @Test("an upgrade that was cut off is waited for", arguments: HelmVersion.only(.helm4))
  func pendingUpgrade(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.envList)
      try await bench.cutOffUpgrade(of: "web", to: .envList)
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 3)
      #expect(plan.blockers.contains("release-pending"))
      #expect(plan.json["release"]?["status"] == "pending-upgrade")

      // What the remedy says.
      _ = try await bench.helm("rollback", "web")
      #expect(try await bench.plan("web").blockers.isEmpty)
    }
  }

  @Test("a failed upgrade is no reason to stop", arguments: HelmVersion.only(.helm3))
  func failedUpgrade(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(
        .envList, values: ["env": [["name": "LOG_LEVEL", "value": "a"]]])
      // A number where Kubernetes wants a text.
      let failed = try await bench.shell(
        "helm upgrade web \(FixtureChart.envList.path) --namespace \(bench.namespace) "
          + "--set 'env[0].name=LOG_LEVEL,env[0].value=1'")
      #expect(failed.status != 0)
      let plan = try await bench.plan("web")
      #expect(plan.json["release"]?["status"] == "failed")
      #expect(plan.finding("release-failed")?.severity == "warning")
      #expect(plan.blockers.isEmpty)
      try await bench.follow(plan)
      #expect(try await bench.environment(of: "web")["LOG_LEVEL"] == "a")
    }
  }
}

/// What a reader's shell does with the plan's commands when the plan cannot be made any more.
@Suite("Commands whose plan fails")
struct FailingCommandTests {
  @Test("change nothing", arguments: HelmVersion.only(.helm4))
  func planFails(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      let plan = try await bench.plan("web")
      var broken = bench
      broken.variables["BACKBONE_MIGRATE_KUBECTL"] = bench.folder + "/bin/no-kubectl"
      try await expectNothingHappens(bench, following: plan, in: broken)
    }
  }

  @Test("change nothing when the plan is blocked by now", arguments: HelmVersion.only(.helm3))
  func planIsBlocked(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let plan = try await bench.plan("web")
      _ = try await bench.kubectl("delete", "serviceaccount", "web")
      try await expectNothingHappens(bench, following: plan, in: bench)
    }
  }

  private func expectNothingHappens(
    _ bench: Workbench, following plan: PlanReport, in place: Workbench
  ) async throws {
    let before = try await bench.live("deployment", "web")
    var statuses: [Int] = []
    for command in plan.commands { statuses.append(try await place.shell(command).status) }
    #expect(statuses.contains { $0 != 0 })
    #expect(try await bench.live("deployment", "web")["spec"] == before["spec"])
    let history = try await bench.helm("history", "web", "--output", "json")
    #expect(try JSONDecoder().decode(JSON.self, from: Data(history.output)).elements.count == 1)
  }
}

extension Workbench {
  /// Begins an upgrade that never comes up, and kills helm in the middle of it.
  func cutOffUpgrade(of release: String, to chart: FixtureChart) async throws {
    let reference = "secretKeyRef.name=nowhere,env[0].valueFrom.secretKeyRef.key=none"
    let line = """
      helm upgrade \(release) \(chart.path) --namespace \(namespace) --wait \
      --set 'env[0].name=MISSING,env[0].valueFrom.\(reference)' >/dev/null 2>&1 &
      helm=$!
      until helm status \(release) --namespace \(namespace) | grep -q pending-upgrade; do
        sleep 0.1
      done
      kill -KILL $helm
      """
    _ = try await shell(line).succeeded()
  }
}
