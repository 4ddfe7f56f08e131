import MigratePlanning

/// GitHub's Markdown, made of texts that may be anybody's.
///
/// Names and values come from a cluster, and a pull request is read by people and machines that act
/// on mentions, links and HTML. Whatever could be one of these stands in code, where nothing acts
/// on it; what could end the code or a table's cell is written as a numeric entity.
enum Markdown {
  /// A text as code, on one line.
  static func code(_ text: String) -> String {
    let text = TextLayout.visible(text.isEmpty ? "\"\"" : text)
    guard text.unicodeScalars.contains(where: endsCode) else {
      let isPadded = text.hasPrefix(" ") || text.hasSuffix(" ")
      return isPadded ? "` \(text) `" : "`\(text)`"
    }
    let escaped = text.unicodeScalars.map { scalar in
      isPlain(scalar) || scalar == " " || !scalar.isASCII ? String(scalar) : "&#\(scalar.value);"
    }
    return "<code>\(escaped.joined())</code>"
  }

  /// A sentence, on one line; each word that is more than letters is code, and so is what stands in
  /// quotes or brackets.
  static func prose(_ text: String) -> String {
    var words: [String] = []
    var open: (words: [Substring], depth: Int) = ([], 0)
    for word in TextLayout.visible(text).split(separator: " ", omittingEmptySubsequences: false) {
      open.words.append(word)
      open.depth += depth(of: word)
      guard open.depth <= 0 else { continue }
      words.append(self.word(open.words.joined(separator: " ").unicodeScalars[...]))
      open = ([], 0)
    }
    if !open.words.isEmpty {
      words.append(word(open.words.joined(separator: " ").unicodeScalars[...]))
    }
    return words.joined(separator: " ")
  }

  /// A fenced block that no line of the text can end.
  static func fenced(_ text: String, as language: String) -> String {
    var longest = 0
    var run = 0
    for scalar in text.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
  }

  /// A table of cells that are Markdown already.
  static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows)
      .map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }

  /// How many braces and brackets a word leaves open.
  private static func depth(of word: Substring) -> Int {
    word.unicodeScalars.reduce(0) { depth, scalar in
      switch scalar {
      case "{", "[": depth + 1
      case "}", "]": depth - 1
      default: depth
      }
    }
  }

  private static func word(_ word: Substring.UnicodeScalarView) -> String {
    var opening = word.prefix { "\"'(".unicodeScalars.contains($0) }
    var rest = word[opening.endIndex...]
    let count = rest.reversed().prefix { "\"'),.;:?!".unicodeScalars.contains($0) }.count
    var closing = rest.suffix(count)
    rest = rest.dropLast(count)
    let core = String(Substring(rest))
    // Code needs no quotes.
    let isQuoted = opening.last == "\"" && closing.first == "\"" && !core.isEmpty
    if isQuoted { (opening, closing) = (opening.dropLast(), closing.dropFirst()) }
    guard isQuoted || !isHarmless(core) else { return String(Substring(word)) }
    return String(Substring(opening)) + code(core) + String(Substring(closing))
  }

  /// Whether nothing reads a word as markup, as an option, as a link or as the name of an issue,
  /// a commit or a person.
  private static func isHarmless(_ word: String) -> Bool {
    let isLetters = word.unicodeScalars.allSatisfy { scalar in
      isPlain(scalar) || "-.,/'%+;…→–".unicodeScalars.contains(scalar)
        || !scalar.isASCII
          && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
    guard isLetters, word.count < 2 || !word.hasPrefix("-") else { return false }
    let lower = word.lowercased()
    return !lower.contains("www.") && !lower.hasPrefix("gh-")
      && (lower.count < 7 || !lower.allSatisfy(\.isHexDigit))
  }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9": true
    default: false
    }
  }

  private static func endsCode(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "`", "|", "<", ">", "&": true
    default: false
    }
  }
}
