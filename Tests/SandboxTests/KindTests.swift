import Foundation
import MigratePlanning
import Testing

/// Objects of kinds that the cluster does not serve, and objects in other namespaces.
@Suite("Kinds and namespaces")
struct KindTests {
  private static func gadget(_ group: String) -> String {
    "apiVersion: \(group)/v1\nkind: Gadget\nmetadata:\n  name: web\nspec:\n  size: 3\n"
  }

  @Test(
    "a custom resource whose definition is gone blocks, and its return mends it",
    arguments: HelmVersion.allCases)
  func definitionGone(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let group = "\(bench.namespace).example.org"
      try await bench.withGadgets(group) {
        try await bench.installReady(with: ["gadget.yaml": Self.gadget(group)])
        let mended = try await bench.plan("web")
        #expect(mended.blockers == [])
      }
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 3)
      #expect(plan.blockers == ["kind-not-served"])
      let finding = plan.finding("kind-not-served")
      #expect(finding?.message.contains("Gadget/web") == true, "\(plan.findings)")
      #expect(finding?.message.contains("\"\(group)/v1\"") == true)
      #expect(finding?.remedy?.contains("CustomResourceDefinition") == true)

      // What helm itself says to it.
      let chart = try await bench.targetChart(with: [:])
      let upgrade = try await bench.run(
        "helm", ["upgrade", "web", chart, "--namespace", bench.namespace])
      #expect(upgrade.status != 0)
      #expect(
        upgrade.errorText.contains("no matches for kind \"Gadget\""),
        "\(upgrade.errorText)")

      try await bench.expectOtherCommandsWork(blockedBy: "kind-not-served")
      let refused = try await bench.apply("web")
      #expect(refused.status == 3, "\(refused)")

      try await bench.withGadgets(group) {
        let mended = try await bench.plan("web")
        #expect(mended.blockers == [])
      }
    }
  }

  @Test(
    "a Deployment that helm's record has in a version of old is found, and blocks",
    arguments: HelmVersion.allCases)
  func oldVersion(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.settle()
      let (old, new) = ("extensions/v1beta1\nkind: Deployment", "apps/v1\nkind: Deployment")
      try await bench.rewriteRecord(of: "web", new, with: old)
      let plan = try await bench.plan("web")
      #expect(plan.blockers == ["kind-not-served"])
      let finding = plan.finding("kind-not-served")
      #expect(finding?.message.contains("\"extensions/v1beta1\"") == true, "\(plan.findings)")
      #expect(finding?.remedy?.contains("helm mapkubeapis web") == true)
      try await bench.expectOtherCommandsWork(blockedBy: "kind-not-served")
      // What the plugin does.
      try await bench.rewriteRecord(of: "web", old, with: new)
      #expect(try await bench.plan("web").verdict == "ready")
    }
  }

  @Test(
    "a kind that the target renders and nobody serves blocks", arguments: HelmVersion.allCases)
  func targetsKind(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.settle()
      let group = "\(bench.namespace).example.org"
      let chart = try await bench.targetChart(with: ["templates/gadget.yaml": Self.gadget(group)])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.blockers == ["kind-not-served"])
      #expect(
        plan.finding("kind-not-served")?.message
          .contains("Gadget/web is rendered by chart 0.2.0 as \"\(group)/v1\"") == true)
      try await bench.withGadgets(group) {
        let mended = try await bench.plan("web", "--chart", chart)
        #expect(mended.blockers == [])
      }
    }
  }

  @Test(
    "objects in another namespace are planned, changed and brought back there",
    arguments: ReleaseMode.allCases)
  func otherNamespace(mode: ReleaseMode) async throws {
    func map(_ namespace: String?, _ text: String) -> String {
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n"
        + (namespace.map { "  namespace: \($0)\n" } ?? "") + "data:\n  text: \(text)\n"
    }
    func service(_ namespace: String) -> String {
      "apiVersion: v1\nkind: Service\nmetadata:\n  name: far\n  namespace: \(namespace)\n"
        + "spec:\n  selector: {app: web}\n"
        + "  ports: [{name: http, port: 80, targetPort: 8883, protocol: TCP}]\n"
    }
    try await Workbench.with(mode) { bench in
      let other = bench.namespace + "-b"
      _ = try await bench.kubectl("create", "namespace", other)
      try await bench.installReady(with: [
        "here.yaml": map(nil, "old-here"), "there.yaml": map(other, "old-there"),
        "far.yaml": service(other),
      ])
    } _: { bench in
      let other = bench.namespace + "-b"
      func text(_ namespace: String) async throws -> String? {
        let found = try await bench.run(
          "kubectl",
          [
            "get", "configmap", "web", "--namespace", namespace, "--ignore-not-found",
            "--output", "jsonpath={.data.text}",
          ])
        return found.text.isEmpty ? nil : found.text
      }
      let chart = try await bench.targetChart(with: [
        "templates/there.yaml": map(other, "new-there")
      ])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.blockers == [], "\(mode): \(plan.findings)")
      let objects = (plan.json["objects"]?.elements ?? []).map { object in
        ["change", "kind", "namespace", "name"].map { object[$0]?.string ?? "" }
          .joined(separator: " ")
      }
      for line in [
        "delete ConfigMap \(bench.namespace) web", "update ConfigMap \(other) web",
        "delete Service \(other) far",
      ] {
        #expect(objects.contains(line), "\(mode): \(line) in \(objects)")
      }
      // It finds none of the broker's Pods.
      #expect(plan.findings("service-removed").filter { $0.message.contains("\"far\"") }.isEmpty)

      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
      #expect(try await text(bench.namespace) == nil)
      #expect(try await text(other) == "new-there")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
      #expect(try await text(bench.namespace) == "old-here")
      #expect(try await text(other) == "old-there")
      let far = try await bench.run("kubectl", ["get", "service", "far", "--namespace", other])
      #expect(far.status == 0, "\(mode): \(far.errorText)")
      _ = try await bench.kubectl("delete", "namespace", other, "--wait=false")
    }
  }

  @Test("a Deployment in another namespace blocks", arguments: HelmVersion.allCases)
  func workloadElsewhere(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let other = bench.namespace + "-b"
      _ = try await bench.kubectl("create", "namespace", other)
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      let template = try String(
        contentsOfFile: FixtureChart.appLabel.path + "/templates/deployment.yaml", encoding: .utf8)
      let moved = template.replacing(
        "metadata:\n  name: {{ .Release.Name }}\n",
        with: "metadata:\n  name: {{ .Release.Name }}\n  namespace: \(other)\n", maxReplacements: 1)
      let chart = try bench.chart(
        "old", like: FixtureChart.appLabel.path, with: ["templates/deployment.yaml": moved])
      _ = try await bench.helm("install", "web", chart)
      let plan = try await bench.plan("web")
      #expect(plan.blockers.contains("workload-elsewhere"), "\(plan.findings)")
      #expect(plan.finding("workload-elsewhere")?.message.contains("\"\(other)\"") == true)
      _ = try await bench.kubectl("delete", "namespace", other, "--wait=false")
    }
  }
}

