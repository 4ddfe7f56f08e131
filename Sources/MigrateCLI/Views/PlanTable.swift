import MigratePlanning

/// A plan for a person at a terminal: the verdict, where every variable goes, what to know, what
/// to do next.
struct PlanTable {
  let width: Int
  private let style: Style

  init(width: Int, usesColor: Bool) {
    self.width = max(60, width)
    style = Style(isOn: usesColor)
  }

  func text(_ plan: PlanDocument) -> String {
    let sections = [
      head(plan), environment(plan), settings(plan), findings(plan), unchecked(plan), objects(plan),
      next(plan),
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
    return [
      "\(verdict)  "
        + TextLayout.visible("release \"\(release.name)\" in namespace \"\(release.namespace)\""),
      TextLayout.visible(
        "chart \(release.chart.name) \(release.chart.version) (revision \(release.revision)) → "
          + "\(plan.target.chart.name) \(plan.target.chart.version) (\(plan.target.chart.source)), "
          + "helm \(plan.target.helmVersion)"),
      style.color("\(plan.id)  \(summary(plan))", .gray),
    ] + blindness(plan)
  }

  /// Says it loudly when the plan knows only what helm knows.
  private func blindness(_ plan: PlanDocument) -> [String] {
    guard plan.unchecked.contains(where: { $0.code == FindingCode.drift.rawValue }) else {
      return []
    }
    return [
      style.bold("the live objects were not read: what was set by hand is missing here", .red)
    ]
  }

  private func summary(_ plan: PlanDocument) -> String {
    guard blindness(plan).isEmpty else { return "what the broker sees now is not known" }
    let present = plan.environment.filter { $0.before != .null }
    let same = present.count { $0.state == .same }
    let open = plan.findings.count(where: \.isOpen)
    return "\(same) of \(present.count) variables come out exactly as they were, "
      + "\(open) open finding\(open == 1 ? "" : "s")"
  }

  private func environment(_ plan: PlanDocument) -> [String] {
    let overrides = Dictionary(
      plan.overrides.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let settings = Dictionary(
      plan.settings.filter { $0.dimension == .environment }.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    let rows = plan.environment.filter { row in
      row.before != .null
        || settings[row.name]?.path != nil && settings[row.name]?.carrier == "value"
    }
    guard !rows.isEmpty else { return [style.bold("ENVIRONMENT"), "  no variables"] }
    let nameWidth = min(28, max(8, rows.map(\.name.count).max() ?? 8))
    let pathWidth = min(
      28, max(8, rows.map { settings[$0.name]?.path?.count ?? 0 }.max() ?? 8))
    let setByWidth = 12
    let valueWidth = max(10, width - 4 - nameWidth - 2 - pathWidth - 2 - setByWidth - 2)
    func line(_ mark: String, _ name: String, _ value: String, _ path: String, _ by: String)
      -> String
    {
      let cells = [
        TextLayout.cell(name, width: nameWidth), TextLayout.cell(value, width: valueWidth),
        TextLayout.cell(path, width: pathWidth),
        by.isEmpty ? "" : TextLayout.cell(by, width: setByWidth),
      ]
      return trimmed("  \(mark) " + cells.joined(separator: "  "))
    }
    let header = line(" ", "VARIABLE", "VALUE", "VALUE PATH", "SET BY")
    let lines = rows.map { row in
      let override = overrides[row.name]
      let value =
        row.before == row.after
        ? words(row.before) : "\(words(row.before)) → \(words(row.after))"
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

  /// Marks a row: same, explained, or different.
  private func mark(_ row: PlanDocument.Variable) -> String {
    if row.state == .same { return style.color("=", .green) }
    return row.explainedBy == nil ? style.bold("!", .red) : style.color("~", .yellow)
  }

  private func settings(_ plan: PlanDocument) -> [String] {
    let rows = plan.settings.filter { $0.dimension != .environment && $0.carrier != "default" }
    guard !rows.isEmpty else { return [] }
    let nameWidth = rows.map { $0.name.count }.max() ?? 8
    let pathWidth = rows.map { $0.path?.count ?? 0 }.max() ?? 8
    let valueWidth = max(10, width - 4 - nameWidth - 2 - pathWidth - 2)
    return [style.bold("KEPT AS IT IS")]
      + rows.map { row in
        let mark = row.before == row.after ? style.color("=", .green) : style.bold("!", .red)
        let value =
          row.before == row.after
          ? words(row.before) : "\(words(row.before)) → \(words(row.after))"
        return trimmed(
          "  \(mark) "
            + [
              TextLayout.cell(row.name, width: nameWidth),
              TextLayout.cell(value, width: valueWidth),
              TextLayout.cell(row.path ?? row.carrier, width: pathWidth),
            ].joined(separator: "  "))
      }
  }

  private func findings(_ plan: PlanDocument) -> [String] {
    let open = plan.findings.filter(\.isOpen)
    let settled = plan.findings.filter { !$0.isOpen }
    var lines: [String] = []
    if !open.isEmpty {
      lines.append(style.bold("FINDINGS"))
      for finding in open {
        lines.append("  \(label(finding.severity))  \(style.bold(finding.code.rawValue))")
        lines += indented(finding.message, by: 4)
        if let remedy = finding.remedy { lines += indented("→ \(remedy)", by: 4) }
      }
    }
    if !settled.isEmpty {
      if !lines.isEmpty { lines.append("") }
      lines.append(style.bold("TAKEN CARE OF"))
      for finding in settled {
        lines.append("  \(style.color("✓", .green)) \(finding.code.rawValue)")
        let by = finding.acceptedBy.map { " (accepted by \($0))" } ?? ""
        lines += indented(finding.message + by, by: 4)
      }
    }
    return lines
  }

  private func label(_ severity: Finding.Severity) -> String {
    switch severity {
    case .blocker: style.bold("blocker", .red)
    case .breaking: style.bold("breaking", .yellow)
    case .warning: style.color("warning", .yellow)
    case .info: style.color("info", .cyan)
    }
  }

  private func unchecked(_ plan: PlanDocument) -> [String] {
    guard !plan.unchecked.isEmpty else { return [] }
    return [style.bold("NOT JUDGED") + "  look at these yourself"]
      + plan.unchecked.flatMap { entry in
        ["  \(style.color("?", .yellow)) \(entry.code)"] + indented(entry.reason, by: 4)
      }
  }

  private func objects(_ plan: PlanDocument) -> [String] {
    let changes = ObjectChange.Kind.allCases.compactMap { kind -> String? in
      let names = plan.objects.filter { $0.change == kind }.map { "\($0.kind)/\($0.name)" }
      guard !names.isEmpty, kind != .none else { return nil }
      return "\(kind.rawValue) \(names.joined(separator: ", "))"
    }
    let interruption =
      switch plan.interruption.kind {
      case .none: "the broker goes on running"
      case .rolling:
        plan.interruption.brokersOverlap
          ? "a new Pod starts before the old one stops: two brokers side by side for a while"
          : "the Pod is replaced in place"
      case .recreate: "the old Pod stops before the new one starts"
      case .replace: "the Deployment is replaced by another one: two brokers for a while"
      }
    return [style.bold("OBJECTS")] + changes.flatMap { indented($0, by: 2) }
      + indented(interruption, by: 2)
  }

  private func next(_ plan: PlanDocument) -> [String] {
    let advice =
      switch plan.verdict {
      case .ready: "nothing stands in the way; with helm alone:"
      case .attention: "look at what is open above, then with helm alone:"
      case .blocked: "resolve the blockers above, then plan again"
      }
    return [style.bold("NEXT") + "  \(advice)"]
      + (plan.verdict == .blocked ? [] : plan.commands.map { "  \(TextLayout.visible($0))" })
  }

  private func indented(_ text: String, by count: Int) -> [String] {
    let indent = String(repeating: " ", count: count)
    return TextLayout.wrapped(text, width: width - count).map { indent + $0 }
  }

  private func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }

  /// An observation of the contract in a few words.
  private func words(_ value: JSON) -> String {
    if let text = value.string { return text.isEmpty ? "\"\"" : text }
    if value == .null { return "–" }
    if let reference = Reference(source: value) {
      let name = reference.selector["name"]?.string
      let key = reference.selector["key"]?.string
      let field = reference.selector["fieldPath"]?.string ?? reference.selector["resource"]?.string
      switch reference.kind {
      case .secretKeyRef: return "Secret \(name ?? "?")/\(key ?? "?")"
      case .configMapKeyRef: return "ConfigMap \(name ?? "?")/\(key ?? "?")"
      case .fieldRef, .resourceFieldRef: return "field \(field ?? "?")"
      }
    }
    if case .array(let parts) = value { return parts.map(words).joined() }
    return value.canonical
  }
}
