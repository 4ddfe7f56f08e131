import Foundation
import MigratePlanning
import Testing

@Suite("Reaching the cluster")
struct ConnectionTests {
  @Test("a cluster that does not answer", arguments: HelmVersion.only(.helm4))
  func unreachable(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let outcome = try await bench.withKubeconfig { config in
        config.split(separator: "\n").map {
          $0.contains("server:") ? "    server: https://127.0.0.1:1" : String($0)
        }.joined(separator: "\n")
      }.migrate("plan", "web", "--namespace", "anywhere")
      expectHelpfulFailure(outcome, mentioning: "--kubeconfig")
    }
  }

  @Test("a kubeconfig that is not there", arguments: HelmVersion.only(.helm3))
  func missingKubeconfig(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let outcome = try await bench.migrate(
        "plan", "web", "--namespace", "anywhere", "--kubeconfig", bench.folder + "/nowhere")
      expectHelpfulFailure(outcome, mentioning: "--kubeconfig")
    }
  }

  @Test("a context that is not there", arguments: HelmVersion.only(.helm4))
  func missingContext(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let outcome = try await bench.migrate(
        "plan", "web", "--namespace", "anywhere", "--kube-context", "elsewhere")
      expectHelpfulFailure(outcome, mentioning: "elsewhere")
    }
  }

  @Test("helm that is not there is named, with its flag", arguments: HelmVersion.only(.helm3))
  func missingHelm(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let path = bench.folder + "/bin/no-helm"
      let named = try await bench.migrate(
        "plan", "web", "--namespace", bench.namespace, "--helm", path)
      expectHelpfulFailure(named, mentioning: "--helm")
      #expect(named.errorText.contains(path))

      try FileManager.default.removeItem(atPath: bench.folder + "/bin/helm")
      var bare = bench
      bare.variables["PATH"] = bench.folder + "/bin"
      let unnamed = try await bare.migrate("plan", "web", "--namespace", bench.namespace)
      expectHelpfulFailure(unnamed, mentioning: "--helm")
    }
  }

  @Test("kubectl that is not there is named, with its flag", arguments: HelmVersion.only(.helm4))
  func missingKubectl(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let path = bench.folder + "/bin/no-kubectl"
      let outcome = try await bench.migrate(
        "plan", "web", "--namespace", bench.namespace, "--kubectl", path)
      expectHelpfulFailure(outcome, mentioning: "--kubectl")
      #expect(outcome.errorText.contains(path))
    }
  }

  @Test(
    "without kubectl no plan pretends to know what was set by hand",
    arguments: HelmVersion.only(.helm3)
  )
  func noKubectl(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      var bare = bench
      bare.variables["PATH"] = bench.folder + "/few"
      try bench.link("few/helm", to: bench.sandbox.helm(helm))
      try bench.link("few/backbone-migrate", to: bench.sandbox.binary)
      let outcome = try await bare.migrate(
        "plan", "web", "--namespace", bench.namespace, "--output", "json")
      if outcome.status == 1 {
        expectHelpfulFailure(outcome, mentioning: "--kubectl")
      } else {
        let plan = try PlanReport(outcome.output)
        #expect(plan.verdict == "attention")
        #expect(plan.unchecked["drift"]?.contains("--kubectl") == true)
      }
      let values = try await bare.migrate(
        "plan", "web", "--namespace", bench.namespace, "--output", "values", "--with-secrets")
      #expect([1, 3].contains(values.status))
      // What it prints instead is nothing that helm would upgrade with.
      let render = try await bench.run(
        "helm", ["template", "web", FixtureChart.appLabel.path, "--values", "-"], input: values.text
      )
      #expect(render.status != 0)
    }
  }

  private func expectHelpfulFailure(_ outcome: Outcome, mentioning text: String) {
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errorText.hasPrefix("error: "))
    #expect(outcome.errorText.contains(text))
  }

  @Test("the namespace is the context's when none is named", arguments: HelmVersion.only(.helm4))
  func namespaceOfContext(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      let there = try bench.withKubeconfig { $0 }
      _ = try await there.kubectl(
        "config", "set-context", "--current", "--namespace", bench.namespace)
      let outcome = try await there.migrate("plan", "web", "--output", "json")
      let plan = try PlanReport(outcome.output)
      #expect(plan.json["release"]?["namespace"]?.string == bench.namespace)
      #expect(plan.row("LOG_LEVEL")?.before == "debug")
      #expect(plan.commands.contains { $0.contains("--namespace \(bench.namespace)") })

      // The commands name the namespace, so they hold whatever the context says by then.
      try await bench.follow(plan)
      #expect(try await bench.environment(of: "web")["LOG_LEVEL"] == "debug")
    }
  }

  @Test(
    "a named context is part of the plan and of its commands", arguments: HelmVersion.only(.helm3))
  func namedContext(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let current = try await bench.kubectl("config", "current-context").text
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let plan = try await bench.plan("web", "--kube-context", current)
      #expect(plan.json["release"]?["context"]?.string == current)
      #expect(plan.commands.contains { $0.contains("--kube-context \(current)") })
      try await bench.follow(plan)
    }
  }
}

extension Workbench {
  /// The same place with a kubeconfig of its own, made of the sandbox's.
  func withKubeconfig(_ edit: (String) -> String) throws -> Workbench {
    let path = folder + "/kubeconfig"
    try edit(String(contentsOfFile: kubeconfig, encoding: .utf8))
      .write(toFile: path, atomically: true, encoding: .utf8)
    var bench = self
    bench.kubeconfig = path
    return bench
  }
}
