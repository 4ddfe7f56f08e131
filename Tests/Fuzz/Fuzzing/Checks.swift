import MigrateCLI
import MigratePlanning

/// What has to hold for everything that is shown.
enum Checks {
  /// An error says something, on one line, in a length that can be read, and steers no terminal.
  static func wording(of error: any Error) throws(Violation) {
    let text = Views.shown(error)
    if text.isEmpty { throw Violation("an error without a text") }
    if text.utf8.count > 20_000 { throw Violation("an error of \(text.utf8.count) bytes") }
    if text.contains("\n") { throw Violation("an error of several lines") }
    if text.contains("codingPath") || text.contains("Swift.") || text.contains("MigratePlanning.") {
      throw Violation("an error in the words of the program: \(text.prefix(200))")
    }
    try steersNoTerminal(text, "an error")
  }

  /// Nothing in a text is obeyed by a terminal or turns its direction.
  static func steersNoTerminal(_ text: String, _ what: String) throws(Violation) {
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: continue
      case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069:
        throw Violation("\(what) has U+\(String(scalar.value, radix: 16)) raw")
      default: continue
      }
    }
  }

  /// What is written stays in proportion to what was read.
  static func size(_ text: String, of input: Int, _ what: String) throws(Violation) {
    let limit = (2 << 20) + 200 * input
    if text.utf8.count > limit {
      throw Violation("\(what) has \(text.utf8.count) bytes for an input of \(input)")
    }
  }

  /// Two values are the same.
  static func same<Value: Equatable>(
    _ left: Value, _ right: Value, _ what: String
  ) throws(Violation) {
    if left != right { throw Violation("\(what) reads differently when it is written and read") }
  }

  /// Runs something that must not fail.
  static func must<Value>(_ what: String, _ work: () throws -> Value) throws(Violation) -> Value {
    do {
      return try work()
    } catch {
      throw Violation("\(what): \(error)")
    }
  }
}
