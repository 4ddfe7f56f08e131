import MigratePlanning

/// Checks that bytes are UTF-8, and says where they are not.
enum UTF8Text {
  /// Reads bytes as UTF-8; an error names the first byte that is not, or what the bytes are
  /// instead.
  static func string(_ bytes: [UInt8]) throws(TextError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    if bytes.starts(with: [0x1F, 0x8B]) {
      throw TextError(.notUTF8, "it is compressed with gzip; unpack it first")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw TextError(.notUTF8, "it is UTF-16; save it as UTF-8")
    }
    let offset = firstInvalidByte(of: bytes)
    throw bytes.withUnsafeBufferPointer { buffer in
      TextError(.notUTF8, at: offset, of: buffer, "byte \(offset) is not UTF-8")
    }
  }

  /// The offset of the first byte that is not UTF-8; the count when all are.
  static func firstInvalidByte(of bytes: some Sequence<UInt8>) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var offset = 0
    while case .valid(let scalar) = parser.parseScalar(from: &rest) { offset += scalar.count }
    return offset
  }
}
