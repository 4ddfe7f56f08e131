import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct PlannerTests {
  private struct Trouble: Error {}

  /// What the planner asked for, in order.
  private actor Log {
    private(set) var steps: [Step] = []
    private(set) var asked: [Comparison] = []
    func note(_ step: Step) { steps.append(step) }
    func note(_ comparison: Comparison) {
      steps.append(.ask)
      asked.append(comparison)
    }
  }

  private enum Step: Equatable {
    case renderDefaults
    case render(JSON)
    case ask

    var values: JSON? {
      guard case .render(let values) = self else { return nil }
      return values
    }
  }

  /// Plans, and notes what is rendered and asked; without answers nobody is asked.
  private func plan(
    _ release: SampleRelease, choices: Choices = Choices(), log: Log,
    answers: ServerAnswers? = .nothingAmiss(),
    render: @escaping @Sendable (JSON) throws -> Objects = { FakeChart().render($0) }
  ) async throws -> Plan {
    try await Planner.plan(
      release.snapshot, onto: FakeChart().target, recipe: try SampleRecipe.recipe(),
      choices: choices,
      render: { values in
        await log.note(values.map(Step.render) ?? .renderDefaults)
        return try render(values ?? [:])
      },
      ask: answers.map { answers in
        { comparison in
          await log.note(comparison)
          return answers
        }
      })
  }

  @Test func defaultsTheProposalAndTheQuestionComeInThisOrder() async throws {
    let log = Log()
    let plan = try await plan(.with([("TZ", "UTC")]), log: log)
    #expect(await log.steps == [.renderDefaults, .render(plan.values), .ask])
    #expect(plan.verdict == .ready)
  }

  @Test func whatIsRepairedIsRenderedOnceMoreAndThenAskedAbout() async throws {
    let log = Log()
    let chart = FakeChart(rewrites: { name, text in name == "TZ" ? text.uppercased() : text })
    let plan = try await plan(.with([("TZ", "Europe/Vienna")]), log: log) { chart.render($0) }
    let steps = await log.steps
    #expect(steps.count == 4)
    #expect(steps.first == .renderDefaults)
    #expect(steps[1].values?["timezone"] == "Europe/Vienna")
    #expect(steps[2...] == [.render(plan.values), .ask])
    #expect(try plan.value("extraEnv") == [.variable("TZ", "Europe/Vienna")])
    #expect(await log.asked.map(\.rendered) == [plan.comparison.rendered])
  }

  @Test func whatCannotBeRepairedIsNotTriedAgain() async throws {
    let log = Log()
    let plan = try await plan(.with([("TZ", "UTC")]), log: log) { values in
      FakeChart().render(values).withVariable("TZ", "local")
    }
    let steps = await log.steps
    #expect(steps.count == 4)
    #expect(steps.last == .ask)
    #expect(plan.variable("TZ")?.state == .changed)
    #expect(plan.verdict == .blocked)
  }

  @Test func aValueWithoutEffectIsFoundBeforeTheQuestion() async throws {
    let log = Log()
    let choices = Choices(set: [try ValuePath("nothing.uses.this"): 7])
    let plan = try await plan(SampleRelease(), choices: choices, log: log)
    let steps = await log.steps
    #expect(steps.count == 4)
    #expect(steps[1] == .render(plan.values))
    #expect(steps[2].values?["nothing"]?["uses"]?["this"] == nil)
    #expect(steps[3] == .ask)
    #expect(plan.findings(.valueIgnored).map(\.severity) == [.warning])
  }

  @Test func aRefusedValueIsLeftOutBeforeTheQuestion() async throws {
    let log = Log()
    let plan = try await plan(.with([("TZ", "Nowhere")]), log: log) { values in
      if values["timezone"] == "Nowhere" { throw Refusal(description: "timezone: no such") }
      return FakeChart().render(values)
    }
    let steps = await log.steps
    #expect(steps.first == .renderDefaults)
    #expect(steps[1].values?["timezone"] == "Nowhere")
    #expect(steps.last == .ask)
    #expect(steps.filter { $0 == .ask }.count == 1)
    #expect(plan.findings(.valueRefused).map(\.isOpen) == [true])
  }

  @Test func whatTheServerAnswersIsJudged() async throws {
    var answers = ServerAnswers.nothingAmiss()
    answers.rejections = [
      .init(
        object: ObjectReference(kind: "Deployment", name: "web", namespace: "mqtt"),
        reason: "no quota")
    ]
    let plan = try await plan(SampleRelease(), log: Log(), answers: answers)
    #expect(plan.findings(.serverRejects).count == 1)
    #expect(plan.unchecked == [])
    #expect(plan.verdict == .blocked)
    #expect(plan.evidence.reply == .answered(answers))
  }

  @Test func whereNobodyIsAskedThatIsUnchecked() async throws {
    let log = Log()
    let plan = try await plan(SampleRelease(), log: log, answers: nil)
    #expect(await !log.steps.contains(.ask))
    #expect(plan.unchecked.map(\.code) == ["object-unowned", "server-rejects"])
    #expect(plan.verdict == .attention)
    #expect(plan.evidence.reply == .notAsked)
  }

  @Test func whereNobodyIsAskedWhatMattersBesidesIsUnchecked() async throws {
    let choices = Choices(adopt: ["service-port-moved"])
    let plan = try await plan(SampleRelease(), choices: choices, log: Log(), answers: nil)
    #expect(
      plan.unchecked.last
        == Unchecked(
          code: "ingress-orphaned",
          reason: "the namespace's ingresses matter here, and they were not read"))
    #expect(plan.interruption.estimateSeconds == nil)
  }

  @Test func whatRenderingTheDefaultsThrowsIsThrownAtOnce() async throws {
    let log = Log()
    await #expect(throws: Trouble.self) {
      try await plan(SampleRelease(), log: log) { _ in throw Trouble() }
    }
    #expect(await log.steps == [.renderDefaults])
  }

  @Test func whatRenderingTheProposalThrowsIsThrown() async throws {
    let log = Log()
    await #expect(throws: Trouble.self) {
      try await plan(.with([("TZ", "UTC")]), log: log) { values in
        if values != [:] { throw Trouble() }
        return FakeChart().render(values)
      }
    }
    #expect(await !log.steps.contains(.ask))
  }

  @Test func whatAskingThrowsIsThrown() async throws {
    let release = SampleRelease()
    await #expect(throws: Trouble.self) {
      try await Planner.plan(
        release.snapshot, onto: FakeChart().target, recipe: try SampleRecipe.recipe(),
        choices: Choices(), render: { FakeChart().render($0 ?? [:]) },
        ask: { _ in throw Trouble() })
    }
  }

  @Test func aChoiceThatNamesNothingIsAnError() async throws {
    await #expect(throws: PlanError.self) {
      try await plan(SampleRelease(), choices: Choices(adopt: ["nothing.at.all"]), log: Log())
    }
  }

  private struct Refusal: Error, CustomStringConvertible {
    var description: String
  }
}
