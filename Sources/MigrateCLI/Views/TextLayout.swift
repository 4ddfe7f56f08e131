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

  /// A message on one line; of one that nobody would read, the beginning.
  static func message(_ text: String) -> String {
    let shown = visible(String(text.unicodeScalars.prefix(longestMessage)))
    guard text.utf8.count > longestMessage || shown.utf8.count > longestMessage else {
      return shown
    }
    return String(shown.unicodeScalars.prefix(longestMessage / 2)) + "…"
  }

  /// The most bytes of a message.
  private static let longestMessage = 8_000

  private static func escape(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
  }

  /// The columns that a text takes in a terminal: two for what is wide in East Asia and for emoji,
  /// none for marks that go onto another character.
  static func width(of text: some StringProtocol) -> Int {
    text.reduce(0) { sum, character in
      guard character.unicodeScalars.first?.properties.isEmojiPresentation != true else {
        return sum + 2
      }
      return sum + character.unicodeScalars.reduce(0) { $0 + width(of: $1) }
    }
  }

  private static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x1160...0x11FF: return 0  // Hangul vowels and finals, within their syllable
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x20000...0x3FFFD:
      return [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory) ? 0 : 2
    default:
      return [.nonspacingMark, .enclosingMark].contains(scalar.properties.generalCategory) ? 0 : 1
    }
  }

  /// As much of a text's beginning as a width takes.
  private static func beginning(of text: some StringProtocol, width: Int) -> String {
    var beginning = ""
    var rest = width
    for character in text {
      rest -= self.width(of: String(character))
      if rest < 0 { break }
      beginning.append(character)
    }
    return beginning
  }

  /// Whether a text takes more columns; looks at no more of it than that takes.
  private static func isWider(_ text: Substring, than width: Int) -> Bool {
    var rest = width
    for character in text {
      rest -= self.width(of: String(character))
      if rest < 0 { return true }
    }
    return false
  }

  /// The text cut to a width, with `…` where something is missing, and filled up with spaces.
  static func cell(_ text: String, width: Int) -> String {
    // A character may have many scalars, and none of those behind these is shown.
    let start = text.unicodeScalars.prefix(max(400, width * 8))
    let isCut = start.endIndex < text.unicodeScalars.endIndex
    var text = visible(String(start)) + (isCut ? "…" : "")
    if self.width(of: text) > width {
      text = beginning(of: text, width: max(0, width - 1)) + "…"
    }
    return text + String(repeating: " ", count: max(0, width - self.width(of: text)))
  }

  /// A message that can be shown, broken at spaces into lines of a width. What stands in quotation
  /// marks stays on one line, however long, so that a command can be copied.
  static func brokenBetweenWords(_ message: String, width: Int) -> [String] {
    var words: [String] = []
    var isQuoted = false
    for word in message.split(separator: " ", omittingEmptySubsequences: false) {
      if isQuoted { words[words.count - 1] += " " + word } else { words.append(String(word)) }
      if word.count(where: { $0 == "\"" }) % 2 == 1 { isQuoted.toggle() }
    }
    var lines: [String] = []
    var taken = 0
    for word in words {
      let more = self.width(of: word)
      if !lines.isEmpty, taken + 1 + more <= width {
        lines[lines.count - 1] += " " + word
        taken += 1 + more
      } else {
        lines.append(word)
        taken = more
      }
    }
    return lines
  }

  /// The text broken at spaces into lines of a width; a longer word is broken where a line ends.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var taken = 0
    for var word in visible(text).split(separator: " ") {
      while self.isWider(word, than: width) {
        if !line.isEmpty { lines.append(line) }
        line = ""
        let beginning = beginning(of: word, width: width)
        // A character that is wider than the line has a line of its own.
        let count = max(1, beginning.count)
        if word.index(word.startIndex, offsetBy: count) == word.endIndex { break }
        lines.append(String(word.prefix(count)))
        word = word.dropFirst(count)
      }
      let more = self.width(of: word)
      if line.isEmpty {
        line = String(word)
        taken = more
      } else if taken + 1 + more <= width {
        line += " " + word
        taken += 1 + more
      } else {
        lines.append(line)
        line = String(word)
        taken = more
      }
    }
    return lines + [line]
  }

  /// The text broken so that its lines, moved in, end at a width.
  static func indented(_ text: String, by count: Int, width: Int) -> [String] {
    let indent = String(repeating: " ", count: count)
    return wrapped(text, width: width - count).map { indent + $0 }
  }

  /// The line without the spaces at its end.
  static func trimmed(_ line: String) -> String {
    var line = line
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }
}
