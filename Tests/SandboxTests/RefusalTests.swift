import Foundation
import MigratePlanning
import Testing

/// What an apply does not begin with, and what it says then.
@Suite("Refusals")
struct RefusalTests {
  @Test("a plan that no longer holds", arguments: HelmVersion.only(.helm3))
  func stalePlan(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let plan = try await bench.plan("web")
      try await bench.setByHand("LOG_LEVEL=trace", on: "web")
      try await bench.expectRefused(3, ["no longer holds", "LOG_LEVEL"]) {
        try await bench.apply(plan)
      }

      let next = try await bench.plan("web")
      try await bench.setByHand("ADMIN_TOKEN=another-token", on: "web")
      try await bench.expectRefused(3, ["no longer holds"], without: ["another-token", "of-the"]) {
        try await bench.apply(next)
      }

      let last = try await bench.plan("web")
      _ = try await bench.helm("upgrade", "web", FixtureChart.appLabel.path)
      try await bench.settle()
      try await bench.expectRefused(3, ["the revision was 1 and is 2"]) {
        try await bench.apply(last)
      }
    }
  }

  @Test("a plan of another cluster, of another release, from a file")
  func foreignPlan() async throws {
    try await Workbench.with(.helm4) { bench in
      try await bench.installConfigured()
      _ = try await bench.kubectl("create", "serviceaccount", "other")
      try await bench.install(.appLabel, as: "other")
      try await bench.settle()
      let file = bench.folder + "/plan.json"

      var plan = try await bench.plan("web").json.members
      plan["release"] = plan["release"]?.replacing("clusterID", with: "somewhere-else")
      try JSON.object(plan).canonical.write(toFile: file, atomically: true, encoding: .utf8)
      try await bench.expectRefused(3, ["made for another cluster"]) {
        try await bench.apply("--plan", file)
      }

      plan = try await bench.plan("web").json.members
      plan["release"] = plan["release"]?.replacing("name", with: "other")
      try JSON.object(plan).canonical.write(toFile: file, atomically: true, encoding: .utf8)
      try await bench.expectRefused(3, ["no longer holds"]) {
        try await bench.apply("--plan", file)
      }

      let exported = bench.folder + "/web.yaml"
      let export = try await bench.migrate("export", "web", "--namespace", bench.namespace)
      try export.succeeded().text.write(toFile: exported, atomically: true, encoding: .utf8)
      let offline = try await bench.migrate(
        "plan", "--from", exported, "--output", "json", "--out", file)
      #expect([0, 2].contains(offline.status))
      try await bench.expectRefused(3, ["from a file"]) { try await bench.apply("--plan", file) }
      try await bench.expectRefused(64, ["--from names a file"]) {
        try await bench.apply("web", "--from", exported)
      }
    }
  }

  @Test("a plan that is not there, or none at all")
  func noPlan() async throws {
    try await Workbench.with(.helm4) { bench in
      try await bench.installConfigured()
      let file = bench.folder + "/plan.json"
      try "{}".write(toFile: file, atomically: true, encoding: .utf8)
      try await bench.expectRefused(1, ["is no plan"]) { try await bench.apply("--plan", file) }
      try await bench.expectRefused(1, ["not in the history"]) {
        try await bench.apply("plan-nowhere1")
      }
      try await bench.expectRefused(1, ["was not found"]) { try await bench.apply("nobody") }
      try await bench.expectRefused(64, ["one thing to apply"]) { try await bench.apply() }
      try await bench.expectRefused(64, ["is no finding", "\"image-changed\""]) {
        try await bench.apply("web", "--accept", "image-change")
      }
      try await bench.expectRefused(3, ["there is no backup"]) { try await bench.rollback() }
    }
  }

  @Test("without consent", arguments: HelmVersion.only(.helm4))
  func withoutConsent(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installReady(
        .envList, values: ["tuning": ["level": "high"], "priorityClassName": "critical"])
      try await bench.settle()
      let plan = try await bench.plan("web")
      try #require(plan.verdict == "attention")
      let flags = plan.acceptances.joined(separator: " ")
      try await bench.expectRefused(2, ["then add: \(flags)\n"]) { try await bench.apply(plan.id) }
      try await bench.expectRefused(2, ["then add: \(flags)\n"]) {
        try await bench.apply(plan.id, "--dry-run")
      }
      try await bench.expectRefused(2, ["then add: "]) {
        try await bench.apply(plan.id, "--accept", "value-unsupported=Deployment/other")
      }
      try await bench.expectRefused(3, ["no terminal", "--yes"]) {
        try await bench.change("apply", [plan.id] + plan.acceptances, confirmed: false)
      }
      let dry = try await bench.expectNothingChanged {
        try await bench.change(
          "apply", [plan.id, "--dry-run"] + plan.acceptances, confirmed: false)
      }
      #expect(dry.ended(0, "foretold"), "\(dry)")
    }
  }

  @Test("a blocked plan", arguments: HelmVersion.only(.helm3))
  func blocked(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.install(.appLabel, as: "web")
      let plan = try await bench.plan("web")
      try #require(plan.blockers == ["service-account-missing"])
      for options in [[], ["--dry-run"], ["--accept", "service-account-missing"]] {
        try await bench.expectRefused(3, ["the plan is blocked: service-account-missing: "]) {
          try await bench.change("apply", ["web"] + options)
        }
      }
    }
  }

  @Test("a Deployment that is held still", arguments: HelmVersion.only(.helm4))
  func paused(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      _ = try await bench.kubectl("rollout", "pause", "deployment/web")
      try await bench.settle()
      let (outcome, plan) = try await bench.planned("web")
      #expect(outcome.status == 3 && plan.blockers == ["rollout-unfinished"])
      let resume = "kubectl rollout resume deployment/web"
      #expect(plan.finding("rollout-unfinished")?.remedy?.contains(resume) == true)
      try await bench.expectRefused(3, ["Deployment \"web\" is paused", resume]) {
        try await bench.apply("web")
      }
    }
  }

  @Test("a release that somebody else is at", arguments: HelmVersion.only(.helm3))
  func locked(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let before = try await bench.state()
      let plan = try await bench.plan("web")
      let holder = "ann@there run-elsewhere"
      try await bench.lock(by: holder)
      for options in [["--dry-run"], [], ["--take-over-lock", "ann@there"]] {
        try await bench.expectRefused(3, [holder]) {
          try await bench.change("apply", [plan.id] + plan.acceptances + options)
        }
      }
      #expect(try await bench.status().message.contains(holder))

      let applied = try await bench.apply(plan, "--take-over-lock", holder)
      #expect(applied.ended(0, "done"), "\(applied)")
      #expect(try await bench.lockHolder() == nil)

      try await bench.lock(by: holder)
      try await bench.expectRefused(3, [holder]) { try await bench.rollback("--dry-run") }
      try await bench.expectRefused(3, [holder]) { try await bench.rollback() }
      try await bench.lock(by: holder, age: 100)
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(wentBack)")
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("a namespace without room for the backup", arguments: HelmVersion.only(.helm4))
  func noRoomForBackup(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      #expect(try await bench.apply(try await bench.plan("web")).ended(0, "done"))
      #expect(try await bench.rollback().ended(0, "done"))
      try await bench.setByHand("LATER=1", on: "web")
      try await bench.settle()
      let before = try await bench.state()
      try await bench.create([
        [
          "apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "full"],
          "spec": ["hard": ["secrets": "1"]],
        ]
      ])
      for _ in 0..<50 {
        let status = try await bench.live("resourcequota", "full")["status"]
        if status?["used"]?["secrets"] != nil { break }
        try await Task.sleep(for: .milliseconds(200))
      }
      let refused = try await bench.apply(try await bench.plan("web"))
      #expect(refused.ended(3, "failed"), "\(refused)")
      #expect(refused.run?.message.contains("exceeded quota") == true, "\(refused)")
      #expect(refused.run?.message.contains("nothing was changed") == true)
      #expect(try await bench.state().differences(from: before) == [])
      // There is nothing to go back to: the rollback before this is over.
      #expect(try await bench.status().next == nil)
      _ = try await bench.kubectl("delete", "resourcequota", "full")
      #expect(try await bench.apply(try await bench.plan("web")).ended(0, "done"))
    }
  }

  @Test("a user who may only read", arguments: HelmVersion.only(.helm3))
  func reader(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let reader = try await bench.limited(to: ServerTests.reading)
      let plan = try await reader.plan("web")
      let missing = ["the user may not ", "patch deployments", "update leases"]
      try await bench.expectRefused(3, missing + ["nothing was changed"]) {
        try await reader.apply(plan)
      }
      try await bench.expectRefused(3, missing) { try await reader.apply(plan, "--dry-run") }
    }
  }

  @Test("two at once, but for one", arguments: HelmVersion.only(.helm4))
  func twoAtOnce(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let before = try await bench.state()
      let plan = try await bench.plan("web")
      async let one = bench.apply(plan)
      async let other = bench.apply(plan)
      let both = try await [one, other]
      #expect(both.map(\.status).sorted() == [0, 3], "\(both)")
      #expect(try await bench.unmetFields(of: "web") == [])
      let wentBack = try await bench.rollback()
      #expect(wentBack.ended(0, "done"), "\(wentBack)")
      #expect(try await bench.state().differences(from: before) == [])
    }
  }

  @Test("a release that is there already, or back already", arguments: HelmVersion.only(.helm3))
  func alreadyThere(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.installConfigured()
      let plan = try await bench.plan("web")
      #expect(try await bench.apply(plan).ended(0, "done"))
      try await bench.settle()
      try await bench.expectRefused(3, ["has applied plan", "already"]) {
        try await bench.apply(plan)
      }
      try await bench.expectRefused(3, ["recipe-not-applicable"]) { try await bench.apply("web") }

      #expect(try await bench.rollback().ended(0, "done"))
      try await bench.settle()
      let place = " --namespace \(bench.namespace)\""
      try await bench.expectRefused(3, ["was rolled back by run-", "already", place]) {
        try await bench.rollback()
      }
    }
  }
}

extension Workbench {
  /// Installs release `web` with a secret and another variable, set by hand.
  func installConfigured() async throws {
    try await installReady(.appLabel)
    try await setByHand("ADMIN_TOKEN=of-the-admin", "LOG_LEVEL=debug", on: "web")
    try await settle()
  }

  /// Requires that a command ends with a status and some words, and changes nothing at all.
  fileprivate func expectRefused(
    _ status: Int, _ words: [String], without secrets: [String] = ["of-the-admin"],
    by work: nonisolated(nonsending) () async throws -> RunOutcome
  ) async throws {
    let outcome = try await expectNothingChanged("\(words)", by: work)
    #expect(outcome.status == status, "\(outcome)")
    let text = outcome.errorText + outcome.outcome.text.replacing("\\\"", with: "\"")
    for word in words { #expect(text.contains(word), "\(word) in \(text)") }
    for secret in secrets { #expect(!text.contains(secret), "\(text)") }
  }
}

extension JSON {
  fileprivate func replacing(_ key: String, with value: JSON) -> JSON {
    .object(members.merging([key: value]) { _, new in new })
  }
}
