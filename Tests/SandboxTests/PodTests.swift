import MigratePlanning
import Testing

@Suite("What is said of the Pods")
struct PodTests {
  /// Fields that an operator adds by hand and the chart has a value for.
  private static let podFields: JSON = [
    "nodeSelector": ["disk": "ssd"],
    "tolerations": [["key": "mqtt", "operator": "Exists", "effect": "NoSchedule"]],
    "imagePullSecrets": [["name": "registry"]], "terminationGracePeriodSeconds": 5,
    "hostAliases": [["ip": "10.0.0.1", "hostnames": ["db"]]],
    "securityContext": ["fsGroup": 7, "supplementalGroups": [8]],
    "volumes": [["name": "tls", "secret": ["secretName": "web-tls"]]],
    "containers": [
      [
        "name": "backbone", "resources": ["limits": ["memory": "256Mi"]], "args": ["--verbose"],
        "securityContext": ["runAsUser": 7, "allowPrivilegeEscalation": false],
        "readinessProbe": ["tcpSocket": ["port": "mqtt"], "periodSeconds": 3],
        "volumeMounts": [["name": "tls", "mountPath": "/tls", "readOnly": true]],
        "ports": [["name": "metrics", "containerPort": 9100, "protocol": "TCP"]],
      ],
      ["name": "proxy", "image": "proxy:1"],
    ],
  ]

  @Test(
    "everything that has a value comes over, and asks nothing", arguments: HelmVersion.only(.helm4))
  func everythingComesOver(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("TCP_ENABLED=true", on: "web")
      try await bench.patch("web", podSpec: Self.podFields)
      _ = try await bench.kubectl("scale", "deployment/web", "--replicas=2")
      let before = try await bench.live("deployment", "web")
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "ready")
      for code in [
        "replicas-changed", "scheduling-lost", "resources-lost", "image-pull-secrets-lost",
        "container-lost", "pod-settings-lost", "runs-as-non-root", "capabilities-dropped",
        "probe-introduced", "volume-lost",
      ] {
        #expect(plan.finding(code)?.isResolved == true, "\(code): \(plan.findings(code))")
      }

