import MigrateAdapters
import MigratePlanning

/// A plan for a pull request or an issue.
enum PlanMarkdown {
  /// The most that GitHub takes as a comment, in characters; GitLab takes more.
  static let longest = 65_536

  /// The plan, as whole as it fits: of a long one, first what nobody has to decide is left out. One
  /// that is kept in the history can be applied by its id.
  static func text(_ plan: PlanDocument, isKept: Bool, longest: Int = longest) -> String {
    var shown = ""
    for brevity in Brevity.allCases {
      shown = text(plan, isKept: isKept, brevity)
      if shown.unicodeScalars.count <= longest { break }
    }
    return shown
  }

  /// What is left out, one thing more each time.
  private enum Brevity: Int, CaseIterable, Comparable {
    case nothing, sameVariables, values, settled, keptSettings, manyNames, mostNames

    static func < (one: Brevity, other: Brevity) -> Bool { one.rawValue < other.rawValue }

    /// How many of a kind are listed at most, and how long each text may be; nil for all of them.
    var few: (count: Int, length: Int)? {
      switch self {
      case .manyNames: (40, 400)
      case .mostNames: (10, 120)
      default: nil
      }
    }
  }

  private static func text(
    _ whole: PlanDocument, isKept: Bool, _ brevity: Brevity
  ) -> String {
    let plan = brevity.few.map(whole.shortened) ?? whole
    let cut =
      brevity.few.map { few in
        ["**Cut to what fits here: at most \(few.count) entries of a kind.** `-o html` has all."]
      } ?? []
    let sections = [
      head(whole) + cut, environment(plan, brevity), settings(plan, brevity),
      findings(plan, brevity),
      unchecked(plan), objects(plan, brevity), values(plan, brevity),
      next(plan, isKept: isKept, brevity),
    ]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n\n") }
      .joined(separator: "\n\n") + "\n"
  }

  private static func head(_ plan: PlanDocument) -> [String] {
    let release = plan.release
    let target = plan.target
    return [
      "## Migration of release \(Markdown.code(release.name)) in namespace "
        + "\(Markdown.code(release.namespace)): \(plan.verdict.rawValue)",
      "Chart \(Markdown.prose(release.chartText)) (\(Markdown.prose(release.origin))) "
        + "→ \(Markdown.prose("\(target.chart.name) \(target.chart.version)")) "
        + "(\(Markdown.prose(target.chart.source))), helm \(Markdown.prose(target.helmVersion)).",
      "**\(plan.summary.capitalizedFirst).** Plan \(Markdown.code(plan.id)).",
    ] + (plan.isBlind ? ["**\(PlanDocument.blindness.capitalizedFirst).**"] : [])
  }

  private static func environment(_ plan: PlanDocument, _ brevity: Brevity) -> [String] {
    let all = plan.shownVariables
    guard !all.isEmpty else { return ["### Environment", "No variables."] }
    let rows = brevity < .sameVariables ? all : all.filter { $0.state != .same }
    let left =
      rows.count == all.count
      ? []
      : ["\(all.count - rows.count) more are the same before and after; `-o table` lists them."]
    guard !rows.isEmpty else { return ["### Environment"] + left }
    let overrides = plan.overridesByName
    let settings = plan.environmentSettings
    let cells = rows.map { row in
      let setBy = overrides[row.name].map { $0.manager ?? $0.provenance }
      return [
        mark(row), Markdown.code(row.name), change(row.before, row.after),
        code(settings[row.name]?.path ?? settings[row.name]?.carrier), code(setBy),
      ]
    }
    return [
      "### Environment", "= same · ~ explained below · **!** unexplained",
      Markdown.table(["", "Variable", "Value", "Value path", "Set by"], cells),
    ] + left
  }

  /// Marks a row: same, explained, or different.
  private static func mark(_ row: PlanDocument.Variable) -> String {
    if row.state == .same { return "=" }
    return row.explainedBy == nil ? "**!**" : "~"
  }

  private static func settings(_ plan: PlanDocument, _ brevity: Brevity) -> [String] {
    let rows = plan.keptSettings.filter { brevity < .keptSettings || $0.before != $0.after }
    guard !rows.isEmpty else { return [] }
    let cells = rows.map { row in
      [
        row.before == row.after ? "=" : "**!**", Markdown.code(row.name),
        change(row.before, row.after), code(row.path ?? row.carrier),
      ]
    }
    return ["### Kept as it is", Markdown.table(["", "Setting", "Value", "Value path"], cells)]
  }

