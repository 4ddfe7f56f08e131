import MigratePlanning

/// Plans with a chart that is rendered without helm.
enum Planning {
  /// What a plan starts from.
  static func situation(
    _ release: SampleRelease, chart: FakeChart = FakeChart(), recipe: Recipe? = nil,
    choices: Choices = Choices()
  ) throws -> Situation {
    try Situation(
      snapshot: release.snapshot, target: chart.target,
      rendered: chart.render([:], release: release.name, namespace: release.namespace),
      recipe: try recipe ?? SampleRecipe.recipe(), choices: choices)
  }

  /// The whole plan.
  static func plan(
    _ release: SampleRelease, chart: FakeChart = FakeChart(), recipe: Recipe? = nil,
    choices: Choices = Choices()
  ) async throws -> Plan {
    try await plan(
      try situation(release, chart: chart, recipe: recipe, choices: choices)
    ) { values in
      chart.render(values, release: release.name, namespace: release.namespace)
    }
  }

  /// The plan for a situation, with another way of rendering; an API server that was asked finds
  /// nothing to object to unless it is said otherwise.
  static func plan(
    _ situation: Situation, reply: ServerReply = .answered(.nothingAmiss()),
    render: (JSON) async throws -> Objects
  ) async throws -> Plan {
    let ask: ((Comparison) async throws -> ServerAnswers)? =
      switch reply {
      case .answered(let answers): { _ in answers }
      case .notAsked: nil
      }
    return try await Planner.plan(
      situation.snapshot, onto: situation.target, recipe: situation.recipe,
      choices: situation.choices,
      render: { values in
        guard let values else { return situation.renderedByDefault }
        return try await render(values)
      }, ask: ask)
  }

  /// The plan of a release with literal variables.
  static func plan(
    _ variables: [(String, String)], chart: FakeChart = FakeChart(), choices: Choices = Choices()
  ) async throws -> Plan {
    try await plan(.with(variables), chart: chart, choices: choices)
  }

  /// The plan as it leaves the process.
  static func document(_ plan: Plan, id: String = "plan-test") throws -> PlanDocument {
    try PlanDocument(
      plan,
      PlanDocument.Circumstances(
        id: id, createdAt: "2026-03-01T10:00:00.000Z", helmVersion: "4.3.1", commands: []))
  }
}

extension ServerAnswers {
  /// The answers of an API server that was asked everything and has nothing to object to, but for
  /// what is said.
  static func nothingAmiss(
    existing: Objects = Objects([]), unread: [Neighbour: String] = [:]
  ) -> ServerAnswers {
    ServerAnswers(
      existing: existing, avoided: Objects([]), conflicts: [], rejections: [], unasked: [],
      neighbours: Objects([]), unread: unread, sourceKeys: [:], startUpSeconds: nil,
      predicted: [:], wayBack: [], backAgain: [:], mutators: [])
  }
}

extension Plan {
  /// The findings of one code.
  func findings(_ code: FindingCode) -> [Finding] { findings.filter { $0.code == code } }

  /// The comparison of one variable; nil when it is set neither before nor after.
  func variable(_ name: String) -> VariableComparison? {
    comparison.environment.first { $0.name == name }
  }

  /// A value for helm.
  func value(_ path: String) throws -> JSON? { values.value(at: try ValuePath(path)) }
}
