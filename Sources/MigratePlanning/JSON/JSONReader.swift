/// Reads one JSON text (RFC 8259) strictly: numbers keep their text, a key that is written twice is
/// an error, and every error names its place.
///
/// Foundation's reader keeps neither number text nor duplicates nor places, and nests without
/// limit.
package struct JSONReader: Sendable {
  /// How deep arrays and objects may nest. Kubernetes' own kinds come to some twenty.
  package var maximumDepth = 256
  /// How many values a text may have: each takes some fifty bytes, however short it is written. A
  /// release of 5,000 variables has some 50,000.
  package var maximumValues = 2_000_000
  /// How many bytes a text may have; helm and kubectl print releases of at most a few MiB.
  package var maximumSize = 256 << 20

  /// Makes a reader with the usual limits.
  package init() {}

  /// A reader for what this program wrote itself, where what was read before stands some levels
  /// further down.
  package static var ofDocuments: JSONReader {
    var reader = JSONReader()
    reader.maximumDepth = 512
    return reader
  }

  /// Reads a text.
  package func value(_ text: String) throws(TextError) -> JSON { try value(Array(text.utf8)) }

  /// Reads a text from its UTF-8 bytes; a byte order mark before it is skipped.
  package func value(_ bytes: [UInt8]) throws(TextError) -> JSON {
    guard bytes.count <= maximumSize else {
      throw TextError(.tooLarge, "the text is larger than \(maximumSize) bytes")
    }
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSON, TextError> in
      var scanner = JSONScanner(
        bytes: buffer, maximumDepth: maximumDepth, maximumValues: maximumValues)
      do throws(TextError) {
        return .success(try scanner.document())
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

private struct JSONScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let maximumDepth: Int
  let maximumValues: Int
  var position = 0
  var values = 0

  init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int, maximumValues: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
    self.maximumValues = maximumValues
  }

  mutating func document() throws(TextError) -> JSON {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw unexpected("after the value") }
    return value
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func textError(
    _ reason: String, _ code: TextError.Code = .syntax, at offset: Int? = nil
  ) -> TextError {
    TextError(code, at: offset ?? position, of: bytes, reason)
  }

  private func unexpected(_ place: String) -> TextError {
    guard let next else { return textError("the text ends \(place)") }
    guard (0x21...0x7E).contains(next) else { return textError("unexpected byte \(place)") }
    return textError("unexpected \"\(Character(Unicode.Scalar(next)))\" \(place)")
  }

  private mutating func skipSpace() {
    while let next, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(TextError) -> JSON {
    skipSpace()
    values += 1
    guard values <= maximumValues else {
      throw textError("more than \(maximumValues) values", .tooLarge)
    }
    switch next {
    case UInt8(ascii: "{"):
      return .object(try object(depth: try deeper(depth)))
    case UInt8(ascii: "["):
      return .array(try array(depth: try deeper(depth)))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), (0x30...0x39)?: return .number(try number())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw unexpected("where a value should be")
    }
  }

  private func deeper(_ depth: Int) throws(TextError) -> Int {
    guard depth < maximumDepth else {
      throw textError("nested deeper than \(maximumDepth) levels", .tooLarge)
    }
    return depth + 1
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws(TextError) -> JSON {
    let end = position + word.utf8CodeUnitCount
    let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    guard end <= bytes.count, bytes[position..<end].elementsEqual(letters) else {
      throw unexpected("where a value should be")
    }
    position = end
    return value
  }

  private mutating func array(depth: Int) throws(TextError) -> [JSON] {
    position += 1
    var elements: [JSON] = []
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth))
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw unexpected("in an array") }
    }
  }

  private mutating func object(depth: Int) throws(TextError) -> [String: JSON] {
    position += 1
    var members: [String: JSON] = [:]
    if take(UInt8(ascii: "}")) { return members }
    while true {
      skipSpace()
      let start = position
      guard next == UInt8(ascii: "\"") else { throw unexpected("where a key should be") }
      let key = try string()
      guard take(UInt8(ascii: ":")) else { throw unexpected("after a key") }
      guard members.updateValue(try value(depth: depth), forKey: key) == nil else {
        throw textError("key \(key.jsonQuoted) is written twice", .duplicateKey, at: start)
      }
      if take(UInt8(ascii: "}")) { return members }
      guard take(UInt8(ascii: ",")) else { throw unexpected("in an object") }
    }
  }

  private mutating func number() throws(TextError) -> String {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(TextError) {
    let start = position
    while let next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) { position += 1 }
    guard position > start else { throw unexpected("in a number") }
  }

  private mutating func string() throws(TextError) -> String {
    position += 1
    let start = position
    while let next {
      switch next {
      case UInt8(ascii: "\""):
        position += 1
        return try text(UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), at: start)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      case 0..<0x20: throw textError("unescaped control character in a string")
      default: position += 1
      }
    }
    throw unexpected("in a string")
  }

  private mutating func escapedString(from start: Int) throws(TextError) -> String {
    var decoded = Array(bytes[start..<position])
    while let next {
      position += 1
      switch next {
      case UInt8(ascii: "\""):
        if let text = String(validating: decoded, as: UTF8.self) { return text }
        // The escapes are valid, so the raw bytes are not: they show where.
        return try text(UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), at: start)
      case UInt8(ascii: "\\"): try unescape(into: &decoded)
      case 0..<0x20:
        throw textError("unescaped control character in a string", at: position - 1)
      default: decoded.append(next)
      }
    }
    throw unexpected("in a string")
  }

  private mutating func unescape(into decoded: inout [UInt8]) throws(TextError) {
    guard let escape = next else { throw unexpected("in a string") }
    position += 1
    switch escape {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(escape)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "u"):
      let start = position - 2
      var value = UInt32(try unit())
      if value & 0xFC00 == 0xD800, next == UInt8(ascii: "\\"), position + 1 < bytes.count,
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = UInt32(try unit())
        guard low & 0xFC00 == 0xDC00 else {
          throw textError("half of a surrogate pair in a string", at: start)
        }
        value = 0x10000 + (value & 0x3FF) << 10 + (low & 0x3FF)
      }
      guard let scalar = Unicode.Scalar(value) else {
        throw textError("half of a surrogate pair in a string", at: start)
      }
      decoded.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
    default:
      throw textError("unknown escape in a string", at: position - 1)
    }
  }

  private mutating func unit() throws(TextError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw unexpected("in a \\u escape")
      }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }

  private func text(_ slice: UnsafeBufferPointer<UInt8>, at start: Int) throws(TextError) -> String
  {
    if let text = String(validating: slice, as: UTF8.self) { return text }
    var parser = Unicode.UTF8.ForwardParser()
    var rest = slice.makeIterator()
    var offset = start
    while case .valid(let scalar) = parser.parseScalar(from: &rest) { offset += scalar.count }
    throw textError("byte \(offset) is not UTF-8", .notUTF8, at: offset)
  }
}
