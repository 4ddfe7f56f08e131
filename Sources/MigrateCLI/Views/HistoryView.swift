import MigrateAdapters
import MigratePlanning

/// The history's plans, a line each.
enum HistoryView {
  static func json(_ plans: [PlanSummary]) -> JSON {
    [
      "schema": "backbone-migrate/history/v1",
      "plans": .array(
        plans.map { plan in
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
        }),
    ]
  }

  static func table(_ plans: [PlanSummary], usesColor: Bool) -> String {
    guard !plans.isEmpty else { return "no plans yet; make one with \"backbone-migrate plan\"\n" }
    let style = Style(isOn: usesColor)
    func line(_ cells: [String]) -> String {
      // The last one is as long as it is.
      let widths = [14, 20, 10, 0]
      return zip(cells, widths).map { cell, width in
        TextLayout.cell(cell, width: max(width, TextLayout.width(of: TextLayout.visible(cell))))
      }.joined(separator: "  ").trimmingSuffix(while: { $0 == " " })
    }
    let rows = plans.map { plan in
      line([
        plan.id, plan.createdAt.text.prefix(16).replacing("T", with: " ") + " UTC",
        plan.verdict.rawValue,
        "\(plan.namespace)/\(plan.release) → \(plan.target.version)",
      ])
    }
    return ([style.color(line(["PLAN", "MADE", "VERDICT", "RELEASE"]), .gray)] + rows)
      .joined(separator: "\n") + "\n"
  }
}

extension String {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, predicate(last) { text.removeLast() }
    return text
  }
}
