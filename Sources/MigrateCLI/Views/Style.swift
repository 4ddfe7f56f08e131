import MigratePlanning

/// Colours for a terminal; plain text when they are off.
struct Style: Sendable {
  enum Color: Int {
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
    case gray = 90
  }

  let isOn: Bool
  /// Whether words stand in the place of signs and columns.
  var isPlain = false

  func bold(_ text: String) -> String { wrap(text, "1") }
  /// The text with a word in the place of the arrow from what was to what is.
  func spoken(_ text: String) -> String { isPlain ? text.replacing(" → ", with: " to ") : text }

  /// What stands before the advice on a finding.
  var arrow: String { isPlain ? "what to do:" : "→" }

  /// A sign in its colour, or its word.
  func mark(_ mark: Mark) -> String {
    isPlain ? "\(mark.word):" : color(mark.text, mark.color)
  }
  func color(_ text: String, _ color: Color) -> String { wrap(text, String(color.rawValue)) }
  func bold(_ text: String, _ color: Color) -> String { wrap(text, "1;\(color.rawValue)") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

/// A sign at the beginning of a line.
struct Mark {
  let text: String
  let word: String
  let color: Style.Color
}

extension Style {
  /// A finding in a list of those that are open.
  func lines(of finding: PlanDocument.FindingEntry, width: Int) -> [String] {
    let texts = [finding.message] + (finding.remedy.map { ["\(arrow) \($0)"] } ?? [])
    return ["  \(label(finding.severity))  \(bold(finding.code.rawValue))"]
      + texts.flatMap { TextLayout.indented($0, by: 4, width: width) }
  }

  /// What stands below such a list.
  var hintAtExplain: String { color("  \"\(NextCommand(.explain, "CODE"))\" says more", .gray) }

  /// A finding's severity.
  func label(_ severity: Finding.Severity) -> String {
    switch severity {
    case .blocker: bold("blocker", .red)
    case .breaking: bold("breaking", .yellow)
    case .warning: color("warning", .yellow)
    case .info: color("info", .cyan)
    }
  }
}
