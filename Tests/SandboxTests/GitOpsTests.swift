import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

/// What a plan writes for git, synced as the controllers do: Flux upgrades with helm, Argo CD
/// renders with helm and applies.
@Suite("Releases that git owns")
struct GitOpsTests {
  @Test("Flux goes there with what the plan wrote", arguments: HelmVersion.only(.helm3))
  func flux(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      for object in ["deployment/web", "service/web"] {
        _ = try await bench.kubectl(
          "label", object, "helm.toolkit.fluxcd.io/name=broker",
          "helm.toolkit.fluxcd.io/namespace=flux-system", "--field-manager", "helm-controller")
      }
      try await bench.configureByHand()
      let before = try await bench.reading()

      let written = try await bench.withoutSecrets("helmrelease")
      #expect(written["metadata"] == ["name": "broker", "namespace": "flux-system"])
      #expect(written["spec"]?["targetNamespace"]?.string == bench.namespace)
      let chart = try await bench.target(named: written["spec"]?["chart"]?["spec"]?["version"])
      _ = try await bench.helm(
        ["upgrade", "web", chart, "--reset-values", "--values", "-"],
        input: (written["spec"]?["values"] ?? .null).valuesText)
      #expect(try await bench.reading() == before)
      #expect(try await bench.planned("web").plan.blockers.contains("recipe-not-applicable"))
    }
  }

  @Test(
    "Argo CD goes there with what the plan wrote", arguments: HelmVersion.only(.helm4),
    [[], ["--server-side", "--force-conflicts"]])
  func argoCD(helm: HelmVersion, flags: [String]) async throws {
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      try await bench.sync(FixtureChart.appLabel.path, flags)
      try await bench.configureByHand()
      let before = try await bench.reading()

      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 3)
      #expect(plan.blockers == ["managed-by-gitops"])
      #expect(plan.json["release"]?["revision"] == 0)
      #expect(plan.override("HTTP_PORT")?.manager == "kubectl-set")
      // A chart without the label is not known by name; that is said.
      #expect(Array(plan.unchecked.keys) == ["recipe-not-applicable"])
      #expect(plan.findings("drift").allSatisfy { $0.severity == "info" }, "\(plan.findings)")
      let refused = try await bench.migrate(
        "apply", "web", "--namespace", bench.namespace, "--yes", "--accept", "recipe-not-applicable"
      )
      #expect(refused.status == 3)

      let written = try await bench.withoutSecrets("application")
      let source = written["spec"]?["source"]
      let chart = try await bench.target(named: source?["targetRevision"])
      try await bench.sync(chart, flags, values: source?["helm"]?["valuesObject"] ?? .null)
      #expect(try await bench.reading() == before)
      #expect(try await bench.names(of: "deployments", "services") == ["web", "web"])
    }
  }

  @Test("a sync leaves what was set by hand without a value, and takes what the old chart set")
  func kept() async throws {
    let values: JSON = ["env": [["name": "FROM_VALUES", "value": "one"]]]
    let options = ["--chart", FixtureChart.withoutSink, "--unmapped", "keep"]
    func expectTold(_ written: String) throws -> JSON {
      let told = written.split(separator: "NOT BY THIS ALONE: no value holds ").last ?? ""
      for name in ["FROM_VALUES", "LOG_LEVEL"] {
        #expect(told.contains(name), "\(written)")
      }
      return try YAMLReader().document(written)
    }
    func expectKept(_ bench: Workbench) async throws {
      let environment = try await bench.environment(of: "web")
      #expect(environment["LOG_LEVEL"] == "debug")
      #expect(environment["FROM_VALUES"] == nil)
      #expect(environment["HTTP_PORT"] == "9000")
    }
    let byHand = ["LOG_LEVEL=debug", "HTTP_PORT=9000"]
    for helm in HelmVersion.only(.helm3) {
      try await Workbench.with(helm) { bench in
        try await bench.installReady(.envList, values: values)
        _ = try await bench.kubectl(["set", "env", "deployment/web"] + byHand)
        let written = try expectTold(try await bench.text(of: "helmrelease", options))
        _ = try await bench.helm(
          ["upgrade", "web", FixtureChart.withoutSink, "--reset-values", "--values", "-"],
          input: (written["spec"]?["values"] ?? .null).valuesText)
        try await expectKept(bench)
      }
    }
    for flags in [[], ["--server-side", "--force-conflicts"]] {
      try await Workbench.with(.helm4) { bench in
        _ = try await bench.kubectl("create", "serviceaccount", "web")
        try await bench.sync(FixtureChart.envList.path, flags, values: values)
        _ = try await bench.kubectl(["set", "env", "deployment/web"] + byHand)
        let written = try expectTold(try await bench.text(of: "application", options))
        try await bench.sync(
          FixtureChart.withoutSink, flags,
          values: written["spec"]?["source"]?["helm"]?["valuesObject"] ?? .null)
        try await expectKept(bench)
      }
    }
  }

  @Test("an Application says which chart it renders", arguments: HelmVersion.only(.helm3))
  func chartOfTheLabel(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      try await bench.sync(FixtureChart.recommendedLabels.path)
      _ = try await bench.kubectl("label", "deployments", "--all", "helm.sh/chart=backbone-0.1.0")
      let plan = try await bench.planned("web").plan
      #expect(plan.json["release"]?["chart"]?["version"] == "0.1.0")
      #expect(plan.unchecked.isEmpty)

      // Nobody's release, and no Application's.
      let mistyped = try await bench.migrate("plan", "wbe", "--namespace", bench.namespace)
      #expect(mistyped.status == 1)
      #expect(mistyped.errorText.contains("release \"wbe\" was not found"))
    }
  }

  @Test("an Application is read where it lives", arguments: HelmVersion.only(.helm4))
  func liveApplication(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.defineApplications()
      // Others' Applications are in the same cluster.
      let name = "broker-" + bench.namespace
      let values: JSON = ["env": [["name": "FROM_VALUES", "value": "one"]]]
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      try await bench.sync(FixtureChart.envList.path, values: values, as: name)
      try await bench.create([
        [
          "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
          "metadata": ["name": .string(name), "labels": ["team": "messaging"]],
          "spec": [
            "source": [
              "chart": "backbone", "targetRevision": "0.1.0",
              "helm": ["releaseName": "web", "values": .string(values.valuesText)],
            ]
          ],
        ]
      ])
      try await bench.configureByHand()
      let before = try await bench.reading()

      let plan = try await bench.planned(name).plan
      #expect(plan.json["release"]?["chart"]?["version"] == "0.1.0")
      #expect(plan.unchecked.isEmpty && plan.blockers == ["managed-by-gitops"], "\(plan.json)")
      #expect(!plan.findings("source-values-stale").isEmpty)

      // What the plan writes is an Application that the cluster takes, and that is read again.
      let written = try await bench.withoutSecrets("application", of: name)
      _ = try await bench.kubectl(
        ["apply", "--server-side", "--force-conflicts", "--filename", "-"],
        input: written.replacing(["metadata", "namespace"], with: .string(bench.namespace))
          .canonical)
      let source = written["spec"]?["source"]
      #expect(source?["helm"]?["releaseName"] == "web")
      let chart = try await bench.target(named: source?["targetRevision"])
      try await bench.sync(chart, values: source?["helm"]?["valuesObject"] ?? .null, as: name)
      #expect(try await bench.reading() == before)
      let again = try await bench.planned(name).plan
      #expect(again.json["release"]?["chart"]?["version"] == "0.2.0")
      #expect(again.blockers.contains("recipe-not-applicable"))

      // What no release can be called reaches no command.
      _ = try await bench.kubectl(
        "patch", "applications.argoproj.io", name, "--type=merge", "--patch",
        #"{"spec": {"source": {"helm": {"releaseName": "--debug"}}}}"#)
      let odd = try YAMLReader().document(try await bench.text(of: "application", release: name))
      #expect(odd["spec"]?["source"]?["helm"]?["releaseName"]?.string == name)
    }
  }

  @Test("Helmfile goes there with what the plan wrote", arguments: HelmVersion.only(.helm4))
  func helmfile(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.configureByHand()
      let before = try await bench.reading()
      let written = try await bench.withoutSecrets("helmfile")
      let release = try #require(written["releases"]?.elements.first)
      #expect(release["name"] == "web")
      #expect(release["namespace"]?.string == bench.namespace)
      let chart = try await bench.target(named: release["version"])
      // Helmfile's call, with the flag that Helm 4 wants after kubectl.
      _ = try await bench.helm(
        ["upgrade", "--install", "web", chart, "--reset-values", "--values", "-"]
          + (helm == .helm4 ? ["--force-conflicts"] : []),
        input: (release["values"]?.elements.first ?? .null).valuesText)
      #expect(try await bench.reading() == before)
    }
  }

  @Test(
    "a chart around the broker's takes the values as they are", arguments: HelmVersion.only(.helm3))
  func umbrella(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      let chart = try bench.umbrella(around: FixtureChart.appLabel.path)
      _ = try await bench.helm("install", "web", chart)
      try await bench.configureByHand()
      let before = try await bench.reading()
      #expect(
        try await bench.planned("web").plan.commands
          == ["backbone-migrate plan web --namespace \(bench.namespace) --output values"])

      let written = try await bench.withoutSecrets("helmrelease")
      #expect(written["spec"]?["chart"]?["spec"]?["chart"] == "platform")
      let values = try await bench.text(of: "values")
      #expect(values.contains("chart platform"))
      #expect(try YAMLReader().document(values) == written["spec"]?["values"])
      _ = try bench.umbrella(around: try await bench.target(named: "0.2.0"))
      _ = try await bench.helm(
        ["upgrade", "web", chart, "--reset-values", "--values", "-"], input: values)
      #expect(try await bench.reading() == before)
    }
  }
}

