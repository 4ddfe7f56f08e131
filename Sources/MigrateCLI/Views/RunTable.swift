import MigratePlanning

/// A run for a person at a terminal: how it stands, what was done, what changes or is otherwise
/// than it should be, and the one command to go on with.
struct RunTable {
  let width: Int
  /// Whether the steps are listed: not below those that were just shown one by one.
  let listsSteps: Bool
  private let style: Style

  init(width: Int, usesColor: Bool, isPlain: Bool = false, listsSteps: Bool = true) {
    self.width = max(60, width)
    self.listsSteps = listsSteps
    style = Style(isOn: usesColor, isPlain: isPlain)
  }

  func text(_ run: RunDocument) -> String {
    let sections = [
      head(run), steps(run), run.dryRun ? changes(run) : objects(run), findings(run),
      differences(run.differences, "DIFFERENCES", "what is otherwise than it was meant to be"),
      differences(
        run.now?.differences ?? [], "SINCE THEN",
        "what is otherwise than the \(run.kind.rawValue) left it"),
      next(run),
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private func head(_ run: RunDocument) -> [String] {
    let (state, color) = run.state.headline
    let subject = TextLayout.wrapped(run.subject, width: width - state.count - 2)
    let times =
      "\(run.id), began \(run.startedAt.second)" + (run.duration.map { ", took \($0)" } ?? "")
    return ["\(style.bold(state, color))  \(subject[0])"] + subject.dropFirst()
      + (run.message.map { TextLayout.brokenBetweenWords(TextLayout.visible($0), width: width) }
        ?? [])
      + (run.presence.map { TextLayout.wrapped($0, width: width) } ?? [])
      + (TextLayout.wrapped(style.spoken(run.circumstances), width: width)
      + TextLayout.wrapped(times, width: width)).map { style.color($0, .gray) }
  }

  private func steps(_ run: RunDocument) -> [String] {
    guard listsSteps, !run.steps.isEmpty else { return [] }
    let nameWidth = run.steps.map(\.name.rawValue.count).max() ?? 0
    let timeWidth = run.steps.compactMap(\.duration?.count).max() ?? 0
    let indent = 4 + nameWidth + 2 + (timeWidth > 0 ? timeWidth + 2 : 0)
    var lines = [style.bold("STEPS")]
    var hasFailed = false
    for step in run.steps {
      if hasFailed {
        lines.append(style.color("  and back again:", .gray))
        hasFailed = false
      }
      if step.state == .failed, run.kind == .apply { hasFailed = true }
      let time = step.duration ?? ""
      let stopped = run.state.isOver && step.state == .running ? "stopped here" : ""
      if style.isPlain {
        let words = [
          step.name.rawValue, step.duration, step.detail ?? (stopped.isEmpty ? nil : stopped),
        ]
        lines.append(
          TextLayout.visible(
            "\(style.mark(step.mark)) \(words.compactMap { $0 }.joined(separator: ", "))"))
        continue
      }
      let details = TextLayout.wrapped(step.detail ?? stopped, width: width - indent)
      var cells = [TextLayout.cell(step.name.rawValue, width: nameWidth)]
      if timeWidth > 0 {
        cells.append(String(repeating: " ", count: timeWidth - time.count) + time)
      }
      cells.append(details[0])
      lines.append(
        TextLayout.trimmed("  \(style.mark(step.mark)) " + cells.joined(separator: "  ")))
      lines += details.dropFirst().map { String(repeating: " ", count: indent) + $0 }
    }
    return lines
  }

  /// What a dry run found to become of each object, field by field.
  private func changes(_ run: RunDocument) -> [String] {
    let changes = run.changes.filter { $0.object.change != .none || !$0.fields.isEmpty }
    guard !changes.isEmpty else { return [] }
    var lines = [style.bold("CHANGES") + (style.isPlain ? "" : "  - before  + after")]
    for change in changes {
      lines += indented("\(change.object.change.rawValue) \(name(change.object))", by: 2)
      for field in change.fields { lines += self.lines(of: field) }
    }
    return lines
  }

  private func lines(of field: RunDocument.Field) -> [String] {
    let sides = FieldSides(before: field.before, after: field.after, width: width - 8)
    var lines = indented(field.path, by: 4)
    let (old, new) = style.isPlain ? ("before:", "after:") : ("-", "+")
    if let before = sides.before { lines.append(style.color("      \(old) \(before)", .red)) }
    if let after = sides.after { lines.append(style.color("      \(new) \(after)", .green)) }
    return lines
  }

  /// What became of the objects, in a few lines: a run that was real has its plan for the rest.
  private func objects(_ run: RunDocument) -> [String] {
    guard run.hasChangedObjects else { return [] }
    var lines: [String] = []
    for kind in ObjectChange.Kind.allCases where kind != .none {
      let objects = run.changes.map(\.object).filter { $0.change == kind }
      guard !objects.isEmpty else { continue }
      let names = objects.map(name).joined(separator: ", ")
      lines += indented("\(kind.rawValue) \(names)", by: 2)
    }
    return lines.isEmpty ? [] : [style.bold("OBJECTS")] + lines
  }

  private func name(_ object: PlanDocument.Object) -> String { "\(object.kind)/\(object.name)" }

  private func findings(_ run: RunDocument) -> [String] {
    let open = run.openFindings
    guard !open.isEmpty else { return [] }
    var lines = [style.bold("FINDINGS") + (run.dryRun ? "" : "  as the plan said before")]
    for finding in open { lines += style.lines(of: finding, width: width) }
    return lines + [style.hintAtExplain]
  }

  private func differences(
    _ differences: [RunDocument.Difference], _ title: String, _ meaning: String
  ) -> [String] {
    guard !differences.isEmpty else { return [] }
    var lines = [style.bold(title) + "  \(meaning)"]
    var last: PlanDocument.Subject?
    for difference in differences {
      let object = difference.object
      if object != last { lines += indented("\(object.kind)/\(object.name)", by: 2) }
      last = object
      let sides = FieldSides(
        before: difference.expected, after: difference.found, width: width - 16)
      lines += indented(difference.path, by: 4)
      lines.append("      expected  \(sides.before ?? "–")")
      lines.append(style.color("      found     \(sides.after ?? "–")", .red))
    }
    return lines
  }

  private func next(_ run: RunDocument) -> [String] {
    // A command is copied as it is, so it is not broken.
    [("NEXT", run.next), ("BACK", run.back)].compactMap { label, command in
      command.map { style.bold(label) + "  \(TextLayout.visible($0.text))" }
    }
  }

  private func indented(_ text: String, by count: Int) -> [String] {
    TextLayout.indented(text, by: count, width: width)
  }
}
