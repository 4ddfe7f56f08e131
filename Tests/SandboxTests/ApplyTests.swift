import MigratePlanning
import Testing

/// The whole way with the built program: the plan comes true, nobody notices it afterwards, and the
/// way back ends where it began.
@Suite("Apply and rollback")
struct ApplyTests {
  @Test("variables that were set by hand", arguments: ReleaseMode.one(.helm4AfterHelm3))
  func liveOverrides(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand(
        "ADMIN_TOKEN=of-the-admin", "HTTP_PORT=9000", "TCP_ENABLED=true", "LOG_LEVEL=debug",
        "K8S_ENABLED=1", on: "web")
    } _: { bench in
      try await bench.expectCycle(mode) { _ in
        let environment = try await bench.environment(of: "web")
        #expect(environment["ADMIN_TOKEN"] == "of-the-admin")
        #expect(environment["LOG_LEVEL"] == "debug")
      }
    }
  }

  @Test(
    "a ServiceAccount that was made by hand", arguments: ReleaseMode.one(.helm3, of: .helm3, .helm4)
  )
  func handMadeServiceAccount(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.create([
        [
          "apiVersion": "v1", "kind": "ServiceAccount",
          "metadata": [
            "name": "web", "labels": ["team": "mqtt"],
            "annotations": ["eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/web"],
          ],
          "imagePullSecrets": [["name": "registry"]],
        ]
      ])
      try await bench.install(.recommendedLabels, as: "web")
      try await bench.setByHand("TZ=UTC", on: "web-backbone")
    } _: { bench in
      try await bench.expectCycle(mode, of: "web-backbone", as: "web-backbone") { _ in
        let account = try await bench.live("serviceaccount", "web")
        #expect(account["metadata"]?["annotations"]?["meta.helm.sh/release-name"] == nil)
        #expect(account["metadata"]?["labels"] == ["team": "mqtt"])
      }
    }
  }

  @Test("a folder of the node at /data", arguments: ReleaseMode.only(.helm4AfterHelm3))
  func hostPath(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(
        .dataVolume, values: ["data": ["hostPath": ["path": "/srv/broker"]]])
    } _: { bench in
      try await bench.expectCycle(mode) { _ in
        let volumes = try await bench.live("deployment", "web")["spec"]?["template"]?["spec"]
        #expect(volumes?["volumes"]?.elements.first?["hostPath"]?["path"] == "/srv/broker")
      }
    }
  }

  @Test("a new claim at /data", arguments: ReleaseMode.only(.helm3))
  func newClaim(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
    } _: { bench in
      try await bench.expectNewClaim(mode, [], "RollingUpdate")
    }
  }

  @Test("a new claim at /data, one Pod at a time", arguments: ReleaseMode.one(.helm4))
  func newClaimRecreate(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
    } _: { bench in
      try await bench.expectNewClaim(mode, ["--set", "strategy.type=Recreate"], "Recreate")
    }
  }

  @Test("variables whose new default is taken", arguments: ReleaseMode.only(.helm4))
  func leftover(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", "HTTP_PORT=9000", "TZ=UTC", on: "web")
    } _: { bench in
      let options = ["--adopt", "timezone", "--adopt", "config.httpPort"]
      try await bench.expectCycle(mode, options) { _ in
        let environment = try await bench.environment(of: "web")
        #expect(environment["TZ"] == nil)
        #expect(environment["HTTP_PORT"] == "8883")
        #expect(environment["LOG_LEVEL"] == "debug")
      }
    }
  }

  @Test("a variable that the chart has no place for", arguments: ReleaseMode.only(.helm4AfterHelm3))
  func dropped(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", "HTTP_PORT=9000", on: "web")
    } _: { bench in
      let options = ["--chart", FixtureChart.withoutSink, "--unmapped", "drop"]
      try await bench.expectCycle(mode, options) { _ in
        let environment = try await bench.environment(of: "web")
        #expect(environment["LOG_LEVEL"] == nil)
        #expect(environment["HTTP_PORT"] == "9000")
      }
    }
  }

  @Test("a variable that is kept on the live Deployment", arguments: ReleaseMode.one(.helm3))
  func kept(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(
        .envList, values: ["env": [["name": "FROM_VALUES", "value": "one"]]])
      try await bench.setByHand("LOG_LEVEL=debug", "MY_API_KEY=of-mine", on: "web")
    } _: { bench in
      // The cycle's plain upgrade in between must not drop them either.
      let options = ["--chart", FixtureChart.withoutSink, "--unmapped", "keep"]
      try await bench.expectCycle(mode, options) { plan in
        #expect(plan.setting("LOG_LEVEL") == nil)
        #expect(plan.override("MY_API_KEY")?.disposition == "kept")
        let environment = try await bench.environment(of: "web")
        #expect(environment["LOG_LEVEL"] == "debug")
        #expect(environment["MY_API_KEY"] == "of-mine")
        #expect(environment["FROM_VALUES"] == "one")
      }
    }
  }

  @Test(
    "a Service that was turned into a load balancer",
    arguments: ReleaseMode.one(.helm4, of: .helm3, .helm4))
  func loadBalancer(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      let patch: JSON = [
        "metadata": ["annotations": ["lb.example/pool": "blue"]], "spec": ["type": "LoadBalancer"],
      ]
      _ = try await bench.kubectl("patch", "service", "web", "--patch", patch.canonical)
    } _: { bench in
      let before = try await bench.live("service", "web")["spec"]
      try #require(before?["ports"]?.elements.first?["nodePort"] != nil)
      try await bench.expectCycle(mode) { plan in
        #expect(plan.verdict == "ready")
        let now = try await bench.live("service", "web")["spec"]
        #expect(now?["type"] == "LoadBalancer")
        #expect(now?["clusterIP"] == before?["clusterIP"])
        let nodePorts = { (spec: JSON?) in
          (spec?["ports"]?.elements ?? []).compactMap { $0["nodePort"]?.integer }
        }
        #expect(nodePorts(now) == nodePorts(before))
      }
    }
  }

  @Test(
    "a variable that stands twice in the manifest", arguments: ReleaseMode.one(.helm4AfterHelm3))
  func duplicate(mode: ReleaseMode) async throws {
    let entries: [JSON] = [
      EnvironmentEntry("LOG_LEVEL", "info").json, EnvironmentEntry("HTTP_PORT", "9000").json,
      EnvironmentEntry("LOG_LEVEL", "debug").json,
    ]
    try await Workbench.with(mode) { bench in
      // Server-side apply refuses a name that stands twice.
      try await bench.installReady(
        .envList, values: ["env": .array(entries)], isClientSide: true)
    } _: { bench in
      try await bench.expectCycle(mode) { _ in
        let environment = try await bench.environment(of: "web")
        #expect(environment["LOG_LEVEL"] == "debug")
      }
    }
  }

  @Test("texts that helm hardly carries", arguments: ReleaseMode.one(.helm4))
  func untamedTexts(mode: ReleaseMode) async throws {
    let texts = AwkwardText.untamed + AwkwardText.unruly
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      let entries = texts.enumerated().map { EnvironmentEntry("TEXT_\($0)", $1).json }
      try await bench.patchContainer(of: "web", with: ["env": .array(entries)])
    } _: { bench in
      try await bench.expectCycle(mode) { _ in
        let environment = try await bench.environment(of: "web")
        for (index, text) in texts.enumerated() {
          #expect(environment["TEXT_\(index)"] == ExactText(text), "\(mode)")
        }
      }
    }
  }

  @Test("replicas that were scaled by hand", arguments: ReleaseMode.one(.helm3, of: .helm3, .helm4))
  func scaled(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      _ = try await bench.kubectl("scale", "deployment", "web", "--replicas=2")
    } _: { bench in
      try await bench.expectCycle(mode)
    }
  }

  @Test("names that change", arguments: ReleaseMode.one(.helm3))
  func renamed(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("ADMIN_TOKEN=of-the-admin", "HTTP_PORT=9000", on: "web")
    } _: { bench in
      let options = [
        "fullnameOverride", "selectorLabels", "service-removed", "service-port-moved",
      ].flatMap { ["--adopt", $0] }
      try await bench.expectCycle(mode, options, as: "web-backbone") { _ in
        let deployments = try await bench.names(of: "deployments")
        #expect(deployments == ["web-backbone"])
        let services = try await bench.names(of: "services")
        #expect(services == ["web-backbone", "web-backbone-tcp"])
      }
      #expect(try await bench.names(of: "deployments") == ["web"])
      #expect(try await bench.names(of: "services") == ["web"])
    }
  }

  @Test("a release by its name, a plan in a file", arguments: HelmVersion.only(.helm3))
  func ways(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let flags = try await bench.plan("web").acceptances
      #expect(try await bench.change("apply", ["web"] + flags).ended(0, "done"))
      #expect(try await bench.rollback().ended(0, "done"))
      try await bench.settle()

      let file = bench.folder + "/plan.json"
      let planned = try await bench.migrate(
        "plan", "web", "--namespace", bench.namespace, "--output", "json", "--out", file)
      #expect([0, 2].contains(planned.status))
      let elsewhere = ["--plan", file, "--history", bench.folder + "/elsewhere.sqlite"]
      let applied = try await bench.change("apply", elsewhere + flags)
      #expect(applied.ended(0, "done"), "\(applied)")
      #expect(try await bench.unmetFields(of: "web") == [])
    }
  }

  @Test("a text that becomes a reference to a Secret", arguments: ReleaseMode.one(.helm4AfterHelm3))
  func textToReference(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("ADMIN_TOKEN=of-the-admin", "LOG_LEVEL=debug", on: "web")
      _ = try await bench.kubectl(
        "create", "secret", "generic", "credentials", "--from-literal=admin-token=of-the-admin")
    } _: { bench in
      let reference = "config.adminTokenFrom.secretKeyRef"
      let options = [
        "--set", "\(reference).name=credentials", "--set", "\(reference).key=admin-token",
      ]
      try await bench.expectCycle(mode, options) { _ in
        let container = try await bench.liveContainer("web")
        let entry = container["env"]?.elements.first { $0["name"] == "ADMIN_TOKEN" }
        #expect(entry?["value"] == nil)
        #expect(entry?["valueFrom"]?["secretKeyRef"]?["name"] == "credentials")
      }
    }
  }

  @Test("a variable that stands twice by hand", arguments: ReleaseMode.one(.helm4))
  func duplicateByHand(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.envList)
      let patch: JSON = [
        [
          "op": "add", "path": "/spec/template/spec/containers/0/env",
          "value": [
            ["name": "LOG_LEVEL", "value": "info"], ["name": "LOG_LEVEL", "value": "debug"],
          ],
        ]
      ]
      _ = try await bench.kubectl(
        "patch", "deployment", "web", "--type=json", "--patch", patch.canonical)
    } _: { bench in
      try await bench.expectCycle(mode) { _ in
        let environment = try await bench.environment(of: "web")
        #expect(environment["LOG_LEVEL"] == "debug")
      }
    }
  }

  @Test("a second time", arguments: ReleaseMode.only(.helm4))
  func again(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("ADMIN_TOKEN=of-the-admin", "LOG_LEVEL=debug", on: "web")
      try await bench.patch("web", podSpec: ["nodeSelector": ["kubernetes.io/os": "linux"]])
      _ = try await bench.kubectl("label", "service", "web", "team=mqtt")
      _ = try await bench.kubectl("annotate", "deployment", "web", "team=mqtt")
      let patch: JSON = [
        "spec": ["minReadySeconds": 1, "strategy": ["type": "Recreate", "rollingUpdate": .null]]
      ]
      _ = try await bench.kubectl("patch", "deployment", "web", "--patch", patch.canonical)
    } _: { bench in
      for _ in 1...2 { try await bench.expectCycle(mode) }
    }
  }
}

extension Workbench {
  /// Goes the whole way with a claim that the apply makes, and requires that it stays.
  fileprivate func expectNewClaim(
    _ mode: ReleaseMode, _ options: [String], _ strategy: JSON
  ) async throws {
    var claim: JSON?
    try await expectCycle(mode, ["--set", "persistence.enabled=true"] + options) { _ in
      claim = try await live("persistentvolumeclaim", "web-data")
      let deployment = try await live("deployment", "web")
      #expect(deployment["spec"]?["strategy"]?["type"] == strategy)
    }
    let now = try await live("persistentvolumeclaim", "web-data")
    #expect(now["metadata"]?["uid"] == claim?["metadata"]?["uid"])
    #expect(now["metadata"]?["deletionTimestamp"] == nil)
  }
}
