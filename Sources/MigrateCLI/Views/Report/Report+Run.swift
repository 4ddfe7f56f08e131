import MigrateAdapters
import MigratePlanning

extension Report {
  /// The report on a run.
  init(_ run: RunDocument) {
    self.init([run], title: "\(run.state.rawValue): \(run.subject)")
  }

  /// The report on runs, one below the other.
  init(_ runs: [RunDocument], title: String) {
    self.title = title
    articles = runs.enumerated().map { Article($1, id: "run-\($0 + 1)") }
  }
}

extension Report.Article {
  fileprivate init(_ run: RunDocument, id: String) {
    (tone, sign) =
      switch run.state {
      case .done: ("ready", "✓")
      case .previewed: ("foretold", "○")
      case .running: ("attention", "…")
      case .differs, .rolledBack: ("attention", "▲")
      case .failed, .interrupted: ("blocked", "✗")
      }
    state = run.state.headline.text
    subject = run.subject.capitalizedFirst
    notes = [run.message, run.presence].compactMap { $0.map { "\($0.capitalizedFirst)." } }
    next =
      run.next == nil && run.back == nil
      ? nil
      : Report.Next(
        anchor: "\(id)-next", advice: run.next == nil ? "Nothing is left to do." : nil,
        commands: [run.next].compactMap { $0?.text }, back: run.back?.text)
    // Whoever began a real run had decided.
    pressing = run.dryRun ? Report.Pressing(run.findings, article: id) : nil
    facts = Self.facts(run)
    timeline = Report.Timeline(run, anchor: "\(id)-timeline")
    differences =
      Report.Sides(
        run.differences, title: "Differences", hint: "What is otherwise than it was meant to be.",
        anchor: "\(id)-differences")
      ?? Report.Sides(
        run.now?.differences ?? [], title: "Since then",
        hint: "What is otherwise than the \(run.kind.rawValue) left it.",
        anchor: "\(id)-differences")
    findings = Report.Findings(run.findings, article: id)
    changes = Report.Sides(changesOf: run, anchor: "\(id)-changes")
    self = linked()
  }

  private static func facts(_ run: RunDocument) -> [Report.Fact] {
    let release = run.release
    let facts: [(String, String?)] = [
      ("Run", run.id), ("Began", run.startedAt.inReport), ("Took", run.duration),
      ("Helm’s revision", run.revisions), ("Plan", run.plan?.id),
      ("Backup", run.backup), ("Context", release.context),
    ]
    return facts.compactMap { name, text in text.map { Report.Fact(name: name, text: $0) } }
  }
}

extension Report.Timeline {
  fileprivate init?(_ run: RunDocument, anchor: String) {
    guard !run.steps.isEmpty else { return nil }
    self.anchor = anchor
    let moments = run.steps.flatMap { [$0.startedAt, $0.finishedAt] + [run.startedAt] }
      .compactMap { $0?.moment?.milliseconds }
    let span = (moments.min() ?? 0)...(moments.max() ?? 0)
    var hasFailed = false
    steps = run.steps.map { step in
      defer { hasFailed = run.kind == .apply && step.state == .failed }
      return Step(
        state: step.state.rawValue, sign: step.mark.text, name: step.name.rawValue,
        word: step.state == .running && run.state.isOver ? "stopped here" : step.state.rawValue,
        duration: step.duration, bar: Bar(step, within: span), detail: step.detail,
        isBackAgain: hasFailed)
    }
    scale =
      "The bars show when each step ran" + (run.duration.map { ", within \($0) in all." } ?? ".")
  }
}

extension Report.Timeline.Bar {
  /// Nil for a step that was not done, and where the clock is not known.
  init?(_ step: RunDocument.Step, within span: ClosedRange<Int64>) {
    guard step.state != .skipped, let begin = step.startedAt.moment else { return nil }
    let end = step.finishedAt?.moment?.milliseconds ?? span.upperBound
    let length = max(1, Double(span.upperBound - span.lowerBound))
    func place(_ moment: Int64) -> Int {
      Int(min(1000, max(0, Double(moment - span.lowerBound) / length * 1000)))
    }
    // What took no time is seen all the same.
    start = min(place(begin.milliseconds), 1000 - Self.leastWidth)
    width = max(Self.leastWidth, place(end) - start)
  }

  private static let leastWidth = 4
}

extension Report.Sides {
  fileprivate init?(
    _ differences: [RunDocument.Difference], title: String, hint: String, anchor: String
  ) {
    guard !differences.isEmpty else { return nil }
    self.anchor = anchor
    self.title = title
    self.hint = hint
    objects = []
    for difference in differences {
      let name = "\(difference.object.kind)/\(difference.object.name)"
      if objects.last?.name != name { objects.append(Object(name: name, fields: [])) }
      objects[objects.count - 1].fields.append(
        Field(
          difference.path, ("expected", difference.expected), ("found", difference.found)))
    }
  }

  fileprivate init?(changesOf run: RunDocument, anchor: String) {
    let changes = run.changes.filter { $0.object.change != .none || !$0.fields.isEmpty }
    guard !changes.isEmpty, run.dryRun || run.hasChangedObjects else { return nil }
    self.anchor = anchor
    title = "Changes"
    hint =
      run.dryRun
      ? "What would become of each object, field by field."
      : "What becomes of each object, as the dry runs foretold it."
    objects = changes.map { change in
      Object(
        name: "\(change.object.kind)/\(change.object.name)", change: change.object.change.words,
        fields: change.fields.map { Field($0.path, ("before", $0.before), ("after", $0.after)) })
    }
  }
}

extension Report.Sides.Field {
  /// The most characters of one side.
  private static let width = 400

  fileprivate init(_ path: String, _ left: (tag: String, JSON), _ right: (tag: String, JSON)) {
    let sides = FieldSides(before: left.1, after: right.1, width: Self.width)
    self.init(
      path: path, leftTag: left.tag, left: sides.before, rightTag: right.tag, right: sides.after)
  }
}
