/// One line on the terminal that says what is being done; nothing anywhere else.
struct Progress: Sendable {
  private let write: (@Sendable (String) -> Void)?

  init(_ context: CommandContext, _ global: GlobalOptions) {
    write = global.redrawsLines(context) && !global.quiet ? context.writeError : nil
  }

  /// Replaces the line.
  func show(_ text: String) { write?("\r\u{1B}[K\(TextLayout.visible(text))…") }

  /// Takes the line away.
  func end() { write?("\r\u{1B}[K") }
}
