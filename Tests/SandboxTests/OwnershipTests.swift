import Foundation
import MigratePlanning
import Testing

@Suite("Objects and their owners")
struct OwnershipTests {
  @Test("an object that nobody's release has is in the way", arguments: HelmVersion.only(.helm4))
  func handMadeObject(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.kubectl("create", "service", "clusterip", "web-tcp", "--tcp=1883")
      #expect(try await bench.plan("web").findings("object-unowned").isEmpty)
      let second = ["--adopt", "service.tcp.enabled"]
      let (outcome, plan) = try await bench.planned("web", second)
      #expect(outcome.status == 3)
      #expect(plan.blockers == ["object-unowned"])
      #expect(plan.finding("object-unowned")?.message.contains("Service/web-tcp") == true)
      #expect(plan.finding("object-unowned")?.message.contains("belongs to no release") == true)

      // What the manual says.
      let other = try await bench.planned(
        "web", second + ["--set", "service.tcp.name=web-mqtt"]
      ).plan
      #expect(other.findings("object-unowned").isEmpty)
      try await bench.follow(other)
      #expect(try await bench.names(of: "services") == ["web", "web-mqtt", "web-tcp"])
    }
  }

  @Test("an object that only the defaults would create is not", arguments: HelmVersion.only(.helm3))
  func handMadeObjectThatIsNotNeeded(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl("create", "serviceaccount", "backbone")
      try await bench.install(.appLabel, as: "backbone")
      _ = try await bench.kubectl("create", "service", "clusterip", "backbone-tcp", "--tcp=1883")
      let chart = bench.folder + "/new"
      _ = try await bench.migrate("chart", chart).succeeded()
      let plain = try await bench.run(
        "helm", ["upgrade", "backbone", chart, "--namespace", bench.namespace])
      #expect(plain.errorText.contains("invalid ownership metadata"))

      let plan = try await bench.plan("backbone")
      let finding = try #require(plan.finding("object-unowned"))
      #expect(!finding.isOpen && finding.message.contains("Service/backbone-tcp"))
      try await bench.follow(plan)
      #expect(try await bench.names(of: "services") == ["backbone", "backbone-tcp"])
    }
  }

  /// Seen to be called kept, in a plan that was READY; then the Deployment was deleted.
  @Test("a selector with expressions is not given up unasked", arguments: HelmVersion.allCases)
  func selectorWithExpressions(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let chart = bench.folder + "/expressions"
      try FileManager.default.copyItem(atPath: FixtureChart.appLabel.path, toPath: chart)
      let template = chart + "/templates/deployment.yaml"
      let text = try String(contentsOfFile: template, encoding: .utf8).replacing(
        "    matchLabels:\n",
        with: "    matchExpressions: [{key: app, operator: Exists}]\n    matchLabels:\n")
      try text.write(toFile: template, atomically: true, encoding: .utf8)
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      _ = try await bench.helm("install", "web", chart, "--namespace", bench.namespace)
      try await bench.rollOut()
      let before = try await bench.state()
      let live = try await bench.live("deployment", "web")

      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 2 && plan.blockers == [], "\(outcome)")
      let finding = try #require(plan.finding("selector-immutable"))
      #expect(finding.isOpen && finding.message.contains("matchExpressions"))
      let refused = try await bench.migrate(
        ["apply", plan.id, "--namespace", bench.namespace, "--yes"])
      #expect(refused.status == 2, "\(refused)")
      #expect(
        try await bench.live("deployment", "web")["metadata"]?["uid"] == live["metadata"]?["uid"])

      #expect(try await bench.apply(plan).ended(0, "done"))
      #expect(
        try await bench.live("deployment", "web")["spec"]?["selector"]?["matchExpressions"] == nil)
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("an object of a release elsewhere is in the way", arguments: HelmVersion.only(.helm3))
  func objectOfAnotherRelease(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let options = ["--adopt", "k8s.enabled", "--set", "rbac.clusterWide=true"]
      #expect(try await bench.planned("web", options).plan.blockers.isEmpty)

      try await bench.createForCluster([
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "rules": [],
        "metadata": [
          "name": .string("\(bench.namespace):web"),
          "labels": ["app.kubernetes.io/managed-by": "Helm"],
          "annotations": [
            "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "elsewhere",
          ],
        ],
      ])
      let plan = try await bench.planned("web", options).plan
      #expect(plan.blockers == ["object-unowned"])
      let message = try #require(plan.finding("object-unowned")?.message)
      #expect(message.contains("ClusterRole/\(bench.namespace):web"))
      #expect(message.contains("release \"web\" in namespace \"elsewhere\""))
    }
  }

  @Test("an object that the release left behind is not", arguments: HelmVersion.only(.helm4))
  func ownObjectLeftBehind(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let options = [
        "--set", "persistence.enabled=true",
        "--set", "persistence.annotations={helm.sh/resource-policy: keep}",
      ]
      try await bench.follow(try await bench.planned("web", options).plan)
      _ = try await bench.helm("rollback", "web", "1")
      let claim = try await bench.live("persistentvolumeclaim", "web-data")

      let plan = try await bench.planned("web", options).plan
      #expect(plan.findings("object-unowned").isEmpty)
      #expect(plan.blockers.isEmpty)
      try FileManager.default.removeItem(atPath: bench.folder + "/backbone-0.2.0")
      try await bench.follow(plan)
      let after = try await bench.live("persistentvolumeclaim", "web-data")
      #expect(after["metadata"]?["uid"] == claim["metadata"]?["uid"])
    }
  }

  /// What Flux and Argo CD leave on a Deployment.
  static let marks = [
    ["label", "helm.toolkit.fluxcd.io/name=web", "kubectl", "Flux"],
    ["label", "kustomize.toolkit.fluxcd.io/name=apps", "kubectl", "Flux"],
    ["label", "argocd.argoproj.io/instance=web", "kubectl", "Argo CD"],
    [
      "annotate", "argocd.argoproj.io/tracking-id=web:apps/Deployment:mqtt/web", "kubectl",
      "Argo CD",
    ],
    ["label", "team=mqtt", "helm-controller", "Flux"],
    ["label", "team=mqtt", "argocd-controller", "Argo CD"],
  ]

  @Test("what git owns is not changed past it", arguments: HelmVersion.only(.helm3), marks)
  func managedByGitOps(helm: HelmVersion, mark: [String]) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.kubectl(
        mark[0], "deployment", "web", mark[1], "--field-manager", mark[2])
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 3)
      #expect(plan.blockers == ["managed-by-gitops"])
      #expect(plan.finding("managed-by-gitops")?.message.hasPrefix(mark[3]) == true)
    }
  }

  @Test("labels that everybody has are no sign of git", arguments: HelmVersion.only(.helm4))
  func notManagedByGitOps(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.kubectl(
        "label", "deployment", "web", "app.kubernetes.io/instance=web", "flux=capacitor",
        "example.com/argocd=no")
      let plan = try await bench.plan("web")
      #expect(plan.findings("managed-by-gitops").isEmpty)
      #expect(plan.blockers.isEmpty)
    }
  }

  @Test("a chart within another one is migrated there", arguments: HelmVersion.only(.helm3))
  func chartIsDependency(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let chart = bench.folder + "/platform"
      try FileManager.default.createDirectory(
        atPath: chart + "/charts", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: FixtureChart.appLabel.path, toPath: chart + "/charts/backbone")
      try "apiVersion: v2\nname: platform\nversion: 1.2.3\n".write(
        toFile: chart + "/Chart.yaml", atomically: true, encoding: .utf8)
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      _ = try await bench.helm("install", "web", chart)
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 3)
      #expect(plan.blockers == ["chart-is-dependency"])
      #expect(plan.finding("chart-is-dependency")?.message.contains("platform") == true)
      #expect(plan.finding("chart-is-dependency")?.remedy?.contains("backbone:") == true)
    }
  }

  @Test("a chart of its own is not", arguments: HelmVersion.only(.helm4))
  func chartIsNoDependency(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      // The folder's name is no sign.
      let chart = bench.folder + "/charts/backbone"
      try FileManager.default.createDirectory(
        atPath: bench.folder + "/charts", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: FixtureChart.appLabel.path, toPath: chart)
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      _ = try await bench.helm("install", "web", chart)
      #expect(try await bench.plan("web").findings("chart-is-dependency").isEmpty)
    }
  }
}

