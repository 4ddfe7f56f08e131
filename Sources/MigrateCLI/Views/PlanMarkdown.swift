import MigrateAdapters
import MigratePlanning

/// A plan for a pull request or an issue.
enum PlanMarkdown {
  static func text(_ plan: PlanDocument) -> String {
    let sections = [
      head(plan), environment(plan), settings(plan), findings(plan), unchecked(plan),
      objects(plan), values(plan), next(plan),
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
      "Chart \(Markdown.prose("\(release.chart.name) \(release.chart.version)")) (revision "
        + "\(release.revision)) → \(Markdown.prose("\(target.chart.name) \(target.chart.version)")) "
        + "(\(Markdown.prose(target.chart.source))), helm \(Markdown.prose(target.helmVersion)).",
      "**\(plan.summary.capitalizedFirst).** Plan \(Markdown.code(plan.id)).",
    ] + (plan.isBlind ? ["**\(PlanDocument.blindness.capitalizedFirst).**"] : [])
  }

  private static func environment(_ plan: PlanDocument) -> [String] {
    let rows = plan.shownVariables
    guard !rows.isEmpty else { return ["### Environment", "No variables."] }
    let overrides = Dictionary(
      plan.overrides.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
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
    ]
  }

  /// Marks a row: same, explained, or different.
  private static func mark(_ row: PlanDocument.Variable) -> String {
    if row.state == .same { return "=" }
    return row.explainedBy == nil ? "**!**" : "~"
  }

  private static func settings(_ plan: PlanDocument) -> [String] {
    let rows = plan.keptSettings
    guard !rows.isEmpty else { return [] }
    let cells = rows.map { row in
      [
        row.before == row.after ? "=" : "**!**", Markdown.code(row.name),
        change(row.before, row.after), code(row.path ?? row.carrier),
      ]
    }
    return ["### Kept as it is", Markdown.table(["", "Setting", "Value", "Value path"], cells)]
  }

  private static func findings(_ plan: PlanDocument) -> [String] {
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
        "`backbone-migrate explain CODE` says more.",
      ]
    }
    if !settled.isEmpty {
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

  private static func objects(_ plan: PlanDocument) -> [String] {
    let lines =
      plan.objectChanges.map { kind, names in
        "- \(kind.rawValue): \(names.map(Markdown.code).joined(separator: ", "))"
      } + ["- interruption: \(plan.interruption.words)"]
    return ["### Objects", lines.joined(separator: "\n")]
  }

  private static func values(_ plan: PlanDocument) -> [String] {
    let values = plan.values.refusingRedacted
    let note =
      values == plan.values
      ? [] : ["Secrets are left out: a list stands where a text belongs, so that helm refuses it."]
    return ["### Values"] + note + [Markdown.fenced(YAMLWriter().text(values), as: "yaml")]
  }

  private static func next(_ plan: PlanDocument) -> [String] {
    let commands = plan.commands.map(TextLayout.visible).joined(separator: "\n")
    return ["### Next", plan.advice.capitalizedFirst]
      + (plan.verdict == .blocked ? [] : [Markdown.fenced(commands, as: "sh")])
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

extension String {
  /// The text with a capital letter at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
