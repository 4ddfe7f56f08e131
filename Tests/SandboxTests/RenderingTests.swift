import Foundation
import MigratePlanning
import Testing

/// Charts whose templates ask the cluster, the clock or chance.
@Suite("Rendering as this cluster would")
struct RenderingTests {
  private static func map(_ name: String, _ data: String) -> String {
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \(name)\ndata:\n  text: \(data)\n"
  }

  /// The objects of a plan, as `create ConfigMap/x`.
  private static func objects(_ plan: PlanReport) -> [String] {
    (plan.json["objects"]?.elements ?? []).map { object in
      "\(object["change"]?.string ?? "") \(object["kind"]?.string ?? "")/"
        + (object["name"]?.string ?? "")
    }
  }

  @Test(
    "the version is the server's, and so is a constraint on it", arguments: HelmVersion.allCases)
  func version(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.settle()
      let served = try await bench.kubectl("version", "--output", "json").text
      let server = try JSONDecoder().decode(JSON.self, from: Data(served.utf8))
      let text = server["serverVersion"]?["gitVersion"]?.string ?? ""
      let of = ".Capabilities.KubeVersion.Version"
      let chart = try await bench.targetChart(with: [
        "templates/same.yaml":
          "{{- if eq \(of) \"\(text)\" }}\n\(Self.map("same", "a"))\n{{- end }}",
        "templates/other.yaml":
          "{{- if ne \(of) \"\(text)\" }}\n\(Self.map("other", "a"))\n{{- end }}",
      ])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(Self.objects(plan).contains("create ConfigMap/same"), "\(Self.objects(plan))")
      #expect(!Self.objects(plan).contains("create ConfigMap/other"))

      // A constraint that this helm's own idea of Kubernetes does not meet, and the server does.
      let about = try String(contentsOfFile: chart + "/Chart.yaml", encoding: .utf8)
      func constrained(_ name: String, to range: String) async throws -> String {
        let changed = about.replacing(/kubeVersion:.*/) { _ in "kubeVersion: \"\(range)\"" }
        return try await bench.targetChart(name, with: ["Chart.yaml": changed])
      }
      let exactly = try await constrained("exactly", to: "=\(text.dropFirst())")
      #expect(try await bench.plan("web", "--chart", exactly).blockers == [])
      let another = try await constrained("another", to: "!=\(text.dropFirst())")
      let refused = try await bench.migrate(
        "plan", "web", "--namespace", bench.namespace, "--chart", another)
      #expect(refused.status == 1 && refused.errorText.contains("incompatible"), "\(refused)")
    }
  }

  @Test(
    "capabilities and lookup are the cluster's, also of a packed dependency",
    arguments: HelmVersion.allCases)
  func cluster(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.settle()
      let budget = """
        {{- $new := .Capabilities.APIVersions.Has "policy/v1" }}
        apiVersion: {{ $new | ternary "policy/v1" "policy/v1beta1" }}
        kind: PodDisruptionBudget
        metadata: {name: web}
        spec: {maxUnavailable: 1, selector: {matchLabels: {app: nobody}}}
        """
      let secret = """
        {{- $old := (lookup "v1" "Secret" .Release.Namespace "web-auth").data | default dict }}
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: seen-{{ hasKey $old "password" | ternary "yes" "no" }}}
        """
      let dependency = bench.folder + "/seen"
      try FileManager.default.createDirectory(
        atPath: dependency + "/templates", withIntermediateDirectories: true)
      try "apiVersion: v2\nname: seen\nversion: 1.0.0\n".write(
        toFile: dependency + "/Chart.yaml", atomically: true, encoding: .utf8)
      try secret.write(
        toFile: dependency + "/templates/a.yaml", atomically: true, encoding: .utf8)
      // The chart's own schema knows of no dependency.
      let chart = try await bench.targetChart(with: [
        "templates/budget.yaml": budget, "values.schema.json": "{}",
      ])
      try FileManager.default.createDirectory(
        atPath: chart + "/charts", withIntermediateDirectories: true)
      _ = try await bench.run(
        "helm", ["package", dependency, "--destination", chart + "/charts"]
      ).succeeded()

      var plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.blockers == [], "\(plan.findings)")
      #expect(plan.finding("chart-asks-cluster")?.severity == "info")
      #expect(plan.verdict == "ready", "\(plan.findings.filter(\.isOpen)) \(plan.unchecked)")
      #expect(Self.objects(plan).contains("create ConfigMap/seen-no"), "\(Self.objects(plan))")
      _ = try await bench.kubectl(
        "create", "secret", "generic", "web-auth", "--from-literal=password=sunflower")
      plan = try await bench.plan("web", "--chart", chart)
      #expect(Self.objects(plan).contains("create ConfigMap/seen-yes"), "\(Self.objects(plan))")

      let export = try await bench.migrate("export", "web", "--namespace", bench.namespace)
      let file = bench.folder + "/web.json"
      try export.succeeded().text.write(toFile: file, atomically: true, encoding: .utf8)
      let offline = try PlanReport(
        try await bench.migrate("plan", "--from", file, "--chart", chart, "-o", "json").output)
      #expect(offline.unchecked["chart-asks-cluster"]?.contains("a file does not tell") == true)

      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(applied)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(wentBack)")
    }
  }

  @Test(
    "a kind that only a chart on the server's word would be refused for is named",
    arguments: HelmVersion.allCases)
  func unservedOnServer(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.settle()
      let chart = try await bench.targetChart(with: [
        "templates/gadget.yaml": """
        {{- $seen := lookup "v1" "Secret" .Release.Namespace "none" }}
        apiVersion: nobody.example.org/v1
        kind: Gadget
        metadata: {name: web}
        """
      ])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.blockers == ["kind-not-served"], "\(plan.findings)")
    }
  }

  @Test(
    "what is drawn anew each time is named, and applied when accepted",
    arguments: ReleaseMode.allCases)
  func drawn(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
    } _: { bench in
      let chart = try await bench.targetChart(with: [
        "templates/auth.yaml": """
        apiVersion: v1
        kind: Secret
        metadata: {name: web-auth, annotations: {made: {{ now | unixEpoch | quote }}}}
        stringData:
          user: admin
          password: {{ .Values.password | default (randAlphaNum 16) | quote }}
        """
      ])
      let plan = try await bench.plan("web", "--chart", chart)
      let finding = plan.finding("value-drawn")
      #expect(finding?.severity == "breaking" && finding?.isOpen == true, "\(plan.findings)")
      #expect(finding?.message.contains("data.password") == true, "\(finding?.message ?? "")")
      #expect(finding?.message.contains("metadata.annotations.made") == true)
      #expect(plan.verdict == "attention" && plan.blockers == [])
      let again = try await bench.plan("web", "--chart", chart)
      #expect(plan.json["digest"] == again.json["digest"], "\(mode)")
      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
    }
  }

  @Test("a draw in the broker's Pods blocks", arguments: HelmVersion.allCases)
  func drawnInPods(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.settle()
      let carried = try await bench.targetChart("plain", with: [:])
      let template = try String(
        contentsOfFile: carried + "/templates/deployment.yaml", encoding: .utf8)
      let drawn = template.replacing(
        "    spec:\n", with: "    spec:\n      hostname: h{{ randNumeric 9 }}\n", maxReplacements: 1
      )
      #expect(drawn != template)
      let chart = try await bench.targetChart(with: ["templates/deployment.yaml": drawn])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.blockers == ["value-drawn"], "\(plan.findings)")
    }
  }

  @Test("text of a Secret is compared with its data", arguments: ReleaseMode.allCases)
  func writeOnly(mode: ReleaseMode) async throws {
    try await Workbench.with(mode) { bench in
      try await bench.installReady(.appLabel)
    } _: { bench in
      let secret =
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web-auth\n"
        + "stringData:\n  user: admin\n  password: sunflower-7041\n"
      let chart = try await bench.targetChart(with: ["templates/auth.yaml": secret])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.verdict == "ready", "\(plan.findings.filter(\.isOpen)) \(plan.unchecked)")
      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
      #expect(!applied.outcome.text.contains("sunflower-7041"))
    }
  }

  @Test(
    "a custom resource that changes is merged as helm merges it", arguments: ReleaseMode.allCases)
  func gateway(mode: ReleaseMode) async throws {
    func route(_ size: Int) -> String {
      "apiVersion: \(CustomRoute.group)/v1\nkind: Route\nmetadata:\n  name: web\n"
        + "spec:\n  hops: [{name: a, size: \(size)}]\n"
    }
    try await CustomRoute.define()
    try await Workbench.with(mode) { bench in
      try await bench.installReady(with: ["route.yaml": route(1)])
    } _: { bench in
      let chart = try await bench.targetChart(with: ["templates/route.yaml": route(2)])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.blockers == [], "\(mode): \(plan.findings)")
      let preview = try await bench.apply(plan, "--dry-run")
      #expect(preview.ended(0, "foretold"), "\(mode): \(preview)")
      let applied = try await bench.apply(plan)
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
    }
  }
}

/// A kind of a group that is named like Kubernetes' own and added all the same, as the Gateway
/// API's are. All tests share it, and it stays for as long as the control plane does.
private enum CustomRoute {
  static let group = "routes.networking.k8s.io"

  static func define() async throws {
    let sandbox = try Sandbox.current()
    let definition: JSON = [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": [
        "name": .string("routes.\(group)"),
        "annotations": ["api-approved.kubernetes.io": "unapproved, experimental-only"],
      ],
      "spec": [
        "group": .string(group), "scope": "Namespaced",
        "names": ["kind": "Route", "plural": "routes"],
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
    do {
      try await sandbox.api.create(definition, in: "default")
    } catch let failure as KubernetesAPI.Failure where failure.status == 409 {
    }
    // Served a moment later.
    for _ in 0..<100 {
      let kinds = try? await Outcome.of(
        sandbox.kubectl, ["get", "--raw", "/apis/\(group)/v1"],
        environment: ["KUBECONFIG": sandbox.kubeconfig], in: "/tmp")
      if kinds?.status == 0, kinds?.text.contains("\"routes\"") == true { return }
      try await Task.sleep(for: .milliseconds(200))
    }
  }
}
