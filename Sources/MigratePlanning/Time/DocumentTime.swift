/// A time as a document has it: a ``Timestamp``, or whatever else somebody wrote in its place,
/// which is kept and shown as it stands there.
package struct DocumentTime: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The time as it is written.
  package let text: String

  package init(_ moment: Timestamp) { text = moment.text }

  /// A time as it was read.
  package init(text: String) { self.text = text }

  package init(stringLiteral text: String) { self.text = text }

  /// The moment; nil for a text that is none.
  package var moment: Timestamp? { Timestamp(text: text) }

  /// The time to the minute, for people; of another text as much as a time would take.
  package var minute: String { shown(16) }

  /// The time to the second, likewise.
  package var second: String { shown(19) }

  private func shown(_ count: Int) -> String {
    text.prefix(count).replacing("T", with: " ") + " UTC"
  }
}

extension DocumentTime: Codable {
  package init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
