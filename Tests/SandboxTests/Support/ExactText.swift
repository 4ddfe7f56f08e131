/// A text that equals another only byte by byte: Swift's own comparison takes the two ways to write
/// "é" for one.
struct ExactText: Hashable, Sendable, CustomStringConvertible {
  let text: String
  private let bytes: [UInt8]

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  static func == (left: ExactText, right: ExactText) -> Bool { left.bytes == right.bytes }

  func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

  var description: String { text.debugDescription }
}

extension ExactText: ExpressibleByStringLiteral {
  init(stringLiteral value: String) { self.init(value) }
}