extension Workbench {
  fileprivate func configureByHand() async throws {
    try await setByHand(
      "ADMIN_TOKEN=sunflower-7041", "HTTP_PORT=9000", "API_ENABLED=true", "LOG_LEVEL=debug",
      on: "web")
  }

  /// What the broker makes of its environment.
  fileprivate func reading() async throws -> [String: ExactText] {
    Broker.reading(of: try await environment(of: "web"))
  }

  /// Makes the kind Application known to the API server, as far as a test needs it. Another test
  /// may be at it, and a cluster that was brought along may have the real one.
  fileprivate func defineApplications() async throws {
    let names: JSON = [
      "plural": "applications", "singular": "application", "kind": "Application",
    ]
    let schema: JSON = ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
    let definition: JSON = [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": "applications.argoproj.io"],
      "spec": [
        "group": "argoproj.io", "scope": "Namespaced", "names": names,
        "versions": [
          [
            "name": "v1alpha1", "served": true, "storage": true,
            "schema": ["openAPIV3Schema": schema],
          ]
        ],
      ],
    ]
    let made = try await run(
      "kubectl", ["create", "--filename", "-"], input: definition.canonical)
    if !made.errorText.contains("AlreadyExists") { _ = try made.succeeded() }
    _ = try await kubectl(
      "wait", "--for=condition=Established", "crd/applications.argoproj.io", "--timeout=60s")
  }

