import MigrateAdapters
import MigrateCLI
import MigratePlanning

/// A plan in a file, as `apply --plan` reads it.
enum PlanFileTarget: FuzzTarget {
  static let name = "plan-file"
  static let share = 40

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    DocumentInput.input(&random, seeds)
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let plan: PlanDocument
    do {
      plan = try PlanDocument(text: String(decoding: input, as: UTF8.self))
    } catch {
      return .refused(error)
    }
    let text = try plan.json.pretty
    let again = try Checks.must("a plan that was written") { try PlanDocument(text: text) }
    try Checks.same(again, plan, "a plan")
    for view in Views.share(of: Views.all(of: plan), for: text) {
      let shown = try view.text()
      try Checks.size(shown, of: input.count, view.name)
      try Checks.steersNoTerminal(shown, view.name)
    }
    _ = plan.changes(since: again)
    _ = plan.codesToAccept(beyond: [])
    _ = plan.idle([Acceptance("drift=Deployment/web")])
    guard let moment = Timestamp(text: "2026-03-01T10:00:00.000Z") else { return .accepted }
    _ = try? PlanRecord(plan, at: moment)
    return .accepted
  }
}

/// The document of a run, as the history keeps it.
enum RunFileTarget: FuzzTarget {
  static let name = "run-file"
  static let share = 100

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    DocumentInput.input(&random, seeds)
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let run: RunDocument
    do {
      run = try RunDocument(text: String(decoding: input, as: UTF8.self))
    } catch {
      return .refused(error)
    }
    let text = try run.json.pretty
    let again = try Checks.must("a run that was written") { try RunDocument(text: text) }
    try Checks.same(again, run, "a run")
    for view in Views.share(of: Views.all(of: run), for: text) {
      let shown = try view.text()
      try Checks.size(shown, of: input.count, view.name)
      try Checks.steersNoTerminal(shown, view.name)
    }
    do {
      _ = try RunRecord(run)
    } catch {
      return .refused(error)
    }
    return .accepted
  }
}

/// Documents changed in their tree or their bytes.
private enum DocumentInput {
  static func input(_ random: inout FuzzRandom, _ seeds: [[UInt8]]) -> [UInt8] {
    guard let seed = random.one(of: seeds) else { return [] }
    if random.happens(oneIn: 4) { return Mutation.bytes(seed, &random) }
    guard let tree = try? JSONReader().value(seed) else { return Mutation.bytes(seed, &random) }
    let changed = Mutation.tree(tree, &random)
    return Array((random.happens(oneIn: 2) ? changed.canonical : changed.pretty).utf8)
  }
}

/// A recipe, as `--recipe` reads it, and a plan by it.
enum RecipeTarget: FuzzTarget {
  static let name = "recipe"
  static let share = 25

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    guard let seed = random.one(of: seeds) else { return [] }
    if random.happens(oneIn: 3) { return Mutation.bytes(seed, &random) }
    guard let tree = try? YAMLReader().document(seed) else { return Mutation.bytes(seed, &random) }
    return Array(YAMLWriter().text(Mutation.tree(tree, &random)).utf8)
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let recipe: Recipe
    do {
      recipe = try RecipeFile.recipe(from: String(decoding: input, as: UTF8.self))
    } catch {
      return .refused(error)
    }
    var random = FuzzRandom(seed: 7, target: name, index: UInt64(input.count))
    let snapshot: Snapshot
    do {
      snapshot = try Snapshot(exported: ReleaseInput.export(&random))
    } catch {
      return .refused(error)
    }
    return try await PlanCheck.plan(
      snapshot, chart: input.count % 3 == 0 ? .foreign : FakeChart(), recipe: recipe,
      input: input.count)
  }
}

/// What is typed: `--set`, `--adopt`, `--accept` and names, one argument a line.
enum ArgumentsTarget: FuzzTarget {
  static let name = "arguments"
  static let share = 10

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 6), let mutated = mutated(&random, seeds) { return mutated }
    var lines: [String] = []
    for _ in 0..<(1 + random.below(4)) {
      switch random.below(6) {
      case 0...2: lines += ["--set", path(&random) + "=" + value(&random)]
      case 3:
        lines += ["--adopt", random.happens(oneIn: 2) ? path(&random) : Hostile.text(&random)]
      case 4:
        lines += ["--unmapped", random.one(of: ["fail", "keep", "drop", "x"]) ?? ""]
      default:
        lines += [random.one(of: ["--container", "--recipe", "--from", "--chart"]) ?? "", "x"]
      }
    }
    return Array(lines.joined(separator: "\n").utf8)
  }

  private static func path(_ random: inout FuzzRandom) -> String {
    if random.happens(oneIn: 30) {
      return Array(repeating: "a", count: random.below(30_000)).joined(separator: ".")
    }
    return random.one(of: [
      "config.adminToken", "k8s.enabled", "extraEnv", "config", "persistence.volume", "a..b",
      "a\\.b.c", "a\\", ".a", "serviceAccount.name", "image.tag", "selectorLabels", "strategy",
      Hostile.text(&random),
    ]) ?? ""
  }

  private static func value(_ random: inout FuzzRandom) -> String {
    switch random.below(5) {
    case 0: String(repeating: "[", count: random.below(1200))
    case 1: "[" + (random.one(of: Hostile.numbers) ?? "") + ", {a: b}]"
    case 2: random.one(of: Hostile.numbers) ?? ""
    case 3: "[{name: A, value: \(random.one(of: Hostile.numbers) ?? "")}, {name: B}]"
    default: Hostile.text(&random)
    }
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let lines = String(decoding: input, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for line in lines {
      guard let path = try? ValuePath(line) else { continue }
      let again = try Checks.must("a path that was written") { try ValuePath(path.description) }
      try Checks.same(again, path, "a value path")
      var values: JSON = [:]
      values.set("x", at: path)
      guard values.value(at: path) == "x" else {
        throw Violation("a value is not where it was set")
      }
      _ = Acceptance(line).isKnown
    }
    let chart = FakeChart()
    let recipe = try PlanCheck.recipe.get()
    let choices: Choices
    do {
      choices = try Views.choices(fromArguments: lines, chart.target)
      try choices.check(against: recipe)
    } catch {
      return .refused(error)
    }
    var random = FuzzRandom(seed: 11, target: name, index: UInt64(input.count))
    let snapshot = try Checks.must("a release") {
      try Snapshot(exported: ReleaseInput.export(&random))
    }
    return try await PlanCheck.plan(snapshot, choices: choices, input: input.count + 4000)
  }
}
