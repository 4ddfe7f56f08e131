import MigratePlanning

/// What works and what does not, for a person at a terminal: a line for each thing, and below it
/// what to do where something is to be done.
struct DoctorTable {
  let width: Int
  private let style: Style

  init(width: Int, usesColor: Bool, isPlain: Bool = false) {
    self.width = max(60, width)
    style = Style(isOn: usesColor, isPlain: isPlain)
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
      if style.isPlain {
        let remedy = check.remedy.map { "\(style.arrow) \($0)" }
        lines += [
          "\(style.mark(check.state.mark)) \(check.name.rawValue), \(check.message)", remedy,
        ]
        .compactMap { $0.map(TextLayout.visible) }
        continue
      }
      let message = TextLayout.wrapped(check.message, width: width - indent)
      lines.append(
        "  \(style.mark(check.state.mark)) "
          + "\(TextLayout.cell(check.name.rawValue, width: nameWidth))  \(message[0])"
      )
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
  /// How a check came out.
  fileprivate var mark: Mark {
    switch self {
    case .ok: Mark(text: "✓", word: "good", color: .green)
    case .warning: Mark(text: "!", word: "warning", color: .yellow)
    case .failed: Mark(text: "✗", word: "failed", color: .red)
    case .skipped: Mark(text: "–", word: "skipped", color: .gray)
    }
  }
}