@Suite("The release's revisions")
struct RevisionOwnershipTests {
  @Test("a history that helm begins to forget is named", arguments: HelmVersion.only(.helm3))
  func historyPruned(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let again = ["upgrade", "web", FixtureChart.appLabel.path]
      for _ in 0..<8 { _ = try await bench.helm(again) }
      #expect(try await bench.plan("web").findings("history-pruned").isEmpty)

      _ = try await bench.helm(again)
      let full = try #require(try await bench.plan("web").finding("history-pruned"))
      #expect(full.severity == "warning")
      #expect(full.message.contains("removes revision 1,"))

      _ = try await bench.helm(again)
      let pruned = try #require(try await bench.plan("web").finding("history-pruned"))
      #expect(pruned.message.contains("removes revision 2,"))
    }
  }

  @Test(
    "after a failed step the plan goes by the revision that runs",
    arguments: HelmVersion.only(.helm4))
  func failedStep(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      #expect(try await bench.plan("web").findings("release-failed").isEmpty)

      _ = try await bench.migrate("chart", bench.folder + "/new").succeeded()
      // The selector cannot change; the Services are there by then.
      let failed = try await bench.shell(
        "helm upgrade web ./new --namespace \(bench.namespace) "
          + "--set fullnameOverride=web,serviceAccount.create=false,serviceAccount.name=web")
      #expect(failed.status != 0)
      #expect(failed.errorText.contains("immutable"))
      #expect(try await bench.names(of: "services") == ["web", "web-tcp"])

      let plan = try await bench.plan("web")
      #expect(plan.json["release"]?["status"] == "failed")
      #expect(plan.json["release"]?["revision"] == 2)
      #expect(plan.json["release"]?["chart"]?["version"] == "0.1.0")
      #expect(plan.finding("release-failed")?.severity == "warning")
      #expect(plan.findings("recipe-not-applicable").isEmpty)
      #expect(plan.findings("object-unowned").isEmpty)
      #expect(plan.blockers.isEmpty)
      try await bench.follow(plan)
      #expect(try await bench.environment(of: "web")["LOG_LEVEL"] == "debug")
    }
  }

  @Test("a release near the limit of a Secret is named", arguments: HelmVersion.only(.helm3))
  func releaseTooLarge(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installLarge(characters: 440_000)
      let finding = try #require(try await bench.plan("web").finding("release-too-large"))
      #expect(finding.severity == "breaking")
      #expect(finding.isOpen)
      let accepted = try await bench.plan("web", "--adopt", "release-too-large")
      #expect(accepted.finding("release-too-large")?.acceptedBy == "--adopt release-too-large")
    }
  }

  @Test("a large release with room to grow is not", arguments: HelmVersion.only(.helm4))
  func releaseNotTooLarge(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installLarge(characters: 400_000)
      #expect(try await bench.plan("web").findings("release-too-large").isEmpty)
    }
  }
}

