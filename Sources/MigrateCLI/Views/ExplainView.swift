import MigratePlanning

/// The manual of findings for a person at a terminal.
struct ExplainView {
  let width: Int
  private let style: Style

  init(width: Int, usesColor: Bool) {
    self.width = max(60, width)
    style = Style(isOn: usesColor)
  }

  /// Every code with its summary, by dimension.
  func index(_ pages: [CataloguePage]) -> String {
    let codeWidth = pages.map(\.code.count).max() ?? 0
    let indent = String(repeating: " ", count: codeWidth + 4)
    let sections = Dimension.allCases.compactMap { dimension -> [String]? in
      let pages = pages.filter { $0.dimension == dimension }
      guard !pages.isEmpty else { return nil }
      return [style.bold(dimension.rawValue.uppercased())]
        + pages.flatMap { page in
          let lines = highlighted(
            TextLayout.wrapped(page.summary, width: width - indent.count))
          let first = "  \(TextLayout.cell(page.code, width: codeWidth))  \(lines[0])"
          return [first] + lines.dropFirst().map { indent + $0 }
        }
    }
    let hint = style.color("\"\(NextCommand(.explain, "CODE"))\" shows one whole", .gray)
    return (sections + [[hint]]).map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  /// One page: what it means, why it happens, how to resolve it.
  func page(_ page: CataloguePage) -> String {
    let severities = page.severities.map(\.rawValue).joined(separator: " or ")
    var sections = [
      ["\(style.bold(page.code))  \(page.dimension.rawValue), \(severities)"],
      lines(of: [.text(page.summary)], indent: 0),
      part("WHAT IT MEANS", page.meaning),
      part("WHY IT HAPPENS", page.cause),
      part("HOW TO RESOLVE IT", page.resolution),
    ]
    if !page.source.isEmpty { sections.append(part("WHERE THIS COMES FROM", page.source)) }
    return sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private func part(_ title: String, _ blocks: [CataloguePage.Block]) -> [String] {
    [style.bold(title)] + lines(of: blocks, indent: 2)
  }

  private func lines(of blocks: [CataloguePage.Block], indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    let shown = blocks.map { block in
      switch block {
      case .text(let text):
        highlighted(TextLayout.wrapped(text, width: width - indent)).map { margin + $0 }
      case .command(let text):
        text.split(separator: "\n", omittingEmptySubsequences: false)
          .map { $0.isEmpty ? "" : "\(margin)  \(style.color(String($0), .cyan))" }
      }
    }
    return Array(shown.joined(separator: [""]))
  }

  /// Lines of one paragraph in which colour stands for the backticks; they stay without colour.
  private func highlighted(_ lines: [String]) -> [String] {
    guard style.isOn else { return lines }
    var isCode = false
    return lines.map { line in
      let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
      return pieces.enumerated().map { index, piece in
        if index > 0 { isCode.toggle() }
        return isCode ? style.color(String(piece), .cyan) : String(piece)
      }.joined()
    }
  }
}
