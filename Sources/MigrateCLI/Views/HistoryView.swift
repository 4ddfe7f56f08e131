import MigrateAdapters
import MigratePlanning

/// The history's plans and runs, a line each.
enum HistoryView {
  static func json(_ plans: [PlanSummary], _ runs: [RunSummary]) -> JSON {
    [
      "schema": "backbone-migrate/history/v1",
      "plans": .array(plans.map(json)),
      "runs": .array(runs.map(json)),
    ]
  }

  private static func json(_ plan: PlanSummary) -> JSON {
    [
      "id": .string(plan.id), "digest": .string(plan.digest),
      "createdAt": .string(plan.createdAt.text), "verdict": .string(plan.verdict.rawValue),
      "release": [
        "name": .string(plan.release), "namespace": .string(plan.namespace),
        "revision": .integer(plan.revision),
        "context": plan.context.map(JSON.string) ?? .null,
        "clusterID": plan.clusterID.map(JSON.string) ?? .null,
      ],
      "target": [
        "chart": [
          "name": .string(plan.target.chart), "version": .string(plan.target.version),
          "digest": .string(plan.target.digest),
        ]
      ],
    ]
  }

  private static func json(_ run: RunSummary) -> JSON {
    [
      "id": .string(run.id), "kind": .string(run.kind.rawValue), "dryRun": .bool(run.dryRun),
      "state": .string(run.state.rawValue), "startedAt": .string(run.startedAt.text),
      "finishedAt": run.finishedAt.map { .string($0.text) } ?? .null,
      "release": [
        "name": .string(run.release), "namespace": .string(run.namespace),
        "fromRevision": .integer(run.fromRevision),
        "toRevision": run.toRevision.map(JSON.integer) ?? .null,
        "context": run.context.map(JSON.string) ?? .null,
        "clusterID": run.clusterID.map(JSON.string) ?? .null,
      ],
      "plan": run.planID.map { ["id": .string($0)] } ?? .null,
    ]
  }

  /// A line of the table.
  private struct Row {
    var moment: Timestamp
    var id: String
    var kind: String
    var state: String
    var color: Style.Color?
    var release: String
  }

  /// Plans and runs in one list, the newest first, so that it reads as what happened.
  static func table(
    _ plans: [PlanSummary], _ runs: [RunSummary], limit: Int = .max, usesColor: Bool,
    isPlain: Bool = false
  ) -> String {
    guard !plans.isEmpty || !runs.isEmpty else {
      return "no plans yet; make one with \"\(NextCommand(.plan))\"\n"
    }
    let style = Style(isOn: usesColor, isPlain: isPlain)
    // A run comes after its plan where both are of the same millisecond.
    let rows = (runs.map(row) + plans.map(row)).enumerated()
      .sorted { ($1.element.moment, $0.offset) < ($0.element.moment, $1.offset) }
      .prefix(limit).map(\.element)
    if isPlain {
      return rows.map { row in
        TextLayout.visible(
          "\(row.kind) \(row.id), \(row.moment.minute), \(row.state), \(style.spoken(row.release))")
          + "\n"
      }.joined()
    }
    func line(_ cells: [String], _ color: Style.Color? = nil) -> String {
      // The last one is as long as it is.
      let widths = [14, 20, 8, max(9, rows.map(\.state.count).max() ?? 0), 0]
      let columns = zip(cells, widths).enumerated().map { place, pair in
        let (cell, width) = pair
        let text = TextLayout.cell(
          cell, width: max(width, TextLayout.width(of: TextLayout.visible(cell))))
        return place == 3 ? color.map { style.color(text, $0) } ?? text : text
      }
      return TextLayout.trimmed(columns.joined(separator: "  "))
    }
    return
      ([style.color(line(["ID", "WHEN", "WHAT", "STATE", "RELEASE"]), .gray)]
      + rows.map { row in
        line(
          [
            row.id, row.moment.minute, row.kind, row.state, row.release,
          ], row.color)
      }).joined(separator: "\n") + "\n"
  }

  private static func row(_ plan: PlanSummary) -> Row {
    Row(
      moment: plan.createdAt, id: plan.id, kind: "plan", state: plan.verdict.rawValue,
      release: "\(plan.namespace)/\(plan.release) → \(plan.target.version)")
  }

  private static func row(_ run: RunSummary) -> Row {
    // The name of that state says that the run is a dry one.
    let isDry = run.dryRun && run.state != .previewed
    let color: Style.Color? =
      switch run.state {
      case .running, .differs: .yellow
      case .failed, .interrupted: .red
      case .previewed, .done, .rolledBack: nil
      }
    return Row(
      moment: run.startedAt, id: run.id, kind: run.kind.rawValue,
      state: run.state.rawValue + (isDry ? " (dry run)" : ""),
      color: color,
      release: "\(run.namespace)/\(run.release), revision "
        + RunDocument.revisions(from: run.fromRevision, to: run.toRevision))
  }
}
