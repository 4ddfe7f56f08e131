import Foundation
import MigratePlanning
import Yams

/// A part of a YAML stream between two `---` lines, with the node trees that Yams makes of it.
///
/// Helm and kubectl cut a stream at these lines before they read it, so an anchor is known only in
/// its own part.
struct YAMLSection {
  /// The text, from its `---` line on.
  let text: String
  /// The line of the stream at which the text starts, counted from 1.
  let firstLine: Int

  /// Cuts a stream at its `---` lines; a byte order mark before it is dropped.
  static func sections(of stream: String) -> [YAMLSection] {
    let bytes = stream.utf8
    var sections: [YAMLSection] = []
    var start =
      bytes.starts(with: [0xEF, 0xBB, 0xBF])
      ? bytes.index(bytes.startIndex, offsetBy: 3)
      : bytes.startIndex
    var (line, firstLine) = (1, 1)
    var isPrologue = true
    var lineStart = start
    while lineStart < bytes.endIndex {
      let end = bytes[lineStart...].firstIndex(of: 0x0A) ?? bytes.endIndex
      let content = bytes[lineStart..<end]
      if isMarker(content), lineStart > start {
        if !isPrologue || !bytes[start..<lineStart].contains(UInt8(ascii: "%")) {
          sections.append(
            YAMLSection(text: String(stream[start..<lineStart]), firstLine: firstLine))
          (start, firstLine) = (lineStart, line)
        }
        isPrologue = false
      } else if isPrologue, let first = content.first(where: { $0 != 0x20 && $0 != 0x0D }) {
        isPrologue = first == UInt8(ascii: "#") || content.first == UInt8(ascii: "%")
      }
      guard end < bytes.endIndex else { break }
      lineStart = bytes.index(after: end)
      line += 1
    }
    sections.append(YAMLSection(text: String(stream[start...]), firstLine: firstLine))
    return sections
  }

  private static func isMarker(_ line: Substring.UTF8View) -> Bool {
    guard line.starts(with: "---".utf8) else { return false }
    let after = line.dropFirst(3).first
    return after == nil || after == 0x20 || after == 0x09 || after == 0x0D
  }
}

extension YAMLSection {
  /// A key that Yams took for a duplicate carries a tag that starts so, and no tag of its own.
  static let duplicateTag = "!duplicate-"
  /// The tag that Yams gives a key without one; see ``resolver``.
  static let implicitTag = "implicit"
  /// How many keys of one section may stand twice; every one costs another reading.
  static let maximumDuplicates = 64
  /// How many bytes may be read for that in all.
  static let maximumRereading = 64 << 20

  /// Leaves meaning to us. Yams compares keys by tag and writes the tag it resolved back into the
  /// node, so the tag of a key that has none must be told from `!!str`.
  private static let resolver: Resolver = {
    (try? Resolver.basic.appending(Tag.Name(rawValue: implicitTag), "^")) ?? .basic
  }()

  /// The node trees of the section.
  ///
  /// Yams refuses a mapping that has a key twice, where Go does not. The earlier key is then marked
  /// by a tag and the section read again, which leaves both for ``YAMLComposer`` to judge.
  func roots() throws(TextError) -> [Node] {
    let aliases = AliasCount(of: text)
    try refuseTraps(aliases)
    // libyaml nests a thousand levels itself, and each anchor can add as many.
    let mayNestWithoutEnd = aliases.anchors > 8
    var marked = text
    for count in 0..<Self.maximumDuplicates where count * text.utf8.count <= Self.maximumRereading {
      do {
        let parser = try Parser(yaml: marked, resolver: Self.resolver, encoding: .utf8)
        if mayNestWithoutEnd { _ = Unmanaged.passRetained(Kept(parser)) }
        var roots: [Node] = []
        while let root = try parser.nextRoot() { roots.append(root) }
        if mayNestWithoutEnd { _ = Unmanaged.passRetained(Kept(roots)) }
        return roots
      } catch let YamlError.duplicatedKeysInMapping(keys, context) {
        let key = keys.first.map { " \($0.jsonQuoted)" } ?? ""
        guard let index = Self.index(of: context.mark, in: marked), marked[index...].first != "!"
        else { throw error(.duplicateKey, context.mark, "key\(key) is written twice") }
        marked.insert(contentsOf: "\(Self.duplicateTag)\(count) ", at: index)
      } catch let error as YamlError {
        throw self.error(error, in: marked)
      } catch {
        throw TextError(.syntax, "the text is no YAML")
      }
    }
    throw TextError(
      .duplicateKey, line: firstLine, "more than \(Self.maximumDuplicates) keys are written twice")
  }

