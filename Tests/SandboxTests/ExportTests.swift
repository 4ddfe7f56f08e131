import Foundation
import MigratePlanning
import Testing

@Suite("A release from a file")
struct ExportTests {
  @Test(
    "gives the plan of the live release, without its secrets", arguments: HelmVersion.only(.helm3))
  func export(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let secrets = PlantedSecrets()
      try await secrets.plant(in: bench)
      let outcome = try await bench.migrate("export", "web", "--namespace", bench.namespace)
        .succeeded()
      #expect(secrets.leaks(in: ["the file": Data(outcome.output)]).isEmpty)
      let file = bench.folder + "/web.json"
      try Data(outcome.output).write(to: URL(filePath: file))

      let live = try await bench.plan("web")
      let read = try await bench.planFromFile(file)
      #expect(live.json["digest"]?.string?.hasPrefix("sha256:") == true)
      #expect(read.json["digest"] == live.json["digest"])
      #expect(read.json["environment"] == live.json["environment"])
      #expect(read.unchecked["object-unowned"] != nil)
      #expect(read.unchecked["server-rejects"] != nil)
      #expect(read.unchecked["drift"] == nil)

      try await bench.setByHand("LOG_LEVEL=trace", on: "web")
      #expect(try await bench.plan("web").json["digest"] != read.json["digest"])
    }
  }

  @Test(
    "as helm prints it has no live objects, and the plan says so",
    arguments: HelmVersion.only(.helm4))
  func helmGetAll(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(.envList, values: ["env": [["name": "A", "value": "b"]]])
      try await bench.setByHand("LOG_LEVEL=debug", on: "web")
      let printed = try await bench.helm("get", "all", "web").text
      let plan = try await bench.planFromFile("-", input: printed)
      #expect(plan.row("A")?.before == "b")
      #expect(plan.row("LOG_LEVEL") == nil)
      #expect(plan.unchecked["drift"]?.contains("does not show live objects") == true)
      #expect(plan.unchecked["service-account-missing"] != nil)
      #expect(plan.findings("drift").isEmpty)
      #expect(plan.verdict != "ready")
    }
  }
}

extension Workbench {
  /// Plans from a file, and requires an answer whose exit code belongs to its verdict.
  fileprivate func planFromFile(_ file: String, input: String? = nil) async throws -> PlanReport {
    let outcome = try await migrate(["plan", "--from", file, "--output", "json"], input: input)
    let plan = try PlanReport(outcome.output)
    guard outcome.status == plan.exitCode else { throw Outcome.Failure(outcome: outcome) }
    return plan
  }
}