extension Workbench {
  /// Does some work while the cluster serves Gadgets of a group.
  fileprivate func withGadgets(
    _ group: String, _ work: nonisolated(nonsending) () async throws -> Void
  ) async throws {
    let definition: JSON = [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": .string("gadgets.\(group)")],
      "spec": [
        "group": .string(group), "scope": "Namespaced",
        "names": ["kind": "Gadget", "plural": "gadgets"],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true,
            "schema": [
              "openAPIV3Schema": [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
              ]
            ],
          ]
        ],
      ],
    ]
    _ = try await kubectl(["create", "--filename", "-"], input: definition.canonical)
    let name = "crd/gadgets.\(group)"
    _ = try await kubectl("wait", "--for=condition=Established", name, "--timeout=30s")
    // Discovery follows a moment later.
    for _ in 0..<50 {
      let found = try await run("kubectl", ["get", "--raw", "/apis/\(group)/v1"])
      if found.status == 0, found.text.contains("gadgets") { break }
      try await Task.sleep(for: .milliseconds(200))
    }
    try await work()
    _ = try await kubectl("delete", name)
    for _ in 0..<50 {
      if try await run("kubectl", ["get", "--raw", "/apis/\(group)/v1"]).status != 0 { break }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Requires that what is not served keeps no other command from its work, and that a plan from
  /// the export says the same.
  fileprivate func expectOtherCommandsWork(blockedBy code: String) async throws {
    let place = ["--namespace", namespace]
    let export = try await migrate(["export", "web"] + place).succeeded()
    let file = folder + "/export-\(UUID().uuidString.prefix(4)).json"
    try export.text.write(toFile: file, atomically: true, encoding: .utf8)
    let offline = try await migrate(["plan", "--from", file, "--output", "json"])
    #expect(try PlanReport(offline.output).blockers.contains(code), "\(offline.errorText)")
    let doctor = try await migrate(["doctor", "web"] + place)
    #expect(doctor.text.contains("revision 1"), "\(doctor.text)")
    let status = try await migrate(["status", "web"] + place)
    #expect(status.status == 0, "\(status.errorText)")
  }
}
