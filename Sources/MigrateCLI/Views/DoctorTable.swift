import MigratePlanning

/// What works and what does not, for a person at a terminal: a line for each thing, and below it what
/// to do where something is to be done.
struct DoctorTable {
  let width: Int
  private let style: Style

  init(width: Int, usesColor: Bool) {
    self.width = max(60, width)
    style = Style(isOn: usesColor)
  }

  func text(_ document: DoctorDocument) -> String {
    let failed = document.checks.count { $0.state == .failed }
    let headline =
      document.works
      ? style.bold("READY", .green) + "  what matters works"
      : style.bold("NOT READY", .red) + "  \(failed) of \(document.checks.count) checks failed"
    let subject =
      (document.release.map { "release \"\($0)\" in " } ?? "")
      + "namespace \"\(document.namespace)\""
    let lines =
      [headline]
      + TextLayout.wrapped(subject, width: width).map { style.color($0, .gray) } + [""]
      + lines(of: document.checks)
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(of checks: [DoctorDocument.Check]) -> [String] {
    let nameWidth = checks.map(\.name.rawValue.count).max() ?? 0
    let indent = 4 + nameWidth + 2
    var lines: [String] = []
    for check in checks {
      let message = TextLayout.wrapped(check.message, width: width - indent)
      let mark = style.color(check.state.mark.text, check.state.mark.color)
      lines.append(
        "  \(mark) \(TextLayout.cell(check.name.rawValue, width: nameWidth))  \(message[0])")
      lines += message.dropFirst().map { String(repeating: " ", count: indent) + $0 }
      guard let remedy = check.remedy else { continue }
      let advice = TextLayout.wrapped(remedy, width: width - indent - 2)
      lines.append(String(repeating: " ", count: indent) + "→ \(advice[0])")
      lines += advice.dropFirst().map { String(repeating: " ", count: indent + 2) + $0 }
    }
    return lines
  }
}

extension DoctorDocument.State {
  /// How a check came out, in one character and its colour.
  fileprivate var mark: (text: String, color: Style.Color) {
    switch self {
    case .ok: ("✓", .green)
    case .warning: ("!", .yellow)
    case .failed: ("✗", .red)
    case .skipped: ("–", .gray)
    }
  }
}
