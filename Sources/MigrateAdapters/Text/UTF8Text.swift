/// Checks that bytes are UTF-8, and says where they are not.
enum UTF8Text {
  /// Reads bytes as UTF-8; an error names the first byte that is not.
  static func string(_ bytes: [UInt8]) throws(TextError) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
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
