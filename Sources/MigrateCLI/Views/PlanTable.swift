import MigratePlanning

/// A plan for a person at a terminal: the verdict, where every variable goes, what to know, what
/// to do next.
struct PlanTable {
  let width: Int
  /// Whether the plan is in the history, so that it can be applied by its id.
  let isKept: Bool
  /// Further options of the command that applies it.
  let means: String
  private let style: Style

  init(
    width: Int, usesColor: Bool, isPlain: Bool = false, isKept: Bool = false, means: String = ""
  ) {
    self.isKept = isKept
    self.means = means
    self.width = max(60, width)
    style = Style(isOn: usesColor, isPlain: isPlain)
  }

  func text(_ plan: PlanDocument) -> String {
    let sections =
      plan.isMigratedAlready
      ? [head(plan), findings(plan.blockers), next(plan)]
      : [
        head(plan), environment(plan), settings(plan), findings(plan.findings), unchecked(plan),
        objects(plan), next(plan),
      ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private func head(_ plan: PlanDocument) -> [String] {
    let release = plan.release
    let verdict =
      switch plan.verdict {
      case .ready: style.bold("READY", .green)
      case .attention: style.bold("ATTENTION", .yellow)
      case .blocked: style.bold("BLOCKED", .red)
      }
    let subject = TextLayout.wrapped(
      "release \"\(release.name)\" in namespace \"\(release.namespace)\"", width: width - 11)
    let charts =
      "chart \(release.chartText) (\(release.origin)) → "
      + "\(plan.target.chart.name) \(plan.target.chart.version) (\(plan.target.chart.source)), "
      + "helm \(plan.target.helmVersion)"
    return ["\(verdict)  \(subject[0])"] + subject.dropFirst()
      + TextLayout.wrapped(style.spoken(charts), width: width)
      + [style.color(TextLayout.visible("\(plan.id)  \(plan.summary)"), .gray)] + blindness(plan)
  }

  /// Says it loudly when the plan knows only what helm knows.
  private func blindness(_ plan: PlanDocument) -> [String] {
    plan.isBlind ? [style.bold(PlanDocument.blindness, .red)] : []
  }

  private func environment(_ plan: PlanDocument) -> [String] {
    let overrides = plan.overridesByName
    let settings = plan.environmentSettings
    let rows = plan.shownVariables
    guard !rows.isEmpty else { return [style.bold("ENVIRONMENT"), "  no variables"] }
    if style.isPlain {
      var lines = [style.bold("ENVIRONMENT")]
      for row in rows {
        let path = settings[row.name]?.path ?? settings[row.name]?.carrier
        let state =
          row.state == .same ? "the same" : row.isExplained ? "explained below" : "not explained"
        let by = overrides[row.name].map { override in
          let hand = override.provenance == "live" ? "hand" : override.provenance
          return "set by \(override.manager ?? hand)"
        }
        lines.append(
          sentence(
            row.name, row.before.words, row.after.words, isSame: row.before == row.after,
            [state, path.map { "from \($0)" }, by]))
      }
      return lines
    }
    let setByWidth = 12
    let nameWidth = min(
      28, width - 44, max(8, rows.map { TextLayout.width(of: $0.name) }.max() ?? 8))
    let pathWidth = min(
      28, width - 4 - nameWidth - 2 - 10 - 2 - 2 - setByWidth,
      max(8, rows.map { settings[$0.name]?.path?.count ?? 0 }.max() ?? 8))
    let valueWidth = max(10, width - 4 - nameWidth - 2 - pathWidth - 2 - setByWidth - 2)
    func line(_ mark: String, _ name: String, _ value: String, _ path: String, _ by: String)
      -> String
    {
      let cells = [
        TextLayout.cell(name, width: nameWidth), TextLayout.cell(value, width: valueWidth),
        TextLayout.cell(path, width: pathWidth),
        by.isEmpty ? "" : TextLayout.cell(by, width: setByWidth),
      ]
      return TextLayout.trimmed("  \(mark) " + cells.joined(separator: "  "))
    }
    let header = line(" ", "VARIABLE", "VALUE", "VALUE PATH", "SET BY")
    let lines = rows.map { row in
      let override = overrides[row.name]
      let value =
        row.before == row.after
        ? row.before.words : "\(row.before.words) → \(row.after.words)"
      let by = override.map { $0.manager ?? $0.provenance } ?? ""
      return line(
        mark(row), row.name, value, settings[row.name]?.path ?? settings[row.name]?.carrier ?? "",
        by)
    }
    return [
      style.bold("ENVIRONMENT") + "  = same  ~ explained below  ! unexplained",
      style.color(header, .gray),
    ] + lines
  }

  /// As much of a value as anybody listens to.
  private var longestSpoken: Int { 200 }

  /// What becomes of one thing, in words.
  private func sentence(
    _ name: String, _ before: String, _ after: String, isSame: Bool, _ words: [String?]
  ) -> String {
    func word(_ text: String) -> String {
      let spoken = String(text.prefix(longestSpoken))
      return text == "–"
        ? "not set" : text.isEmpty ? "empty" : spoken == text ? text : spoken + ", and more"
    }
    let value = isSame ? word(before) : "\(word(before)), then \(word(after))"
    return "  "
      + TextLayout.visible(
        "\(name): \(value); "
          + words.compactMap { $0 }.joined(separator: ", "))
  }

  /// Marks a row: same, explained, or different.
  private func mark(_ row: PlanDocument.Variable) -> String {
    if row.state == .same { return style.color("=", .green) }
    return row.isExplained ? style.color("~", .yellow) : style.bold("!", .red)
  }

  private func settings(_ plan: PlanDocument) -> [String] {
    let rows = plan.keptSettings
    guard !rows.isEmpty else { return [] }
    if style.isPlain {
      var lines = [style.bold("KEPT AS IT IS")]
      for row in rows {
        lines.append(
          sentence(
            row.name, row.before.settingWords, row.after.settingWords,
            isSame: row.before == row.after, ["from \(row.path ?? row.carrier)"]))
      }
      return lines + ["  --adopt with one of these paths takes the chart's default"]
    }
    let nameWidth = rows.map { $0.name.count }.max() ?? 8
    let pathWidth = rows.map { ($0.path ?? $0.carrier).count }.max() ?? 8
    let valueWidth = max(10, width - 4 - nameWidth - 2 - pathWidth - 2)
    return [style.bold("KEPT AS IT IS") + "  --adopt VALUE PATH takes the chart's default"]
      + rows.map { row in
        let mark = row.before == row.after ? style.color("=", .green) : style.bold("!", .red)
        let (before, after) = (row.before.settingWords, row.after.settingWords)
        let value = row.before == row.after ? before : "\(before) → \(after)"
        return TextLayout.trimmed(
          "  \(mark) "
            + [
              TextLayout.cell(row.name, width: nameWidth),
              TextLayout.cell(value, width: valueWidth),
              TextLayout.cell(row.path ?? row.carrier, width: pathWidth),
            ].joined(separator: "  "))
      }
  }

  private func findings(_ findings: [PlanDocument.FindingEntry]) -> [String] {
    let open = findings.filter(\.isOpen)
    let settled = findings.filter { !$0.isOpen }
    var lines: [String] = []
    if !open.isEmpty {
      lines.append(style.bold("FINDINGS"))
      for finding in open { lines += style.lines(of: finding, width: width) }
      lines.append(style.hintAtExplain)
    }
    if !settled.isEmpty {
      if !lines.isEmpty { lines.append("") }
      lines.append(style.bold("TAKEN CARE OF"))
      for finding in settled {
        let mark = style.isPlain ? "" : style.color("✓", .green) + " "
        lines.append("  \(mark)\(finding.code.rawValue)")
        let by = finding.acceptedBy.map { " (accepted by \($0))" } ?? ""
        lines += indented(finding.message + by, by: 4)
      }
    }
    return lines
  }

  private func unchecked(_ plan: PlanDocument) -> [String] {
    guard !plan.unchecked.isEmpty else { return [] }
    let mark = style.isPlain ? "" : style.color("?", .yellow) + " "
    var lines = [style.bold("NOT JUDGED") + "  look at these yourself"]
    for entry in plan.unchecked {
      lines.append("  \(mark)\(TextLayout.visible(entry.code))")
      lines += indented(entry.reason, by: 4)
    }
    if !plan.findings.contains(where: \.isOpen) {
      lines.append(style.hintAtExplain)
    }
    return lines
  }

  private func objects(_ plan: PlanDocument) -> [String] {
    [style.bold("OBJECTS")]
      + plan.objectChanges.flatMap { kind, names in
        indented("\(kind.rawValue) \(names.joined(separator: ", "))", by: 2)
      }
      + indented(plan.interruption.words, by: 2)
  }

  private func next(_ plan: PlanDocument) -> [String] {
    let next = plan.next(isKept: isKept, means: means)
    return [style.bold("NEXT") + "  \(next.advice)"]
      + next.commands.map { "  \(TextLayout.visible($0))" }
  }

  private func indented(_ text: String, by count: Int) -> [String] {
    TextLayout.indented(text, by: count, width: width)
  }
}
