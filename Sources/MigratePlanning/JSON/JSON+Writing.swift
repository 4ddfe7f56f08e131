extension JSON {
  /// One line for digests: no spaces, keys in the order of their UTF-8 bytes, the fewest escapes.
  ///
  /// As RFC 8785, except that a number keeps its text and keys sort by Unicode scalar rather than
  /// by UTF-16 unit. Equal trees give equal bytes.
  package var canonical: String { text(JSONWriter(escapes: { _ in false })) }

  /// Indented text for people and scripts, with every character escaped that a terminal could obey
  /// or that could reorder what a reader sees.
  package var pretty: String { text(JSONWriter(indented: true, escapes: JSONWriter.deceives)) }

  /// JSON that Helm 3 and 4 read from `-f -` exactly as it is meant.
  ///
  /// Helm reads values as YAML 1.1, where JSON's surrogate pairs are errors, raw control characters
  /// are refused and a raw NEL becomes a space. Three things YAML cannot carry so: a key of more
  /// than 1,000 characters is refused by Helm, `-0` becomes `0`, and a number beyond a float64
  /// becomes a string.
  package var valuesText: String { text(JSONWriter(escapes: JSONWriter.breaksYAML)) }

  private func text(_ writer: JSONWriter) -> String {
    var writer = writer
    writer.write(self, indent: 0)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension String {
  /// The text as a JSON string with its quotes, escaped so that a terminal shows and never obeys
  /// it.
  package var jsonQuoted: String { JSON.string(self).pretty }
}

private struct JSONWriter {
  var indented = false
  /// Whether a scalar value above U+007E and below U+10000 is written as `\u`.
  let escapes: (UInt32) -> Bool
  var bytes: [UInt8] = []

  static func breaksYAML(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  static func deceives(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0xAD: breaksYAML(scalar)
    default:
      breaksYAML(scalar)
        || Unicode.Scalar(scalar)?.properties.generalCategory == .format
    }
  }

  mutating func write(_ value: JSON, indent: Int) {
    switch value {
    case .null: bytes += "null".utf8
    case .bool(let truth): bytes += (truth ? "true" : "false").utf8
    case .number(let text): bytes += text.utf8
    case .string(let text): write(text)
    case .array(let elements):
      write(elements, between: "[", and: "]", indent: indent) { writer, element in
        writer.write(element, indent: indent + 1)
      }
    case .object(let members):
      let ordered = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      write(ordered, between: "{", and: "}", indent: indent) { writer, member in
        writer.write(member.key)
        writer.bytes += (writer.indented ? ": " : ":").utf8
        writer.write(member.value, indent: indent + 1)
      }
    }
  }

  private mutating func write<Part>(
    _ parts: [Part], between opening: String, and closing: String, indent: Int,
    each: (inout JSONWriter, Part) -> Void
  ) {
    bytes += opening.utf8
    for (position, part) in parts.enumerated() {
      if position > 0 { bytes += ",".utf8 }
      startLine(indent: indent + 1)
      each(&self, part)
    }
    if !parts.isEmpty { startLine(indent: indent) }
    bytes += closing.utf8
  }

  private mutating func startLine(indent: Int) {
    guard indented else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: indent * 2))
  }

  private mutating func write(_ text: String) {
    bytes.append(0x22)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": bytes += #"\""#.utf8
      case "\\": bytes += #"\\"#.utf8
      case "\u{8}": bytes += #"\b"#.utf8
      case "\t": bytes += #"\t"#.utf8
      case "\n": bytes += #"\n"#.utf8
      case "\u{C}": bytes += #"\f"#.utf8
      case "\r": bytes += #"\r"#.utf8
      case "\u{20}"..."\u{7E}": bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      default:
        if scalar.value < 0x20 || scalar.value < 0x10000 && escapes(scalar.value) {
          let digits = String(scalar.value, radix: 16)
          bytes += #"\u"#.utf8
          bytes.append(contentsOf: repeatElement(0x30, count: 4 - digits.utf8.count))
          bytes += digits.utf8
        } else {
          bytes += UTF8.encode(scalar).map(Array.init) ?? []
        }
      }
    }
    bytes.append(0x22)
  }
}