  /// Keeps something until the process ends: a tree that aliases made deeper than the stack cannot
  /// be let go of, for Swift does that level by level.
  private final class Kept {
    private let value: Any

    init(_ value: Any) { self.value = value }
  }

  /// Refuses what Yams would read wrongly or without end.
  private func refuseTraps(_ count: AliasCount) throws(TextError) {
    // libyaml skips U+FEFF at the start of a line, Foundation at the start of a string; Go never.
    let lowercase = text.utf8.contains(UInt8(ascii: "\\")) ? text.lowercased() : text
    for mark in ["\u{FEFF}", "\"\\ufeff", "\"\\u0000feff"] {
      guard let place = lowercase.firstPlace(of: mark) else { continue }
      let line = firstLine + lowercase.utf8.prefix(place).count { $0 == 0x0A }
      throw TextError(.unsupported, line: line, "U+FEFF inside the text")
    }
    // Yams hashes keys, and a key made of aliases of aliases takes forever to hash.
    if count.isTrap {
      throw TextError(.tooLarge, line: firstLine, "too many aliases beside keys made of aliases")
    }
  }

  /// Where a mark points to; lines end as libyaml sees them.
  private static func index(of mark: Mark, in text: String) -> String.Index? {
    let scalars = text.unicodeScalars
    var (line, column) = (1, 1)
    var index = scalars.startIndex
    while index < scalars.endIndex {
      if line == mark.line && column == mark.column { return index }
      let scalar = scalars[index]
      index = scalars.index(after: index)
      let isBreak =
        switch scalar {
        case "\n", "\u{85}", "\u{2028}", "\u{2029}": true
        case "\r": index == scalars.endIndex || scalars[index] != "\n"
        default: false
        }
      (line, column) = isBreak ? (line + 1, 1) : (line, column + 1)
    }
    return nil
  }

  private func error(_ code: TextError.Code, _ mark: Mark, _ reason: String) -> TextError {
    TextError(code, line: firstLine + mark.line - 1, column: mark.column, reason)
  }

  private func error(_ error: YamlError, in marked: String) -> TextError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      // libyaml's own limit is 1,000 levels; its words name a function of its C interface.
      problem.hasPrefix("Maximum nesting")
        ? self.error(.tooLarge, mark, "nested too deep") : self.error(.syntax, mark, problem)
    case .reader(let problem, let offset, _, _):
      readerError(problem, before: offset.map { marked.prefix($0) })
    default: TextError(.syntax, line: firstLine, "the text is no YAML")
    }
  }

  private func readerError(_ problem: String, before: Substring?) -> TextError {
    guard let before else { return TextError(.syntax, line: firstLine, problem) }
    let line = before.utf8.lastIndex(of: 0x0A).map { before.utf8.index(after: $0) }
    return TextError(
      .syntax, line: firstLine + before.utf8.count { $0 == 0x0A },
      column: before.unicodeScalars[(line ?? before.startIndex)...].count + 1, problem)
  }
}

extension String {
  /// The number of bytes before the first place where a text stands; nil when it stands nowhere.
  /// The standard library's own search takes a third of the time that reading a manifest takes.
  fileprivate func firstPlace(of text: String) -> Int? {
    var (whole, part) = (self, text)
    return whole.withUTF8 { whole in
      part.withUTF8 { part in
        guard let start = whole.baseAddress, let wanted = part.baseAddress, let first = part.first
        else { return nil }
        var place = 0
        while whole.count - place >= part.count,
          let found = memchr(start + place, Int32(first), whole.count - place)
        {
          place = UnsafeRawPointer(found) - UnsafeRawPointer(start)
          guard whole.count - place >= part.count else { return nil }
          if memcmp(start + place, wanted, part.count) == 0 { return place }
          place += 1
        }
        return nil
      }
    }
  }
}
