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

  func bold(_ text: String) -> String { wrap(text, "1") }
  func color(_ text: String, _ color: Color) -> String { wrap(text, String(color.rawValue)) }
  func bold(_ text: String, _ color: Color) -> String { wrap(text, "1;\(color.rawValue)") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

extension Style {
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
