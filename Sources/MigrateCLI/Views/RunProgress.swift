import MigratePlanning

/// The steps of a run as they happen, a line each. On a terminal a step that goes on is shown and then
/// replaced; elsewhere only those that are over are written.
struct RunProgress: Sendable {
  private let write: (@Sendable (String) -> Void)?
  private let isTerminal: Bool
  private let width: Int
  private let style: Style

  init(_ context: CommandContext, quiet: Bool, usesColor: Bool) {
    write = quiet ? nil : context.writeError
    isTerminal = context.redrawsLines
    width = context.width
    style = Style(isOn: usesColor && context.errorIsTerminal)
  }

  /// Shows how a step stands.
  func show(_ step: RunDocument.Step) {
    if step.state == .running {
      guard isTerminal else { return }
      // A line that is broken by the terminal could not be replaced.
      write?(Self.clear + line(step, maximum: width - 1))
    } else {
      write?((isTerminal ? Self.clear : "") + line(step) + "\n")
    }
  }

  /// Takes the line of a step away that goes on no more.
  func end() { if isTerminal { write?(Self.clear) } }

  private static let clear = "\r\u{1B}[K"

  private func line(_ step: RunDocument.Step, maximum: Int = .max) -> String {
    let words = [step.name.rawValue, step.detail, step.duration].compactMap { $0 }
      .map(TextLayout.visible).joined(separator: "  ")
    let shown = words.count > maximum - 2 ? words.prefix(max(0, maximum - 3)) + "…" : words
    return "\(style.color(step.mark.text, step.mark.color)) \(shown)"
  }
}
