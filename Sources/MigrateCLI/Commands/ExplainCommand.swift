import ArgumentParser
import MigratePlanning

/// Shows the manual of findings.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says what a finding means, why it happens and how to resolve it.",
    discussion: """
      EXAMPLES
        backbone-migrate explain
        backbone-migrate explain default-changed
      """)

  @Argument(
    help: "A code as plans show it; all codes are listed without one.",
    completion: .list(Catalogue.pages.map(\.code)))
  var code: String?

  @Flag(help: "Use no colour; NO_COLOR does the same.")
  var noColor = false

  @Flag(
    help: "For screen readers: each sentence on one line; BACKBONE_MIGRATE_PLAIN=1 does the same.")
  var plain = false

  func run() async throws {
    let context = CommandContext.live
    try await context.perform { try explain(in: context) }
  }

  /// Writes the page of the code, or the list of all.
  func explain(in context: CommandContext) throws(CommandFailure) -> ExitStatus {
    let isPlain = plain || context.wantsWords
    let usesColor = context.outputIsTerminal && !noColor && !isPlain && context.allowsColor
    let view = ExplainView(
      width: context.width(atMost: 100, isPlain: isPlain), usesColor: usesColor)
    guard let code else {
      context.writeOutput(view.index(Catalogue.pages))
      return .done
    }
    guard let page = Catalogue.page(code) else {
      let hint =
        Suggestions.question(Catalogue.suggestions(for: code))
        ?? "\"\(NextCommand(.explain))\" lists all of them"
      throw CommandFailure(
        status: .wrongUsage,
        message: "there is no finding \"\(TextLayout.visible(code))\"; \(hint)")
    }
    context.writeOutput(view.page(page))
    return .done
  }
}
