import Foundation
import MigratePlanning
import Testing

extension Workbench {
  /// Takes release `web` all the way: plan, dry run, apply, helm's next plain upgrade, dry run of
  /// the way back, rollback; and requires what holds for every release on the way. The Deployment
  /// may have another name between apply and rollback, when the last closure looks at what is
  /// there.
  func expectCycle(
    _ mode: ReleaseMode, _ options: [String] = [], of former: String = "web",
    as workload: String = "web",
    upgraded: nonisolated(nonsending) (PlanReport) async throws -> Void = { _ in }
  ) async throws {
    let about: Comment = "\(mode)"
    let before = try await state()
    let account = try await live("serviceaccount", "web")
    let formerly = try await live("deployment", former)
    let old = formerly["spec"]?["template"] ?? .null
    let watch = try await ReplicaSetWatch(self)
    defer { watch.stop() }

    let plan = try await planned("web", options).plan
    try #require(plan.blockers.isEmpty, about)
    let preview = try await expectNothingChanged(about) { try await apply(plan, "--dry-run") }
    #expect(preview.ended(0, "foretold"), "\(mode): \(preview)")

    let applied = try await apply(plan)
    try #require(applied.ended(0, "done"), "\(mode): \(applied)")
    #expect(applied.run?.differences.isEmpty == true, about)
    try await expectCameTrue(plan, as: workload, about)
    try await expectNoTraces(on: workload, about)
    #expect(try await live("serviceaccount", "web")["metadata"] == account["metadata"], about)
    let currently = try await live("deployment", workload)
    let new = currently["spec"]?["template"] ?? .null
    if formerly["metadata"]?["uid"] == currently["metadata"]?["uid"] {
      let labels = [formerly, currently].map { $0["metadata"]?["labels"]?.members ?? [:] }
      for label in Set(labels.flatMap(\.keys)) where labels[0][label] != labels[1][label] {
        #expect(preview.outcome.text.contains("\"metadata.labels.\(label)\""), about)
      }
    }
    try await upgraded(plan)
    try await settle()
    try await expectUpgradeRollsNothing(plan, workload, options, about)

    try await settle()
    let wayBack = try await expectNothingChanged(about) { try await rollback("--dry-run") }
    #expect(wayBack.ended(0, "foretold"), "\(mode): \(wayBack)")
    let wentBack = try await rollback()
    try #require(wentBack.ended(0, "done"), "\(mode): \(wentBack)")
    #expect(try await state().differences(from: before) == [], about)
    let now = try await live("serviceaccount", "web")
    #expect(now["metadata"]?["uid"] == account["metadata"]?["uid"], about)
    let release = try await helm("list", "--output", "json").text
    #expect(release.contains(#""status":"deployed","chart":"backbone-0.1.0""#), about)
    let next = try await planned("web", options).plan
    #expect(next.blockers.isEmpty, about)
    try await settle()
    try watch.expectOnly([old, new].map(ReplicaSetWatch.environment), about)
  }

  /// Requires that every rendered field is there, and every variable as the plan says.
  private func expectCameTrue(
    _ plan: PlanReport, as workload: String, _ about: Comment
  ) async throws {
    // What is kept on the live Deployment is beyond what helm knows.
    let keeps = plan.overrides.contains { $0.disposition == "kept" }
    let unmet = try await unmetFields(of: "web").filter { !keeps || !$0.contains(".env has ") }
    #expect(unmet == [], about)
    let sources = try await sources()
    let after = try await environment(of: workload)
    for row in plan.rows {
      switch Shown(row.after, sources) {
      case .absent: #expect(after[row.name] == nil, "\(row.name); \(about)")
      case .text(let text): #expect(after[row.name] == text, "\(row.name); \(about)")
      case .redacted: #expect(after[row.name] != nil, "\(row.name); \(about)")
      case .unknown: Issue.record("\(row.name) is unknown; \(about)")
      }
    }
    let unlisted = Set(after.values.keys).subtracting(plan.rows.map(\.name))
    #expect(unlisted.isEmpty, about)
  }

  /// Requires that neither the program nor a hand tool is on record as the owner of something that
  /// helm renders, and that the Deployment is not held still.
  private func expectNoTraces(on workload: String, _ about: Comment) async throws {
    let deployment = try await managed("deployment", workload)
    #expect(deployment["spec"]?["paused"] == nil, about)
    let entries = deployment["metadata"]?["managedFields"]?.elements ?? []
    for entry in entries {
      let manager = entry["manager"]?.string ?? ""
      #expect(manager != "backbone-migrate", about)
      if manager.hasPrefix("kubectl") {
        #expect(entry["fieldsV1"]?["f:spec"]?["f:template"] == nil, "\(manager); \(about)")
      }
    }
  }

  /// Requires that helm's next upgrade, with the values that it has, works and replaces no Pod.
  private func expectUpgradeRollsNothing(
    _ plan: PlanReport, _ workload: String, _ options: [String], _ about: Comment
  ) async throws {
    let before = try await live("deployment", workload)
    let sets = try await names(of: "replicasets")
    var chart = folder + "/next"
    if let index = options.firstIndex(of: "--chart") {
      chart = options[index + 1]
    } else {
      try? FileManager.default.removeItem(atPath: chart)
      _ = try await migrate("chart", chart).succeeded()
    }
    let skips = plan.commands.contains { $0.contains("--skip-schema-validation") }
    let upgrade = try await run(
      "helm",
      ["upgrade", "web", chart, "--reuse-values", "--namespace", namespace]
        + (skips ? ["--skip-schema-validation"] : []))
    #expect(upgrade.status == 0, "\(upgrade.errorText); \(about)")
    try await settle()
    let after = try await live("deployment", workload)
    #expect(after["spec"] == before["spec"], about)
    #expect(try await names(of: "replicasets") == sets, about)
  }
}