      try await bench.follow(plan)
      let after = try await bench.live("deployment", "web")
      #expect(after["spec"]?["replicas"] == 2)
      let (old, new) = (before.pod, after.pod)
      for field in [
        "nodeSelector", "tolerations", "imagePullSecrets", "terminationGracePeriodSeconds",
        "hostAliases", "securityContext", "volumes",
      ] {
        #expect(new[field] == old[field], "\(field)")
      }
      #expect(
        (new["containers"]?.elements ?? []).compactMap { $0["name"]?.string } == [
          "backbone", "proxy",
        ])
      let (oldBroker, newBroker) = (before.broker, after.broker)
      for field in ["resources", "args", "securityContext", "volumeMounts"] {
        #expect(newBroker[field] == oldBroker[field], "\(field)")
      }
      #expect(newBroker["readinessProbe"]?["periodSeconds"] == 3)
      #expect(newBroker["readinessProbe"]?["tcpSocket"]?["port"] == 1883)
      #expect(newBroker["livenessProbe"] == nil)
    }
  }

  /// Where helm applies on the server it stops at fields that kubectl has, and takes away those
  /// that it had, which leaves a probe or a hook without what it does.
  @Test(
    "probes, hooks and counts set by hand go there and back", arguments: HelmVersion.only(.helm4))
  func thereAndBack(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.patchContainer(
        of: "web",
        with: [
          "startupProbe": ["tcpSocket": ["port": 8883], "failureThreshold": 60],
          "lifecycle": ["preStop": ["httpGet": ["path": "/stop", "port": 8883]]],
        ])
      _ = try await bench.kubectl(
        "patch", "deployment", "web", "--patch",
        #"{"spec": {"replicas": 3, "revisionHistoryLimit": 3, "minReadySeconds": 1}}"#)
      let before = try await bench.state()

      let options = [
        "--adopt", "replicaCount", "--adopt", "minReadySeconds", "--set", "revisionHistoryLimit=7",
      ]
      let applied = try RunOutcome(
        try await bench.migrate(
          ["apply", "web", "--namespace", bench.namespace, "--yes", "-o", "json"] + options))
      #expect(applied.ended(0, "done"), "\(applied)")
      let spec = try await bench.live("deployment", "web")["spec"]
      #expect(spec?["replicas"] == 1)
      #expect(spec?["revisionHistoryLimit"] == 7)
      #expect(spec?["minReadySeconds"] == nil)
      let wentBack = try RunOutcome(
        try await bench.migrate(
          "rollback", "web", "--namespace", bench.namespace, "--yes", "-o", "json"))
      #expect(wentBack.ended(0, "done"), "\(wentBack)")
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test(
    "a plain release is asked nothing, and nothing new is said", arguments: HelmVersion.only(.helm3)
  )
  func nothingIsIntroduced(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("API_ENABLED=true", on: "web")
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "ready")
      for code in [
        "replicas-changed", "scheduling-lost", "resources-lost", "image-pull-secrets-lost",
        "container-lost", "pod-settings-lost", "capabilities-dropped", "brokers-overlap",
        "volume-not-writable", "privileged-port", "probe-without-endpoint", "pod-security-level",
      ] {
        #expect(plan.findings(code).isEmpty, "\(code)")
      }
      try await bench.follow(plan)
      let after = try await bench.live("deployment", "web")
      #expect(after.pod["securityContext"] == [:])
      #expect(after.broker["securityContext"] == nil)
      for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        #expect(after.broker[probe] == nil, "\(probe)")
      }
    }
  }

  @Test("what the chart has no value for is named", arguments: HelmVersion.only(.helm4))
  func whatIsLostIsNamed(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.patch(
        "web",
        podSpec: [
          "shareProcessNamespace": true,
          "initContainers": [["name": "prepare", "image": "prepare:1"]],
        ])
      let plan = try await bench.plan("web")
      #expect(plan.verdict == "attention")
      #expect(plan.finding("container-lost")?.message == "initContainers changes")
      #expect(
        plan.finding("pod-settings-lost")?.message.contains("shareProcessNamespace") == true)
      let adopted = try await bench.plan(
        "web", "--adopt", "container-lost", "--adopt", "pod-settings-lost")
      #expect(adopted.verdict == "ready")
    }
  }

  @Test(
    "what goes by the Deployment's name or labels is named", arguments: HelmVersion.only(.helm3))
  func othersThatLoseIt(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.create([
        [
          "apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler",
          "metadata": ["name": "web"],
          "spec": [
            "maxReplicas": 3,
            "scaleTargetRef": ["apiVersion": "apps/v1", "kind": "Deployment", "name": "web"],
          ],
        ],
        [
          "apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget",
          "metadata": ["name": "web"],
          "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "web"]]],
        ],
      ])
      #expect(try await bench.plan("web").findings("scheduling-lost").isEmpty)
      let renamed = try await bench.plan("web", "--adopt", "fullnameOverride")
      #expect(
        renamed.finding("scheduling-lost")?.message.hasPrefix("HorizontalPodAutoscaler/web")
          == true)
      let relabelled = try await bench.plan("web", "--adopt", "selectorLabels")
      #expect(
        relabelled.finding("scheduling-lost")?.message.hasPrefix("PodDisruptionBudget/web") == true)
    }
  }

  @Test("a new user and new probes are judged", arguments: HelmVersion.only(.helm4))
  func adopting(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("API_ENABLED=true", "HTTP_PORT=80", on: "web")
      try await bench.patch(
        "web",
        podSpec: [
          "volumes": [["name": "data", "hostPath": ["path": "/srv/broker"]]],
          "containers": [
            ["name": "backbone", "volumeMounts": [["name": "data", "mountPath": "/data"]]]
          ],
        ])
      let kept = try await bench.plan("web")
      #expect(kept.verdict == "ready")
      #expect(kept.finding("brokers-overlap")?.severity == "warning")

      let plan = try await bench.plan(
        "web", "--adopt", "runs-as-non-root", "--adopt", "probe-introduced")
      #expect(plan.finding("runs-as-non-root")?.acceptedBy == "--adopt runs-as-non-root")
      #expect(plan.finding("volume-not-writable")?.message.contains("hostPath") == true)
      #expect(plan.finding("privileged-port")?.message.contains("port 80") == true)
      #expect(plan.findings("probe-introduced").count == 2)
      #expect(plan.findings("probe-without-endpoint").isEmpty)

      let closed = try await bench.plan(
        "web", "--set", "readinessProbe={enabled: true, custom: {tcpSocket: {port: mqtt}}}")
      #expect(closed.blockers == ["probe-without-endpoint"])

      _ = try await bench.kubectl(
        "label", "namespace", bench.namespace, "pod-security.kubernetes.io/enforce=baseline")
      let level = try await bench.plan("web")
      #expect(level.finding("pod-security-level")?.message.contains("hostPath volumes") == true)
    }
  }
}

extension JSON {
  fileprivate var pod: JSON { self["spec"]?["template"]?["spec"] ?? [:] }
  fileprivate var broker: JSON {
    pod["containers"]?.elements.first { $0["name"] == "backbone" } ?? [:]
  }
}
