/// The manual page of one code, made from the doc comment of its rule.
package struct CataloguePage: Hashable, Sendable {
  /// A piece of a part.
  package enum Block: Hashable, Sendable {
    /// A paragraph; backticks stand around what is typed or read by machines.
    case text(String)
    /// Lines to type, as they are.
    case command(String)
  }

  package let code: String
  package let dimension: Dimension
  /// The severities that it can have, the heaviest first; none when it is not judged.
  package let severities: [Finding.Severity]
  /// One sentence that says what is so.
  package let summary: String
  package let meaning: [Block]
  package let cause: [Block]
  package let resolution: [Block]
  /// The decision or measurement behind it; empty when there is none to name.
  package let source: [Block]
}

extension Catalogue {
  /// The page of a code; nil when there is no such code.
  package static func page(_ code: String) -> CataloguePage? {
    pages.first { $0.code == code }
  }

  /// The codes that a mistyped one may have meant, the likeliest first.
  package static func suggestions(for mistyped: String) -> [String] {
    Suggestions.near(mistyped, among: pages.map(\.code))
  }
}