  private static func findings(_ plan: PlanDocument, _ brevity: Brevity) -> [String] {
    let open = plan.findings.filter(\.isOpen)
    let settled = plan.findings.filter { !$0.isOpen }
    var sections: [String] = []
    if !open.isEmpty {
      sections += [
        "### Findings",
        open.map { finding in
          let head = "- **\(finding.severity.rawValue)** \(Markdown.code(finding.code.rawValue)): "
          let remedy = finding.remedy.map { "<br>→ \(Markdown.prose($0))" } ?? ""
          return head + Markdown.prose(finding.message) + remedy
        }.joined(separator: "\n"),
        "`\(NextCommand(.explain, "CODE"))` says more.",
      ]
    }
    if !settled.isEmpty, brevity >= .settled {
      sections += ["\(settled.count) taken care of; `-o table` lists them."]
    } else if !settled.isEmpty {
      sections += [
        "<details>\n<summary>\(settled.count) taken care of</summary>",
        settled.map { finding in
          let by = finding.acceptedBy.map { " (accepted by \(Markdown.code($0)))" } ?? ""
          return
            "- \(Markdown.code(finding.code.rawValue)): \(Markdown.prose(finding.message))\(by)"
        }.joined(separator: "\n"), "</details>",
      ]
    }
    return sections
  }

  private static func unchecked(_ plan: PlanDocument) -> [String] {
    guard !plan.unchecked.isEmpty else { return [] }
    return [
      "### Not judged", "Look at these yourself.",
      plan.unchecked.map { "- \(Markdown.code($0.code)): \(Markdown.prose($0.reason))" }
        .joined(separator: "\n"),
    ]
  }

  private static func objects(_ plan: PlanDocument, _ brevity: Brevity) -> [String] {
    let lines =
      plan.objectChanges.map { kind, names in
        brevity < .manyNames
          ? "- \(kind.rawValue): \(names.map(Markdown.code).joined(separator: ", "))"
          : "- \(kind.rawValue): \(names.count)"
      } + ["- interruption: \(plan.interruption.words)"]
    return ["### Objects", lines.joined(separator: "\n")]
  }

  private static func values(_ plan: PlanDocument, _ brevity: Brevity) -> [String] {
    guard brevity < .values else {
      return ["### Values", "Too many to show here; `-o values` shows them."]
    }
    let values = plan.values.refusingRedacted
    let note =
      values == plan.values
      ? [] : ["Secrets are left out: a list stands where a text belongs, so that helm refuses it."]
    return ["### Values"] + note + [
      "<details>\n<summary>values.yaml</summary>",
      Markdown.fenced(YAMLWriter().text(values), as: "yaml"), "</details>",
    ]
  }

  private static func next(
    _ plan: PlanDocument, isKept: Bool, _ brevity: Brevity
  ) -> [String] {
    let next = plan.next(isKept: isKept)
    let advice = next.advice.capitalizedFirst
    let commands = next.commands.map(TextLayout.visible).joined(separator: "\n")
    // Half a command would do something else.
    guard brevity.few == nil || commands.unicodeScalars.count <= 10_000 else {
      return [
        "### Next", advice,
        "The commands are too long to show here; `-o table` shows them.",
      ]
    }
    return ["### Next", advice]
      + (commands.isEmpty ? [] : [Markdown.fenced(commands, as: "sh")])
  }

  private static func change(_ before: JSON, _ after: JSON) -> String {
    before == after ? value(before) : "\(value(before)) → \(value(after))"
  }

  private static func value(_ value: JSON) -> String {
    switch value {
    case .null: "–"
    case .string(Sensitivity.redacted): "*redacted*"
    default: Markdown.code(value.words)
    }
  }

  private static func code(_ text: String?) -> String { text.map(Markdown.code) ?? "" }
}

extension PlanDocument {
  /// The same with few entries of each kind, and none of them long.
  fileprivate func shortened(_ few: (count: Int, length: Int)) -> PlanDocument {
    func short(_ text: String) -> String {
      text.unicodeScalars.count <= few.length
        ? text : String(text.unicodeScalars.prefix(few.length)) + "…"
    }
    func short(_ value: JSON) -> JSON {
      value.words.unicodeScalars.count <= few.length ? value : .string(short(value.words))
    }
    var plan = self
    plan.environment = environment.filter { $0.state != .same }.prefix(few.count).map {
      var row = $0
      (row.name, row.before, row.after) = (short(row.name), short(row.before), short(row.after))
      return row
    }
    plan.overrides = overrides.map {
      var override = $0
      (override.name, override.manager) = (short(override.name), override.manager.map(short))
      return override
    }
    plan.settings = settings.prefix(few.count).map {
      var row = $0
      (row.before, row.after) = (short(row.before), short(row.after))
      return row
    }
    let order: [Finding.Severity] = [.blocker, .breaking, .warning, .info]
    plan.findings = order.flatMap { severity in findings.filter { $0.severity == severity } }
      .filter(\.isOpen).prefix(few.count).map {
        var finding = $0
        finding.message = short(finding.message)
        finding.remedy = finding.remedy.map(short)
        return finding
      }
    plan.unchecked = unchecked.prefix(few.count).map {
      Unchecked(code: short($0.code), reason: short($0.reason))
    }
    return plan
  }
}

extension String {
  /// The text with a capital letter at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
