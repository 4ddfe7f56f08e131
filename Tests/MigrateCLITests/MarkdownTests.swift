import Foundation
import MigratePlanning
import Testing

@testable import MigrateCLI

struct MarkdownTests {
  /// Put together anew for each word, an open bracket took minutes.
  @Test func anOpenBracketTakesNoTime() {
    let text = "[" + String(repeating: " x", count: 200_000)
    #expect(Markdown.prose(text).utf8.count < 3 * text.utf8.count)
  }

  @Test(arguments: [
    ("HTTP_PORT", "`HTTP_PORT`"),
    ("", "`\"\"`"),
    (" a", "`  a `"),
    ("a\nb", "`a\\nb`"),
    ("a|b", "<code>a&#124;b</code>"),
    ("``", "<code>&#96;&#96;</code>"),
    ("<img src=x>", "<code>&#60;img src&#61;x&#62;</code>"),
    ("|\u{301}", "<code>&#124;\u{301}</code>"),
    ("\u{202E}abc", "`\\u{202e}abc`"),
    ("@everyone", "`@everyone`"),
  ])
  func aTextIsCodeThatItCannotLeave(text: String, markdown: String) {
    #expect(Markdown.code(text) == markdown)
  }

  @Test(arguments: [
    (
      "variable \"HTTP_PORT\" is no port from 1 to 65535",
      "variable `HTTP_PORT` is no port from 1 to 65535"
    ),
    ("read from Secret \"broker\", which stays", "read from Secret `broker`, which stays"),
    ("set it with --set image.tag", "set it with `--set` image.tag"),
    ("see -o values; 1–2 of 80% (both)", "see `-o` values; 1–2 of 80% (both)"),
    ("from {} to {\"a\":\"b c\"}", "from `{}` to `{\"a\":\"b c\"}`"),
    ("ask @octocat about #1", "ask `@octocat` about `#1`"),
    ("[a b](http://x) c", "`[a b](http://x`) c"),
    ("see http://x/ and www.x.org, GH-1", "see `http://x/` and `www.x.org`, `GH-1`"),
    ("*a* _b_ ~~c~~ $d$ :e:", "`*a*` `_b_` `~~c~~` `$d$` `:e`:"),
    ("commit deadbeef", "commit `deadbeef`"),
    ("a <b>c</b> & d", "a <code>&#60;b&#62;c&#60;&#47;b&#62;</code> <code>&#38;</code> d"),
    ("an open { stays code", "an open `{ stays code`"),
    ("\"\" and \"", "\"\" and \""),
  ])
  func aSentenceKeepsItsWordsAndHidesMarkup(text: String, markdown: String) {
    #expect(Markdown.prose(text) == markdown)
  }

  @Test func aFenceIsLongerThanAnyRunOfBackticksWithin() {
    #expect(Markdown.fenced("a", as: "sh") == "```sh\na\n```")
    #expect(Markdown.fenced("````\n", as: "") == "`````\n````\n`````")
  }

  @Test func noTextBreaksATableOrBecomesHTML() {
    var random = SeededGenerator(seed: 20_261_123)
    for _ in 0..<3_000 {
      let cells = (0..<4).map { _ in AwkwardText.make(&random) }
      let table = Markdown.table(["a", "b", "c", "d"], [cells.map(Markdown.code)])
      let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 3)
      #expect(table.unicodeScalars.filter { $0 == "|" }.count == 15, "\(cells)")
      for cell in cells {
        for shown in [Markdown.code(cell), Markdown.prose(cell)] {
          #expect(MarkdownCheck.isHarmless(shown), "\(cell.debugDescription) → \(shown)")
        }
      }
    }
  }
}

/// What must hold for Markdown that was made of anybody's text.
enum MarkdownCheck {
  /// Whether no tag but our own is left, and outside of code nothing that GitHub acts on.
  static func isHarmless(_ markdown: String) -> Bool {
    var rest = markdown
    for tag in ["<code>", "</code>", "<details>", "</details>", "<summary>", "</summary>", "<br>"] {
      // By scalars: a combining mark behind a tag does not hide it.
      rest = rest.replacingOccurrences(of: tag, with: "`", options: .literal)
    }
    guard !rest.unicodeScalars.contains(where: { $0 == "<" || $0 == ">" }) else { return false }
    let pieces = rest.unicodeScalars.split(separator: "`", omittingEmptySubsequences: false)
    // Every second piece is code; backticks come in pairs.
    guard pieces.count % 2 == 1 else { return false }
    return pieces.enumerated().allSatisfy { index, piece in
      index % 2 == 1
        || !piece.contains { "@#[]*_~$&\\{}\n\r\u{2028}\u{202E}".unicodeScalars.contains($0) }
    }
  }
}

/// Random numbers from a seed (SplitMix64), so that a failure can be had again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// Names and values as nobody should choose them.
enum AwkwardText {
  private static let fragments = [
    "|", "\\", "\\|", "\\\\|", "`", "``", "```", "<", ">", "<script>", "</details>", "<!--", "-->",
    "&lt;", "&", "@octocat", "#12", "[x](http://x)", "![x](y)", "http://x", "www.x", "*", "_", "~~",
    "$",
    "{{", "{", "}", "\n", "\r\n", "\r", "\t", "\u{0}", "\u{85}", "\u{2028}", "\u{2029}", "\u{202E}",
    "\u{301}", "\u{200D}", "\u{FEFF}", "😀", "é", "\u{10FFFF}", " ", "  ", "\"", "'", "(", ")", "-",
    "---",
    "# ", "> ", "1. ", "a", "HTTP_PORT", "true", "deadbeef", "GH-7", ":e:",
  ]

  static func make(_ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...6, using: &random)).map { _ in
      if Int.random(in: 0..<8, using: &random) == 0,
        let scalar = Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &random))
      {
        return String(scalar)
      }
      return fragments.randomElement(using: &random) ?? ""
    }.joined()
  }
}
