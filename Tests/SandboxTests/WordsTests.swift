import Foundation
import MigratePlanning
import Testing

/// Releases that are another thing than they look like: what they are is said, and what to do.
@Suite("Words for what it is")
struct WordsTests {
  @Test("a dependency under another name", arguments: HelmVersion.allCases)
  func alias(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      let chart = try bench.umbrella(around: FixtureChart.appLabel.path, alias: "mqtt")
      _ = try await bench.helm("install", "web", chart)
      let plan = try await bench.plan("web")
      #expect(plan.blockers == ["chart-is-dependency"], "\(plan.findings)")
      #expect(plan.finding("chart-is-dependency")?.message.contains("under the name mqtt") == true)
      let values = try await bench.migrate(
        "plan", "web", "--namespace", bench.namespace, "--output", "values")
      #expect(
        values.text.contains("\"mqtt\":") || values.text.contains("\nmqtt:"), "\(values.text)")
    }
  }

  @Test("a StatefulSet in the place of the Deployment", arguments: HelmVersion.allCases)
  func statefulSet(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      _ = try await bench.kubectl("create", "serviceaccount", "web")
      let template = try String(
        contentsOfFile: FixtureChart.appLabel.path + "/templates/deployment.yaml", encoding: .utf8)
      let chart = try bench.chart(
        "old", like: FixtureChart.appLabel.path,
        with: [
          "templates/deployment.yaml": template.replacing(
            "kind: Deployment", with: "kind: StatefulSet"
          )
          .replacing("  replicas: 1\n", with: "  replicas: 1\n  serviceName: web\n")
        ])
      _ = try await bench.helm("install", "web", chart)
      let outcome = try await bench.migrate("plan", "web", "--namespace", bench.namespace)
      #expect(outcome.status == 1)
      #expect(
        outcome.errorText.contains("runs the broker as StatefulSet \"web\""),
        "\(outcome.errorText)")
      #expect(outcome.errorText.contains("; install chart 0.2.0 beside it"))
    }
  }

  @Test("a release that was uninstalled with its history", arguments: HelmVersion.allCases)
  func uninstalled(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.helm("uninstall", "web", "--keep-history")
      for command in ["plan", "export"] {
        let outcome = try await bench.migrate(command, "web", "--namespace", bench.namespace)
        #expect(outcome.status == 1)
        #expect(outcome.errorText.contains("was uninstalled"), "\(outcome.errorText)")
      }
      // What it says to do.
      _ = try await bench.helm("rollback", "web", "1")
      #expect(try await bench.plan("web").blockers == [])
    }
  }

  @Test("a Job that cannot be changed", arguments: ReleaseMode.allCases)
  func job(mode: ReleaseMode) async throws {
    func job(_ word: String) -> String {
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: web-init\n"
        + "spec:\n  template:\n    spec:\n"
        + "      restartPolicy: Never\n      containers:\n"
        + "        - {name: init, image: 'busybox:1', args: [\(word)]}\n"
    }
    try await Workbench.with(mode) { bench in
      try await bench.installReady(with: ["job.yaml": job("one")])
    } _: { bench in
      let chart = try await bench.targetChart(with: ["templates/job.yaml": job("two")])
      let plan = try await bench.plan("web", "--chart", chart)
      #expect(plan.blockers == ["server-rejects"], "\(mode): \(plan.findings)")
      let finding = plan.finding("server-rejects")
      #expect(finding?.message.contains("Job/web-init") == true, "\(mode): \(plan.findings)")
      let remedy = try #require(finding?.remedy)
      #expect(remedy.contains("kubectl delete job web-init --namespace \(bench.namespace)"))
      let same = try await bench.targetChart("same", with: ["templates/job.yaml": job("one")])
      #expect(try await bench.plan("web", "--chart", same).blockers == [], "\(mode)")
      _ = try await bench.kubectl("delete", "job", "web-init")
      let next = try await bench.plan("web", "--chart", chart)
      #expect(next.blockers == [], "\(mode): \(next.findings)")
      let applied = try await bench.apply(next)
      #expect(applied.ended(0, "done"), "\(mode): \(applied)")
    }
  }
}
