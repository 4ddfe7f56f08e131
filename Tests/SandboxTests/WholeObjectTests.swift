import Foundation
import MigratePlanning
import Testing

/// What no setting and no rule knows: fields and objects that a plan once passed over.
@Suite("Whole objects")
struct WholeObjectTests {
  /// Objects of an old chart that the new one does not have, by what they are.
  private static let objects: [(kind: String, resource: String, text: String)] = [
    (
      "Ingress", "ingresses.networking.k8s.io",
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: own}
      spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
      """
    ),
    (
      "NetworkPolicy", "networkpolicies.networking.k8s.io",
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: own}
      spec: {podSelector: {}, ingress: [{}]}
      """
    ),
    (
      "HorizontalPodAutoscaler", "horizontalpodautoscalers.autoscaling",
      """
      apiVersion: autoscaling/v1
      kind: HorizontalPodAutoscaler
      metadata: {name: own}
      spec: {maxReplicas: 1, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
      """
    ),
    (
      "Role", "roles.rbac.authorization.k8s.io",
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: own}
      rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
      """
    ),
    (
      "RoleBinding", "rolebindings.rbac.authorization.k8s.io",
      """
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: own}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: own}
      subjects: [{kind: ServiceAccount, name: web}]
      """
    ),
    (
      "Secret", "secrets",
      "{apiVersion: v1, kind: Secret, metadata: {name: own}, stringData: {a: b}}"
    ),
    (
      "ConfigMap", "configmaps",
      "{apiVersion: v1, kind: ConfigMap, metadata: {name: own}, data: {a: b}}"
    ),
    (
      "Job", "jobs.batch",
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: own}
      spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: busybox}]}}}
      """
    ),
  ]

  @Test(
    "objects that the new chart does not have are named, one by one",
    arguments: HelmVersion.allCases)
  func objectsThatGo(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(
        with: Self.objects.map(\.text).joined(separator: "\n---\n"))
      let before = try await bench.state()
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 2 && plan.blockers == [], "\(outcome)")
      let subjects = plan.findings("object-removed").filter(\.isOpen).map(\.message)
      for object in Self.objects {
        #expect(subjects.contains { $0.hasPrefix("\(object.kind)/own goes") }, "\(subjects)")
      }
      #expect(subjects.count == Self.objects.count)
      #expect(
        try await bench.migrate(["apply", plan.id, "--namespace", bench.namespace, "--yes"]).status
          == 2)

      let run = try await bench.apply(plan)
      #expect(run.ended(0, "done"), "\(run)")
      for object in Self.objects {
        #expect(try await !bench.hasOwn(object.resource), "\(object.kind)")
      }
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])
      for object in Self.objects {
        #expect(try await bench.hasOwn(object.resource), "\(object.kind)")
      }
    }
  }

  @Test("an object that is marked to be kept is no finding", arguments: HelmVersion.only(.helm4))
  func objectsThatStay(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(with: Self.objects[1].text)
      #expect(try await bench.plan("web").findings("object-removed").count == 1)
      _ = try await bench.kubectl(
        "annotate", "networkpolicy", "own", "helm.sh/resource-policy=keep")
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 0 && plan.findings("object-removed").isEmpty)
      #expect(try await bench.apply(plan).ended(0, "done"))
      #expect(try await bench.hasOwn(Self.objects[1].resource))
    }
  }

  @Test("what the Pods still use blocks", arguments: HelmVersion.allCases)
  func objectsInUse(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(
        with: """
          apiVersion: v1
          kind: Secret
          metadata: {name: pull}
          type: kubernetes.io/dockerconfigjson
          stringData: {.dockerconfigjson: '{"auths": {}}'}
          ---
          apiVersion: v1
          kind: ConfigMap
          metadata: {name: side}
          data: {A: b}
          """)
      try await bench.patch(
        "web",
        podSpec: [
          "imagePullSecrets": [["name": "pull"]],
          "containers": [
            [
              "name": "side", "image": "busybox",
              "envFrom": [["configMapRef": ["name": "side"]]],
            ]
          ],
        ])
      let (outcome, plan) = try await bench.planned("web", ["--container", "backbone"])
      #expect(outcome.status == 3)
      #expect(plan.blockers == ["object-removed"])
      let messages = plan.findings("object-removed").map(\.message)
      for name in ["Secret/pull", "ConfigMap/side"] {
        #expect(
          messages.contains { $0.hasPrefix(name) && $0.contains("Deployment/web uses it") },
          "\(messages)")
      }
    }
  }

  @Test("what Reloader and Keel go by stays on the Deployment", arguments: HelmVersion.allCases)
  func marksOfTheDeployment(helm: HelmVersion) async throws {
    for options in [[], ["--adopt", "fullnameOverride"]] {
      try await Workbench.with(helm) { bench in
        try await bench.installReady { deployment in
          deployment.replacing(
            "metadata:\n  name:",
            with: "metadata:\n  annotations: {reloader.stakater.com/auto: \"true\"}\n  name:"
          ).replacing(
            "    app: {{ .Release.Name }}\nspec:",
            with: "    app: {{ .Release.Name }}\n    keel.sh/policy: major\nspec:")
        }
        _ = try await bench.kubectl("annotate", "deployment", "web", "team=edge")
        let before = try await bench.state()
        let plan = try await bench.planned("web", options).plan
        #expect(plan.findings("pod-settings-lost").filter(\.isOpen).isEmpty)
        #expect(plan.findings("field-changed").isEmpty)
        #expect(try await bench.apply(plan).ended(0, "done"))
        let name = try #require(try await bench.names(of: "deployments").first)
        let metadata = try await bench.live("deployment", name)["metadata"]
        #expect(metadata?["annotations"]?["reloader.stakater.com/auto"] == "true")
        #expect(metadata?["annotations"]?["team"] == "edge")
        #expect(metadata?["labels"]?["keel.sh/policy"] == "major")
        #expect(try await bench.rollback().ended(0, "done"))
        #expect(try await bench.state().differences(from: before) == [])
      }
    }
  }

  @Test("a field that nothing knows is accepted by its path", arguments: HelmVersion.allCases)
  func fields(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.patchContainer(
        of: "web",
        with: [
          "ports": [["containerPort": 8883, "protocol": "TCP", "hostIP": "127.0.0.1"]]
        ])
      let before = try await bench.state()
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 2)
      let finding = try #require(plan.finding("field-changed"))
      let path = "spec.template.spec.containers[backbone].ports[http].hostIP"
      #expect(finding.severity == "breaking" && finding.message.hasPrefix(path), "\(finding)")
      let blind = try await bench.migrate(
        "apply", "web", "--namespace", bench.namespace, "--accept", "field-changed", "--yes")
      #expect(blind.status == 64 && blind.errorText.contains("KIND/NAME:PATH"), "\(blind)")
      let other = try await bench.migrate(
        "apply", plan.id, "--namespace", bench.namespace, "--yes", "--accept",
        "field-changed=Deployment/web:spec.paused")
      #expect(
        other.status == 2 && other.errorText.contains("field-changed=Deployment/web:\(path)"),
        "\(other)")

      let run = try await bench.apply("web", "--accept", "field-changed=Deployment/web:\(path)")
      #expect(run.ended(0, "done"), "\(run)")
      #expect(
        try await bench.liveContainer("web")["ports"]?.elements.allSatisfy { $0["hostIP"] == nil }
          == true)
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test(
    "an address that the old chart asked for is kept, and given up with the name",
    arguments: HelmVersion.allCases)
  func askedAddress(helm: HelmVersion) async throws {
    let address = "10.0.\(Int.random(in: 128...254)).\(Int.random(in: 1...254))"
    try await Workbench.with(helm) { bench in
      try await bench.installReady(changing: "service") {
        $0.replacing("spec:\n", with: "spec:\n  clusterIP: \(address)\n")
      }
      let before = try await bench.state()
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(plan.value("service", "http", "clusterIP")?.string == address)
      #expect(try await bench.apply(plan).ended(0, "done"))
      #expect(try await bench.live("service", "web")["spec"]?["clusterIP"]?.string == address)
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])

      // A name that is chosen and comes out as it was is none that the address cannot stay with.
      let adopted = ["--adopt", "service.http.name"]
      let same = try await bench.planned("web", adopted).plan
      #expect(same.blockers == [], "\(same.findings)")
      #expect(same.value("service", "http", "clusterIP")?.string == address)
      let renamed = try await bench.planned("web", adopted + ["--adopt", "fullnameOverride"]).plan
      #expect(renamed.blockers == [], "\(renamed.findings)")
      #expect(renamed.value("service", "http", "clusterIP") == nil)
      #expect(try await bench.apply(renamed).ended(0, "done"))
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("one port number for TCP and for UDP is two ports", arguments: HelmVersion.allCases)
  func portsOfOneNumber(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.kubectl(
        "patch", "service", "web", "--type", "json", "--patch",
        """
        [{"op": "add", "path": "/spec/ports/-", "value":
          {"name": "sn", "port": 1883, "protocol": "UDP", "targetPort": 1884}}]
        """)
      let before = try await bench.state()
      func ports() async throws -> Set<String> {
        Set(
          (try await bench.live("service", "web")["spec"]?["ports"]?.elements ?? []).map {
            "\($0["port"]?.integer ?? 0)/\($0["protocol"]?.string ?? "")"
          })
      }
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(try await bench.apply(plan).ended(0, "done"))
      #expect(try await ports() == ["80/TCP", "1883/TCP", "1883/UDP"])
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])

      // Given up, it goes.
      let less = try await bench.planned("web", ["--adopt", "service.http.extraPorts"]).plan
      #expect(try await bench.apply(less).ended(0, "done"))
      #expect(try await ports() == ["80/TCP"])
      #expect(try await bench.rollback().ended(0, "done"))
      #expect(try await bench.state().differences(from: before) == [])
    }
  }
}

extension Workbench {
  /// Installs release `web` of a chart 0.1.0 with further objects, or another Deployment or
  /// Service.
  func installReady(
    with objects: String = "", changing name: String = "deployment",
    _ change: (String) -> String = { $0 }
  ) async throws {
    let chart = folder + "/more"
    try FileManager.default.copyItem(atPath: FixtureChart.appLabel.path, toPath: chart)
    let template = chart + "/templates/\(name).yaml"
    let text = try String(contentsOfFile: template, encoding: .utf8)
    try change(text).write(toFile: template, atomically: true, encoding: .utf8)
    if !objects.isEmpty {
      try objects.write(
        toFile: chart + "/templates/more.yaml", atomically: true, encoding: .utf8)
    }
    _ = try await kubectl("create", "serviceaccount", "web")
    _ = try await helm("install", "web", chart, "--namespace", namespace)
    try await rollOut()
  }

  /// Whether an object of a kind is there that is called `own`.
  fileprivate func hasOwn(_ resource: String) async throws -> Bool {
    let found = try await kubectl("get", resource, "--output", "name")
    return String(decoding: found.output, as: UTF8.self).contains("/own")
  }
}