@Suite("Values and names")
struct ValueOwnershipTests {
  @Test("values of the old chart are called stale", arguments: HelmVersion.only(.helm3))
  func sourceValuesStale(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.envList, values: ["env": [["name": "A", "value": "b"]]])
      let plan = try await bench.plan("web")
      #expect(plan.finding("source-values-stale")?.severity == "warning")
      #expect(plan.finding("source-values-stale")?.message.contains("(env)") == true)
      #expect(plan.findings("value-unsupported").isEmpty)
    }
  }

  @Test("without values there is nothing stale", arguments: HelmVersion.only(.helm4))
  func nothingStale(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.envList)
      #expect(try await bench.plan("web").findings("source-values-stale").isEmpty)
    }
  }

  @Test("a value that ends here is named until it is let go", arguments: HelmVersion.only(.helm3))
  func valueUnsupported(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(
        .envList, values: ["tuning": ["level": "high"], "priorityClassName": "critical"])
      let plan = try await bench.plan("web")
      let findings = plan.findings("value-unsupported")
      #expect(findings.count == 2)
      #expect(findings.allSatisfy { $0.isOpen && $0.severity == "breaking" })
      #expect(findings.contains { $0.message.contains("\"tuning.level\"") })

      let accepted = try await bench.plan("web", "--adopt", "value-unsupported")
      #expect(accepted.findings("value-unsupported").count { !$0.isOpen } == 2)
      let known = try await bench.plan("web", "--set", "priorityClassName=critical")
      #expect(known.findings("value-unsupported").map(\.isOpen) == [true])
    }
  }

  @Test("a --set without effect is named", arguments: HelmVersion.only(.helm4))
  func valueIgnored(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let plan = try await bench.plan(
        "web", "--set", "ingress.className=nginx", "--set", "service.http.type=NodePort")
      let finding = try #require(plan.finding("value-ignored"))
      #expect(finding.severity == "warning")
      #expect(finding.message.contains("ingress.className"))

      let used = try await bench.plan(
        "web", "--set", "ingress.className=nginx", "--set", "ingress.enabled=true",
        "--set", "ingress.hosts=[{host: mqtt.example, paths: [{path: /, pathType: Prefix}]}]")
      #expect(used.findings("value-ignored").isEmpty)
    }
  }

  @Test("the names and the selector stay", arguments: HelmVersion.only(.helm3))
  func namesStay(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let before = try await bench.live("deployment", "web")
      let plan = try await bench.plan("web")
      #expect(plan.finding("workload-renamed")?.isResolved == true)
      #expect(plan.finding("selector-immutable")?.isResolved == true)
      try await bench.follow(plan)
      #expect(try await bench.names(of: "deployments") == ["web"])
      let after = try await bench.live("deployment", "web")
      #expect(after["metadata"]?["uid"] == before["metadata"]?["uid"])
      #expect(after["spec"]?["selector"] == before["spec"]?["selector"])
    }
  }

  @Test("names that the chart has anyway are no finding", arguments: HelmVersion.only(.helm4))
  func sameNames(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      try await bench.install(.recommendedLabels, as: "web")
      let plan = try await bench.plan("web")
      #expect(plan.findings("workload-renamed").isEmpty)
      #expect(plan.findings("selector-immutable").isEmpty)
    }
  }

  @Test("new names are taken when that is chosen", arguments: HelmVersion.only(.helm3))
  func namesAdopted(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let plan = try await bench.plan(
        "web", "--adopt", "fullnameOverride", "--adopt", "selectorLabels")
      #expect(plan.finding("workload-renamed")?.acceptedBy == "--adopt fullnameOverride")
      #expect(plan.finding("workload-renamed")?.isResolved == false)
      #expect(plan.findings("selector-immutable").isEmpty)
      #expect(plan.json["interruption"]?["kind"] == "replace")
      try await bench.follow(plan)
      #expect(try await bench.names(of: "deployments") == ["web-backbone"])
    }
  }

  @Test(
    "a new selector under the old name replaces the Deployment", arguments: HelmVersion.only(.helm4)
  )
  func selectorAdopted(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      let before = try await bench.live("deployment", "web")
      let plan = try await bench.plan("web", "--adopt", "selectorLabels")
      let finding = try #require(plan.finding("selector-immutable"))
      #expect(finding.severity == "breaking" && finding.acceptedBy == "--adopt selectorLabels")
      #expect(plan.json["interruption"]?["kind"] == "replace")
      try await bench.follow(plan)
      let after = try await bench.live("deployment", "web")
      #expect(after["metadata"]?["uid"] != before["metadata"]?["uid"])
      #expect(try await bench.environment(of: "web")["LOG_LEVEL"] == "debug")
    }
  }

  @Test("a claim for one node changes no strategy in passing", arguments: HelmVersion.only(.helm3))
  func strategyStays(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installWithClaim()
      let plan = try await bench.plan("web")
      #expect(plan.findings("value-unsupported").isEmpty)
      let finding = try #require(plan.finding("strategy-changed"))
      #expect(finding.isResolved)
      #expect(finding.message.contains("RollingUpdate"))
      #expect(finding.remedy?.contains("--adopt strategy") == true)
      try await bench.follow(plan)
      #expect(
        try await bench.live("deployment", "web")["spec"]?["strategy"]?["type"] == "RollingUpdate")
    }
  }

  @Test("the strategy for a claim is taken when that is chosen", arguments: HelmVersion.allCases)
  func strategyAdopted(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installWithClaim()
      let plan = try await bench.plan("web", "--adopt", "strategy")
      let finding = try #require(plan.finding("strategy-changed"))
      #expect(finding.acceptedBy == "--adopt strategy")
      #expect(finding.message.contains("Recreate"))
      // Helm 4 alone cannot make the change to what it applied on the server.
      #expect((plan.commands == ["backbone-migrate apply \(plan.id)"]) == (helm == .helm4))
      try await bench.follow(plan)
      #expect(try await bench.live("deployment", "web")["spec"]?["strategy"]?["type"] == "Recreate")
    }
  }

  @Test("without a claim the strategy is no matter", arguments: HelmVersion.only(.helm3))
  func strategyWithoutClaim(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.dataVolume)
      #expect(try await bench.plan("web").findings("strategy-changed").isEmpty)
    }
  }
}

extension Workbench {
  /// Installs release `web` with a hand-made claim at /data.
  fileprivate func installWithClaim() async throws {
    try await create([
      [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "broker-data"],
        "spec": [
          "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
        ],
      ]
    ])
    try await installReady(
      .dataVolume, values: ["data": ["persistentVolumeClaim": ["claimName": "broker-data"]]])
  }

  /// Installs release `web` of a chart with a ConfigMap of so many letters that hardly compress.
  fileprivate func installLarge(characters: Int) async throws {
    let chart = folder + "/large"
    try FileManager.default.copyItem(atPath: FixtureChart.appLabel.path, toPath: chart)
    var random = SplitMix64(seed: 1)
    let letters = [UInt8]("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    let text = (0..<characters).map { _ in letters[Int(random.next() % UInt64(letters.count))] }
    let manifest =
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: large\ndata:\n  text: a"
      + String(decoding: text, as: UTF8.self) + "\n"
    try manifest.write(
      toFile: chart + "/templates/large.yaml", atomically: true, encoding: .utf8)
    _ = try await kubectl("create", "serviceaccount", "web")
    _ = try await helm("install", "web", chart)
  }
}
