import MigratePlanning

/// The formats in which a document is shown that needs nothing but itself: a plan in all of them, a
/// run in those of ``RunFormat``.
enum DocumentFormat: String, CaseIterable {
  case table, json, yaml, html, markdown, junit
}

/// How a table is laid out where it is read.
struct TableLayout {
  var width: Int
  var usesColor: Bool
  var isPlain: Bool
}

extension GlobalOptions {
  /// The layout of a table on standard output.
  func layout(_ context: CommandContext) -> TableLayout {
    TableLayout(
      width: width(context), usesColor: usesColor(context), isPlain: isPlain(context))
  }
}

extension PlanDocument {
  /// The plan in a format. One that is kept in the history can be applied by its id, with the
  /// further options of `means`.
  ///
  /// - Throws: when a part cannot be written as JSON.
  func text(
    as format: DocumentFormat, isKept: Bool, means: String, _ layout: TableLayout
  ) throws -> String {
    switch format {
    case .table:
      PlanTable(
        width: layout.width, usesColor: layout.usesColor, isPlain: layout.isPlain, isKept: isKept,
        means: means
      ).text(self)
    case .json: try json.pretty + "\n"
    case .yaml: try PlanYAML.text(self)
    case .html: try ReportPage.text(Report(self, isKept: isKept))
    case .markdown: PlanMarkdown.text(self, isKept: isKept)
    case .junit: PlanJUnit.text(self)
    }
  }
}

extension RunDocument {
  /// The run in a format.
  ///
  /// - Throws: when a part cannot be written as JSON.
  func text(
    as format: RunFormat, listsSteps: Bool = true, _ layout: TableLayout
  ) throws -> String {
    switch format {
    case .table:
      RunTable(
        width: layout.width, usesColor: layout.usesColor, isPlain: layout.isPlain,
        listsSteps: listsSteps
      ).text(self)
    case .json: try json.pretty + "\n"
    case .html: try ReportPage.text(Report(self))
    }
  }
}
