import MigratePlanning
import Testing

@testable import MigrateCLI

/// What the report says, before it becomes HTML.
@Suite struct ReportTests {
  private func plan(
    _ name: String, _ change: (inout PlanDocument) -> Void = { _ in }
  ) async throws -> PlanDocument {
    var plan = try PlanDocument(
      text: try await Planned.document(ReleaseFixture(name: name)).pretty)
    change(&plan)
    return plan
  }

  private func article(_ report: Report) throws -> Report.Article {
    try #require(report.articles.first)
  }

  @Test func aKeptPlanIsAppliedByItsIDWithWhatHasToBeAccepted() async throws {
    let plan = try await plan("secrets") { $0.options = [] }
    let next = try #require(try article(Report(plan, isKept: true)).next)
    #expect(
      next.commands == [
        "backbone-migrate apply plan-x7k2m9qa --accept object-unowned --accept server-rejects "
          + "--dry-run",
        "backbone-migrate apply plan-x7k2m9qa --accept object-unowned --accept server-rejects",
      ])
    #expect(next.advice == "Look at what is open. If you accept it:")
    #expect(try article(Report(plan, isKept: false)).next?.commands == plan.commands)
  }

  @Test func aBlockedPlanNamesNoCommand() async throws {
    let article = try article(Report(try await plan("pending"), isKept: true))
    #expect(article.tone == "blocked")
    #expect(article.next?.commands == [])
    #expect(article.next?.advice == "Resolve the blockers, then plan again.")
    #expect(article.pressing?.entries.first?.severity == "blocker")
  }

  @Test func aBlindPlanSaysSoLoudly() async throws {
    let plan = try await plan("plain") {
      $0.unchecked.append(Unchecked(code: "drift", reason: "no"))
    }
    let article = try article(Report(plan, isKept: true))
    #expect(article.alarm?.contains("live objects were not read") == true)
    #expect(try self.article(Report(try await self.plan("plain"), isKept: true)).alarm == nil)
  }

  @Test func everyVariableOfThePlanHasItsPlace() async throws {
    for fixture in ReleaseFixture.all {
      let plan = try await plan(fixture.name)
      let flow = try #require(try article(Report(plan, isKept: true)).flow)
      let shown = flow.groups.first { $0.title == "Variables" }?.rows ?? []
      let names = (shown + (flow.others?.rows ?? [])).map(\.name)
      #expect(names.sorted() == plan.environment.map(\.name).sorted())
      let kept = flow.groups.filter { $0.title != "Variables" }.flatMap(\.rows).map(\.name)
      #expect(kept.sorted() == plan.keptSettings.map(\.name).sorted())
      #expect(flow.groups.allSatisfy { $0.count == $0.rows.count })
    }
  }

  @Test func aVariableGoesFromItsOldTextOverAValueToItsNewText() async throws {
    let flow = try #require(try article(Report(try await plan("awkward"), isKept: true)).flow)
    func row(_ name: String) throws -> Report.Flow.Row {
      try #require(flow.groups.flatMap(\.rows).first { $0.name == name })
    }
    let port = try row("HTTP_PORT")
    #expect(
      [port.before.text, port.path, port.after.text] == ["08883", "config.httpPort", "8883"])
    #expect(
      [port.mark, port.sign, port.outcome] == ["explained", "~", "explained by value-not-exact"])
    #expect(port.origin == "set by kubectl-edit")
    let level = try row("LOG_LEVEL")
    #expect(
      [level.path, level.homeNote, level.outcome] == [
        "extraEnv", "among further variables", "the same",
      ])
    let database = try row("REDIS_DB")
    #expect(database.byDefault?.text == "0")
    let renamed = try row("OIDC_DISCOVERY")
    #expect(renamed.before.isAbsent)
    #expect(try row("EMPTY").before.text == "\"\"")
    #expect(try row("selector").before.text == "{\"app\":\"broker\"}")
  }

  @Test func whatNothingExplainsIsMarked() async throws {
    let plan = try await plan("plain") { plan in
      for index in plan.environment.indices where plan.environment[index].before != .null {
        plan.environment[index].after = "other"
        plan.environment[index].state = .changed
        plan.environment[index].explainedBy = index.isMultiple(of: 2) ? nil : .valueIgnored
      }
    }
    let rows = try #require(try article(Report(plan, isKept: true)).flow?.groups.first?.rows)
    #expect(rows.filter { !$0.before.isAbsent }.allSatisfy { $0.mark == "unexplained" })
  }

  @Test func secretsAreWordsAndNotValues() async throws {
    let article = try article(Report(try await plan("secrets"), isKept: true))
    let rows = try #require(article.flow?.groups.first?.rows)
    let token = try #require(rows.first { $0.name == "ADMIN_TOKEN" })
    #expect(token.before.isRedacted && token.after.isRedacted && token.before.text == nil)
    #expect(article.values?.hint?.contains("Secrets are left out") == true)
    #expect(article.values?.lines.contains("  adminToken:") == true)
  }

  @Test func findingsStandByDimensionTheOpenOnesFirst() async throws {
    for fixture in ReleaseFixture.all {
      let plan = try await plan(fixture.name)
      let findings = try #require(try article(Report(plan, isKept: true)).findings)
      let all = findings.groups.flatMap(\.findings)
      #expect(all.map(\.message).sorted() == plan.findings.map(\.message).sorted())
      for group in findings.groups {
        #expect(Set(group.findings.map(\.dimension)).count == 1)
        #expect(group.findings.map(\.isOpen) == group.findings.map(\.isOpen).sorted { $0 && !$1 })
      }
      #expect(Set(all.map(\.anchor)).count == all.count)
      for filter in findings.filters {
        #expect(filter.choices.reduce(0) { $0 + $1.count } == all.count)
        #expect(filter.choices.allSatisfy { $0.count > 0 })
      }
    }
  }

  @Test func anOpenFindingSaysWhatItMeans() async throws {
    let findings = try #require(
      try article(Report(try await plan("secrets"), isKept: true)).findings)
    let open = findings.groups.flatMap(\.findings).filter(\.isOpen)
    for (code, findings) in Dictionary(grouping: open, by: \.code) {
      #expect(findings.count { !$0.meaning.isEmpty } == 1, "\(code)")
    }
    #expect(open.flatMap(\.meaning).flatMap(\.pieces).allSatisfy { $0.text != "Severity: " })
    let settled = findings.groups.flatMap(\.findings).filter { !$0.isOpen }
    #expect(settled.allSatisfy { $0.meaning.isEmpty && $0.word.contains(", taken care of") })
  }

  @Test func backticksBecomeCode() throws {
    let paragraph = try #require(Report.Paragraph(.text("set `a.b` to `true`, or not")))
    #expect(
      paragraph.pieces.map { $0.text ?? "[\($0.code ?? "")]" }.joined()
        == "set [a.b] to [true], or not")
    #expect(
      Report.Paragraph(.command("kubectl get `x`"))?.pieces.map(\.code) == ["kubectl get `x`"])
  }

  @Test func whatPressesLeadsToWhereItStands() async throws {
    let plan = try await plan("awkward")
    let article = try article(Report(plan, isKept: true))
    let pressing = try #require(article.pressing)
    let places =
      (article.findings?.groups.flatMap(\.findings).map(\.anchor) ?? [])
      + (article.unchecked?.entries.map(\.anchor) ?? [])
    #expect(pressing.entries.allSatisfy { places.contains($0.anchor) })
    #expect(pressing.entries.count == 4)
    #expect(Set(article.links.map(\.anchor)).count == article.links.count)
  }

  @Test(
    arguments: [
      (.null, []), (false, ["false"]), ([], []), ([:], []),
      (["b": "2", "a": "1"], ["a: 1", "b: 2"]),
      (
        [
          ["name": "mqtt", "port": 1883, "protocol": "TCP", "targetPort": "tcp", "nodePort": 31883]
        ],
        ["mqtt 1883/TCP → tcp, node port 31883"]
      ), ([["port": 80]], ["80"]), (["10.0.0.0/8"], ["10.0.0.0/8"]),
    ] as [(JSON, [String])])
  func theNetworkIsSaidLineByLine(value: JSON, lines: [String]) {
    #expect(value.networkLines == lines)
  }

  @Test func objectsStandOnTheSidesWhereTheyAre() async throws {
    let plan = try await plan("plain") { plan in
      plan.objects = [
        (.create, "a"), (.update, "b"), (.replace, "c"), (.delete, "d"), (.keep, "e"), (.none, "f"),
      ].map { PlanDocument.Object(ObjectReference(kind: "Service", name: $1, namespace: "n"), $0) }
    }
    let objects = try #require(try article(Report(plan, isKept: true)).objects)
    #expect(
      objects.rows.map(\.before) == [nil, "Service/b", "Service/c", "Service/d", "Service/e"])
    #expect(objects.rows.map(\.after) == ["Service/a", "Service/b", "Service/c", nil, "Service/e"])
    #expect(objects.hint == "1 more stays as they are.")
  }

  @Test(arguments: SampleRun.all)
  func aRunSaysHowItStandsAndWhatIsNext(_ run: SampleRun) throws {
    let article = try article(Report(run.document))
    #expect(article.state == run.document.state.headline.text)
    #expect(article.next?.commands.first == run.document.next?.text)
    #expect((article.timeline?.steps.count ?? 0) == run.document.steps.count)
    #expect((article.differences == nil) == run.document.differences.isEmpty)
  }

  @Test(arguments: SampleRun.all)
  func barsStandWithinTheTimelineOneAfterTheOther(_ run: SampleRun) throws {
    let bars = (try article(Report(run.document)).timeline?.steps ?? []).compactMap(\.bar)
    for bar in bars {
      #expect(bar.start >= 0 && bar.width >= 4 && bar.start + bar.width <= 1000)
    }
    #expect(bars.map(\.start) == bars.map(\.start).sorted())
  }

  @Test func aStepThatTakesLongHasALongBar() throws {
    var run = SampleRun.rolledBack.document
    run.steps.append(SampleRun.step(.wait, .skipped, 0, 0, "--no-wait"))
    let steps = try #require(try article(Report(run)).timeline?.steps)
    #expect(try #require(steps.first { $0.state == "failed" }?.bar).width > 900)
    #expect(try #require(steps.last).bar == nil)
  }

  @Test func theWayBackBeginsAfterTheStepThatFailed() throws {
    var run = SampleRun.failed.document
    run.steps.append(SampleRun.step(.prepare, .done, 80_000, 100, nil))
    run.steps.append(SampleRun.step(.helm, .done, 80_200, 100, nil))
    let steps = try #require(try article(Report(run)).timeline?.steps)
    #expect(steps.map(\.isBackAgain).suffix(3) == [false, true, false])
  }

  @Test func clocksThatMakeNoSenseMakeNoBar() throws {
    var run = SampleRun.done.document
    run.steps[0].startedAt = "yesterday"
    run.steps[1].finishedAt = "0001-01-01T00:00:00.000Z"
    run.steps[2].finishedAt = "9999-12-31T23:59:59.999Z"
    let steps = try #require(try article(Report(run)).timeline?.steps)
    #expect(steps[0].bar == nil)
    for bar in steps.compactMap(\.bar) { #expect(bar.start + bar.width <= 1000) }
  }

  @Test func differencesStandByObject() throws {
    let sides = try #require(try article(Report(SampleRun.differs.document)).differences)
    #expect(sides.objects.map(\.name) == ["Deployment/web", "Service/web"])
    #expect(sides.objects.map(\.fields.count) == [2, 1])
    let field = try #require(sides.objects.first?.fields.first)
    #expect(
      [field.leftTag, field.left, field.rightTag, field.right] == [
        "expected", "debug", "found", "info",
      ])
  }
}