  /// A plan in a format.
  fileprivate func text(
    of format: String, _ options: [String] = [], release: String = "web"
  ) async throws -> String {
    let outcome = try await migrate(
      ["plan", release, "--namespace", namespace, "--output", format] + options)
    #expect(!outcome.text.contains("sunflower"))
    return outcome.text
  }

  /// What a plan writes, after the steps that it wants before: the values hold references then.
  fileprivate func withoutSecrets(
    _ format: String, of release: String = "web"
  ) async throws -> JSON {
    let first = try await text(of: format, release: release)
    let steps = first.split(separator: "\n").filter { $0.hasPrefix("#   ") }.map { $0.dropFirst(4) }
    #expect(steps.count == 2)
    for step in steps { _ = try await shell(String(step)).succeeded() }
    #expect(try await environment(of: "web")["ADMIN_TOKEN"] == "sunflower-7041")
    let text = try await text(of: format, release: release)
    #expect(!text.contains("BEFORE") && !text.contains("redacted"))
    return try YAMLReader().document(text)
  }

  /// The folder of the target chart, whose version somebody named.
  fileprivate func target(named version: JSON?) async throws -> String {
    #expect(version == "0.2.0")
    let chart = folder + "/new"
    _ = try await migrate("chart", chart).succeeded()
    return chart
  }

  /// Renders a chart and applies it, as Argo CD does.
  fileprivate func sync(
    _ chart: String, _ flags: [String] = [], values: JSON = [:], as application: String = "web"
  ) async throws {
    let rendered = try await helm(
      ["template", "web", chart, "--values", "-"], input: values.valuesText)
    let objects = try YAMLReader().manifestDocuments(rendered.output).map { object in
      let kind = object["kind"]?.string ?? ""
      let name = object["metadata"]?["name"]?.string ?? ""
      let group = kind == "Deployment" ? "apps" : ""
      return object.replacing(
        ["metadata", "annotations", "argocd.argoproj.io/tracking-id"],
        with: .string("\(application):\(group)/\(kind):\(namespace)/\(name)"))
    }
    let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
    _ = try await kubectl(
      ["apply", "--filename", "-", "--field-manager", "argocd-controller"] + flags,
      input: list.canonical)
  }

  /// A chart of which another one is a dependency.
  func umbrella(around dependency: String, alias: String? = nil) throws -> String {
    let chart = folder + "/platform"
    try? FileManager.default.removeItem(atPath: chart)
    try FileManager.default.createDirectory(
      atPath: chart + "/charts", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: dependency, toPath: chart + "/charts/backbone")
    let listed = alias.map {
      "dependencies:\n  - {name: backbone, version: 0.1.0, alias: \($0)}\n"
    }
    try ("apiVersion: v2\nname: platform\nversion: 1.2.3\n" + (listed ?? "")).write(
      toFile: chart + "/Chart.yaml", atomically: true, encoding: .utf8)
    return chart
  }
}
