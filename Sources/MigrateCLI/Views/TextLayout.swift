/// Lays text out in columns and lines of a terminal.
enum TextLayout {
  /// A text in which nothing can steer a terminal: control characters, line breaks and what turns
  /// the direction of writing are shown as escapes.
  static func visible(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: shown.append(contentsOf: "\\n".unicodeScalars)
      case 0x09: shown.append(contentsOf: "\\t".unicodeScalars)
      case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
        0xFFF9...0xFFFF, 0xE0000...0xE007F:
        shown.append(contentsOf: escape(scalar))
      default:
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
          shown.append(contentsOf: escape(scalar))
        default: shown.append(scalar)
        }
      }
    }
    return String(shown)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
  }

  /// The text cut to a width, with `…` where something is missing, and filled up with spaces.
  static func cell(_ text: String, width: Int) -> String {
    let text = visible(text)
    if text.count > width { return String(text.prefix(max(0, width - 1))) + "…" }
    return text + String(repeating: " ", count: width - text.count)
  }

  /// The text broken at spaces into lines of a width; a longer word is broken where a line ends.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for var word in visible(text).split(separator: " ") {
      while word.count > width {
        if !line.isEmpty { lines.append(line) }
        line = ""
        lines.append(String(word.prefix(width)))
        word = word.dropFirst(width)
      }
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return lines + [line]
  }
}
