import MigrateAdapters
import MigrateCLI
import MigratePlanning

/// Plans what was read, renders without helm, and looks at everything that is shown of it.
enum PlanCheck {
  static let recipe: Result<Recipe, RecipeError> = Result { () throws(RecipeError) in
    try RecipeFile.embedded()
  }

  /// Plans a release; where there are answers, the API server was asked.
  ///
  /// - Throws: ``Violation``.
  static func plan(
    _ snapshot: Snapshot, chart: FakeChart = FakeChart(), target: Target? = nil,
    recipe: Recipe? = nil, choices: Choices = Choices(), answers: ServerAnswers? = nil,
    input: Int
  ) async throws -> FuzzOutcome {
    let recipe = try recipe ?? Self.recipe.get()
    let plan: Plan
    do {
      plan = try await Planner.plan(
        snapshot, onto: target ?? chart.target, recipe: recipe, choices: choices,
        render: { chart.render($0 ?? [:], release: snapshot.release.name) },
        ask: answers.map { answers in { _ in answers } })
    } catch let error as PlanError {
      return .refused(error)
    }
    let document = try PlanDocument(
      plan,
      PlanDocument.Circumstances(
        id: "plan-fuzzed", createdAt: "2026-03-01T10:00:00.000Z", helmVersion: "4.3.1",
        options: [], commands: ["backbone-migrate apply plan-fuzzed"]))
    let text = try document.json.pretty
    let again = try Checks.must("the plan's own document") { try PlanDocument(text: text) }
    try Checks.same(again, document, "the plan's document")
    _ = document.changes(since: again)
    _ = document.codesToAccept(beyond: [Acceptance("drift")])

    var shown = try Views.share(of: Views.all(of: plan, document), for: text).map {
      (name: $0.name, text: try $0.text())
    }
    let redacted = snapshot.redacted(plan.sensitivity, recipe)
    shown.append((name: "export", text: redacted.exported.pretty))
    let planted = Planted.secrets(of: snapshot)
    for view in shown {
      try Checks.size(view.text, of: input, view.name)
      try Checks.steersNoTerminal(view.text, view.name)
      for secret in planted where view.text.utf8.holds(secret) {
        throw Violation("\(view.name) shows the secret of a variable")
      }
    }
    return .accepted
  }
}

extension Views {
  /// A third of the views, chosen by what is shown: each would take longer than all the rest, and
  /// over many inputs every view sees enough of them.
  static func share(of views: [View], for text: String) -> [View] {
    let choice = text.utf8.reduce(0) { $0 &* 31 &+ UInt($1) } % 3
    return views.enumerated().filter { UInt($0.offset) % 3 == choice }.map(\.element)
  }
}

/// The secrets that were planted in the variables of a release that always hold secrets, and that
/// stand nowhere else.
private enum Planted {
  private static let names: Set<String> = [
    "ADMIN_TOKEN", "JWT_SECRET", "OIDC_CLIENT_SECRET", "REDIS_PASSWORD", "API_KEY", "DB_PASSWORD",
  ]

  static func secrets(of snapshot: Snapshot) -> [[UInt8]] {
    var (held, elsewhere): (Set<[UInt8]>, Set<[UInt8]>) = ([], [])
    for container in snapshot.live.containers + snapshot.manifest.containers {
      for entry in container["env"]?.elements ?? [] {
        guard let name = entry["name"]?.string, names.contains(name), entry["valueFrom"] == nil,
          let value = entry["value"]?.string
        else { continue }
        if isMark(value) { held.insert(Array(value.utf8)) }
      }
    }
    guard !held.isEmpty else { return [] }
    look(at: snapshot.exported, &elsewhere)
    return held.filter { secret in !elsewhere.contains { $0.holds(secret) } }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func isMark(_ text: String) -> Bool {
    text.utf8.count == 16 && text.hasPrefix("hunter2-")
  }

  /// Every text that stands somewhere else than as the value of such a variable.
  private static func look(at tree: JSON, _ found: inout Set<[UInt8]>) {
    switch tree {
    case .string(let text), .number(let text): note(text, &found)
    case .array(let elements): for element in elements { look(at: element, &found) }
    case .object(let members):
      let holdsSecret = members["name"]?.string.map(names.contains) == true
      for (key, value) in members {
        note(key, &found)
        if holdsSecret, key == "value", let text = value.string, isMark(text) { continue }
        look(at: value, &found)
      }
    default: break
    }
  }

  private static func note(_ text: String, _ found: inout Set<[UInt8]>) {
    if text.utf8.contains(UInt8(ascii: "h")), text.contains("hunter2") {
      found.insert(Array(text.utf8))
    }
  }
}

extension Collection<UInt8> {
  /// Whether some bytes stand in these.
  func holds(_ part: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    var place = startIndex
    while let start = self[place...].firstIndex(of: first) {
      if self[start...].starts(with: part) { return true }
      place = index(after: start)
    }
    return false
  }
}
