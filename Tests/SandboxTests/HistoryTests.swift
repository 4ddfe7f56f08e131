import Foundation
import MigratePlanning
import Testing

@Suite("The history")
struct HistoryTests {
  @Test("lists plans, and shows one whole", arguments: HelmVersion.only(.helm3))
  func listsPlans(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let empty = try await bench.migrate("history").succeeded()
      #expect(empty.text.contains("no plans"))
      #expect(!FileManager.default.fileExists(atPath: bench.history))

      let first = try await bench.planned("web")
      let second = try await bench.plan("web", "--adopt", "k8s.enabled")
      let list = try await bench.migrate("history").succeeded()
      #expect(list.text.contains(first.plan.id) && list.text.contains(second.id))
      #expect(list.text.contains("\(bench.namespace)/web"))

      let json = try await bench.migrate("history", "web", "--output", "json").succeeded()
      let plans = try JSONDecoder().decode(JSON.self, from: Data(json.output))["plans"]
      #expect(plans?.elements.compactMap { $0["id"]?.string } == [second.id, first.plan.id])
      #expect(plans?.elements.last?["digest"] == first.plan.json["digest"])

      let table = try await bench.migrate("history", first.plan.id).succeeded()
      #expect(table.text.contains("READY") && table.text.contains(first.plan.id))
      let whole = try await bench.migrate("history", first.plan.id, "--output", "json").succeeded()
      #expect(whole.text == first.outcome.text)
    }
  }

  @Test("finds no plan of another release or namespace", arguments: [HelmVersion.helm4])
  func keepsReleasesApart(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      let plan = try await bench.plan("web")
      let other = try await bench.migrate("history", "another").succeeded()
      #expect(!other.text.contains(plan.id))
      let elsewhere = try await bench.migrate("history", "web", "--namespace", "default")
        .succeeded()
      #expect(!elsewhere.text.contains(plan.id))

      let unknown = try await bench.migrate("history", String(plan.id.dropLast()) + "0")
      #expect(unknown.status == 1)
      #expect(unknown.output.isEmpty)
      #expect(unknown.errorText.contains(plan.id))
    }
  }

  @Test(
    "is left alone with --no-save, and is where it is said to be", arguments: [HelmVersion.helm3])
  func whereItIs(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.appLabel)
      _ = try await bench.plan("web", "--no-save")
      #expect(!FileManager.default.fileExists(atPath: bench.history))

      let file = bench.folder + "/elsewhere/plans.sqlite"
      let plan = try await bench.plan("web", "--history", file)
      #expect(!FileManager.default.fileExists(atPath: bench.history))
      let attributes = try FileManager.default.attributesOfItem(atPath: file)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      var bare = bench
      bare.variables["BACKBONE_MIGRATE_HISTORY"] = file
      #expect(try await bare.migrate("history").succeeded().text.contains(plan.id))
    }
  }
}
