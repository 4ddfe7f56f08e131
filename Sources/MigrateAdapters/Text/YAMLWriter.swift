package import MigratePlanning

/// Writes YAML that Go's YAML, libyaml and every YAML 1.1 or 1.2 reader take for the same tree.
///
/// Every string is double-quoted with escapes, because no two readers agree on which plain words
/// are strings; keys that are plain words to all of them stay plain.
package struct YAMLWriter: Sendable {
  /// The order of the members of an object.
  package enum KeyOrder: Sendable {
    /// By the bytes of the keys.
    case sorted
    /// As given for the object at a JSON pointer (`""` is the root); other keys follow, sorted.
    case given([String: [String]])
  }

  /// The order of the members of each object.
  package var keyOrder: KeyOrder
  /// Comments that stand above the member or element at a JSON pointer; `""` heads the text. A line
  /// break starts another comment line.
  package var comments: [String: String]

  /// Makes a writer.
  package init(keyOrder: KeyOrder = .sorted, comments: [String: String] = [:]) {
    self.keyOrder = keyOrder
    self.comments = comments
  }

  /// One document, ending in a line break.
  package func text(_ value: JSON) -> String {
    var lines = YAMLLines(writer: self)
    lines.comment(at: "", indent: 0)
    switch value {
    case .array(let elements) where !elements.isEmpty:
      lines.write(elements, indent: 0, pointer: "")
    case .object(let members) where !members.isEmpty:
      lines.write(members, indent: 0, pointer: "")
    default: lines.text += YAMLLines.flow(value) + "\n"
    }
    return lines.text
  }

  /// Several documents, each behind a `---` line.
  package func text(documents: [JSON]) -> String {
    documents.map { "---\n" + text($0) }.joined()
  }
}

private struct YAMLLines {
  let writer: YAMLWriter
  var text = ""

  /// The longest key, in bytes as written, that stands before its colon; YAML allows 1,024.
  private static let longestKey = 1_000

  init(writer: YAMLWriter) { self.writer = writer }

  /// A scalar, or an empty array or object.
  static func flow(_ value: JSON) -> String {
    switch value {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .number(let number): number
    // Escapes more than YAML needs: the text is read on terminals, too.
    case .string(let string): string.jsonQuoted
    case .array: "[]"
    case .object: "{}"
    }
  }

  mutating func comment(at pointer: String, indent: Int) {
    guard let comment = writer.comments[pointer] else { return }
    for line in comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      // YAML allows no control characters in comments either.
      let shown =
        line.contains { $0.unicodeScalars.contains(where: Self.isUnprintable) }
        ? String(line).jsonQuoted : String(line)
      pad(indent)
      text += shown.isEmpty ? "#\n" : "# \(shown)\n"
    }
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || String(scalar).jsonQuoted.utf8.starts(with: #""\u"#.utf8)
  }

  mutating func write(_ elements: [JSON], indent: Int, pointer: String) {
    for (index, element) in elements.enumerated() {
      let place = "\(pointer)/\(index)"
      comment(at: place, indent: indent)
      pad(indent)
      text += "-"
      write(element, afterDash: true, indent: indent + 1, pointer: place)
    }
  }

  /// `continuesLine` says that the first member stands on the line of its dash.
  mutating func write(
    _ members: [String: JSON], indent: Int, pointer: String, continuesLine: Bool = false
  ) {
    for (index, key) in keys(of: members, at: pointer).enumerated() {
      let place = "\(pointer)/\(key.pointerToken)"
      if index > 0 || !continuesLine {
        comment(at: place, indent: indent)
        pad(indent)
      }
      let written = Self.isPlain(key) ? key : key.jsonQuoted
      text += written.utf8.count > Self.longestKey ? "? \(written)\n" : "\(written):"
      if written.utf8.count > Self.longestKey {
        pad(indent)
        text += ":"
      }
      write(members[key] ?? .null, afterDash: false, indent: indent + 1, pointer: place)
    }
  }

  private mutating func write(_ value: JSON, afterDash: Bool, indent: Int, pointer: String) {
    switch value {
    case .array(let elements) where !elements.isEmpty:
      text += "\n"
      write(elements, indent: indent, pointer: pointer)
    case .object(let members) where !members.isEmpty:
      let first = keys(of: members, at: pointer).first ?? ""
      let hasComment = writer.comments["\(pointer)/\(first.pointerToken)"] != nil
      let continuesLine = afterDash && !hasComment
      text += continuesLine ? " " : "\n"
      write(members, indent: indent, pointer: pointer, continuesLine: continuesLine)
    default: text += " \(Self.flow(value))\n"
    }
  }

  private mutating func pad(_ indent: Int) {
    text += String(repeating: "  ", count: indent)
  }

  private func keys(of members: [String: JSON], at pointer: String) -> [String] {
    let sorted = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard case .given(let orders) = writer.keyOrder, let order = orders[pointer] else {
      return sorted
    }
    var seen: Set<String> = []
    return (order + sorted).filter { members[$0] != nil && seen.insert($0).inserted }
  }

  /// Whether every YAML reader takes a plain key for this very string.
  private static func isPlain(_ key: String) -> Bool {
    let isLetter = { (byte: UInt8) in (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F }
    guard let first = key.utf8.first, isLetter(first), !words.contains(key.lowercased()) else {
      return false
    }
    return key.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
  }

  /// What some reader of YAML 1.1 or 1.2 takes for a boolean, null or number, in any case.
  private static let words: Set<String> = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nil", "none", "nan", "inf",
    "infinity",
  ]
}

extension String {
  /// The key as a token of a JSON pointer (RFC 6901).
  package var pointerToken: String {
    utf8.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
      ? unicodeScalars.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined() : self
  }
}
