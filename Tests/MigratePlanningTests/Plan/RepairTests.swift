import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct RepairTests {
  private struct Trouble: Error {}

  @Test func aTextThatTheChartSpoilsGoesToTheSink() async throws {
    let chart = FakeChart(rewrites: { name, text in name == "TZ" ? text.uppercased() : text })
    let plan = try await Planning.plan(
      [("TZ", "Europe/Vienna"), ("K8S_ENABLED", "true")], chart: chart)
    let row = try #require(plan.variable("TZ"))
    #expect(row.state == .same)
    #expect(row.carrier == .sink(try ValuePath("extraEnv")))
    #expect(try plan.value("timezone") == nil)
    #expect(try plan.value("extraEnv") == [.variable("TZ", "Europe/Vienna")])
    #expect(plan.verdict == .ready)
  }

  @Test func whatIsMovedIsEscaped() async throws {
    let chart = FakeChart(rewrites: { name, text in name == "TZ" ? text + "!" : text })
    let plan = try await Planning.plan([("TZ", "pa$$word")], chart: chart)
    #expect(plan.variable("TZ")?.state == .same)
    #expect(try plan.value("extraEnv") == [.variable("TZ", "pa$$word")])
  }

  @Test func aTextThatNowExpandsIsWrittenOut() async throws {
    // TCP_PORT was not set, and the chart sets it before OIDC_ADMIN_GROUP.
    let plan = try await Planning.plan([("OIDC_ADMIN_GROUP", "$(TCP_PORT)")])
    #expect(plan.variable("OIDC_ADMIN_GROUP")?.state == .same)
    #expect(try plan.value("extraEnv") == [.variable("OIDC_ADMIN_GROUP", "$$(TCP_PORT)")])
    #expect(try plan.value("oidc.adminGroup") == nil)
  }

  @Test func anExpansionThatWouldComeOutOtherwiseIsWrittenOut() async throws {
    // Before, A took the first HTTP_PORT; the chart writes only the last one.
    let plan = try await Planning.plan([
      ("HTTP_PORT", "7000"), ("A", "$(HTTP_PORT)"), ("HTTP_PORT", "9000"),
    ])
    #expect(plan.variable("A")?.before == .value("7000"))
    #expect(plan.variable("A")?.state == .same)
    #expect(try plan.value("extraEnv") == [.variable("A", "7000")])
  }

  @Test func aFactThatAnotherValueChangedIsWrittenToItsHome() async throws {
    // A volume at /data makes the chart choose Recreate.
    var release = SampleRelease()
    release.container["volumeMounts"] = [["name": "data", "mountPath": "/data"]]
    release.pod["volumes"] = [["name": "data", "emptyDir": [:]]]
    let plan = try await Planning.plan(release)
    #expect(try plan.value("strategy.type") == "RollingUpdate")
    #expect(!plan.comparison.settings.contains { !$0.isKept })
    #expect(plan.verdict == .ready)
  }

  @Test func itIsDoneOnce() async throws {
    let chart = FakeChart()
    let situation = try Planning.situation(.with([("TZ", "UTC")]), chart: chart)
    let counter = Counter()
    // A chart that overrules its own value, and then what stands in the sink, too.
    let plan = try await Planning.plan(situation) { values in
      await counter.count()
      return chart.render(values).withVariable("TZ", "local")
    }
    #expect(await counter.value == 2)
    #expect(plan.variable("TZ")?.state == .changed)
    #expect(plan.findings(.valueNotExact).contains { $0.severity == .blocker && $0.isOpen })
    #expect(plan.verdict == .blocked)
  }

  @Test func nothingToRepairRendersOnce() async throws {
    let counter = Counter()
    let chart = FakeChart()
    _ = try await Planning.plan(try Planning.situation(.with([("TZ", "UTC")]))) { values in
      await counter.count()
      return chart.render(values)
    }
    #expect(await counter.value == 1)
  }

  @Test(arguments: ["true": JSON.bool(false), "false": nil])
  func aProbeThatAnotherValueSwitchesOnIsForeseen(api: String, written: JSON?) async throws {
    let counter = Counter()
    let chart = FakeChart()
    let plan = try await Planning.plan(
      try Planning.situation(.with([("API_ENABLED", api)]))
    ) { values in
      await counter.count()
      return chart.render(values)
    }
    #expect(await counter.value == 1)
    #expect(try plan.value("livenessProbe.enabled") == written)
    #expect(plan.verdict == .ready)
  }

  @Test func withoutASinkNothingMoves() async throws {
    var chart = FakeChart.foreign
    chart.rewrites = { _, text in text.uppercased() }
    let plan = try await Planning.plan([("TZ", "Europe/Vienna")], chart: chart)
    #expect(plan.variable("TZ")?.state == .changed)
    #expect(plan.findings(.valueNotExact).contains { $0.severity == .blocker })
  }

  @Test func whatRenderingThrowsIsThrown() async throws {
    let situation = try Planning.situation(SampleRelease())
    await #expect(throws: Trouble.self) {
      _ = try await Planning.plan(situation) { _ in throw Trouble() }
    }
  }

  @Test func aChartWithoutAWorkloadIsAnError() async throws {
    let situation = try Planning.situation(SampleRelease())
    await #expect(throws: PlanError.noWorkload(place: "chart backbone 0.2.0")) {
      _ = try await Planning.plan(situation) { _ in Objects([]) }
    }
  }
}

private actor Counter {
  private(set) var value = 0
  func count() { value += 1 }
}

extension Objects {
  /// The objects with a variable of the broker set, whatever was there.
  func withVariable(_ name: String, _ text: String) -> Objects {
    Objects(
      all.map { object in
        guard object["kind"] == "Deployment",
          var container = object["spec"]?["template"]?["spec"]?["containers"]?.elements.first?
            .members
        else { return object }
        let others = (container["env"]?.elements ?? []).filter { $0["name"]?.string != name }
        container["env"] = .array(others + [.variable(name, text)])
        var changed = object
        if let path = try? ValuePath("spec.template.spec.containers") {
          changed.set([.object(container)], at: path)
        }
        return changed
      })
  }
}
