/// Why a YAML or JSON text could not be read, and where.
///
/// The text may hold secrets, so a reason quotes keys and tags, never values.
package struct TextError: Error, Hashable {
  /// What kind of error it is.
  package enum Code: String, Sendable {
    /// The bytes are not UTF-8.
    case notUTF8 = "not-utf8"
    /// The text breaks the grammar of its format.
    case syntax
    /// A mapping has one key twice.
    case duplicateKey = "duplicate-key"
    /// The text means something that JSON has no word for, such as `.nan` or a list as a key.
    case unsupported
    /// There are several documents where one is expected.
    case severalDocuments = "several-documents"
    /// Nesting, size or the expansion of aliases passes the reader's limit.
    case tooLarge = "too-large"
  }

  /// What kind of error it is.
  package let code: Code
  /// The line, counted from 1; nil when the error has no one place.
  package let line: Int?
  /// The column in characters (Unicode scalars), counted from 1.
  package let column: Int?
  /// What is wrong, in words.
  package let reason: String

  /// Makes an error at a place, or at none.
  package init(_ code: Code, line: Int? = nil, column: Int? = nil, _ reason: String) {
    self.code = code
    self.line = line
    self.column = column
    self.reason = reason
  }

  /// Makes an error at a byte of a text.
  package init(
    _ code: Code, at offset: Int, of bytes: UnsafeBufferPointer<UInt8>, _ reason: String
  ) {
    let before = bytes.prefix(offset)
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    self.init(
      code, line: before.count { $0 == 0x0A } + 1,
      column: before[start...].count { $0 & 0xC0 != 0x80 } + 1, reason)
  }
}

extension TextError: CustomStringConvertible {
  /// The place and the reason, such as `line 3, column 5: key "a" is written twice`.
  package var description: String {
    switch (line, column) {
    case (let line?, let column?): "line \(line), column \(column): \(reason)"
    case (let line?, nil): "line \(line): \(reason)"
    default: reason
    }
  }
}
