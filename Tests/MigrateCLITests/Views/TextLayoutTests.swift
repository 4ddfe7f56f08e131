import Testing

@testable import MigrateCLI

@Suite struct TextLayoutTests {
  @Test(
    arguments: [
      ("abc", 5, "abc  "), ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("", 2, "  "), ("abc", 1, "…"),
      ("a\nb", 6, "a\\nb  "), ("\u{1B}[31m", 10, "\\u{1b}[31m"), ("äöü", 3, "äöü"),
    ])
  func cellsHaveTheirWidth(text: String, width: Int, cell: String) {
    #expect(TextLayout.cell(text, width: width) == cell)
  }

  @Test(
    arguments: [
      ("one two three", 7, ["one two", "three"]), ("one", 10, ["one"]), ("", 10, [""]),
      ("one  two", 20, ["one two"]), ("abcdefgh", 3, ["abc", "def", "gh"]),
      ("a bcdefg h", 3, ["a", "bcd", "efg", "h"]), ("a\nb c", 10, ["a\\nb c"]),
    ] as [(String, Int, [String])])
  func textsAreBrokenAtSpaces(text: String, width: Int, lines: [String]) {
    #expect(TextLayout.wrapped(text, width: width) == lines)
  }

  @Test(
    arguments: [
      ("one two three", 7, ["one two", "three"]), ("abcdefgh i", 3, ["abcdefgh", "i"]),
      ("then \"helm list -A\" and go on", 10, ["then", "\"helm list -A\"", "and go on"]),
      ("see \"a b\"; or \"c d", 9, ["see", "\"a b\"; or", "\"c d"]), ("", 9, [""]),
    ] as [(String, Int, [String])])
  func messagesAreBrokenBetweenWordsAndCommands(text: String, width: Int, lines: [String]) {
    #expect(TextLayout.brokenBetweenWords(text, width: width) == lines)
  }

  @Test(
    arguments: [
      ("", 0), ("abc", 3), ("äöü", 3), ("a\u{308}", 1), ("日本", 4), ("ｶﾀ", 2), ("ＡＢ", 4),
      ("한글", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("、。", 4), ("が", 2), ("か\u{3099}", 2),
      ("\u{20BB7}", 2), ("🙂", 2), ("🇦🇹", 2), ("👍🏽", 2), ("กำ", 2), ("→…", 2),
    ])
  func widthsAreThoseOfATerminal(text: String, width: Int) {
    #expect(TextLayout.width(of: text) == width)
  }

  @Test(
    arguments: [
      ("日本語", 8, "日本語  "), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"),
      ("日本語", 4, "日… "), ("日本語", 1, "…"), ("a日本", 4, "a日…"),
    ])
  func wideCellsHaveTheirWidth(text: String, width: Int, cell: String) {
    #expect(TextLayout.cell(text, width: width) == cell)
    #expect(TextLayout.width(of: TextLayout.cell(text, width: width)) == width)
  }

  @Test(
    arguments: [
      ("日本 語", 5, ["日本", "語"]), ("日本語", 5, ["日本", "語"]), ("日本語", 1, ["日", "本", "語"]),
      ("a 日本 b", 6, ["a 日本", "b"]),
    ] as [(String, Int, [String])])
  func wideTextsFitTheirLines(text: String, width: Int, lines: [String]) {
    #expect(TextLayout.wrapped(text, width: width) == lines)
  }

  @Test func stylesAreOffWithoutATerminal() {
    let plain = Style(isOn: false)
    #expect(plain.bold("a") == "a" && plain.color("a", .red) == "a" && plain.bold("a", .red) == "a")
    let colourful = Style(isOn: true)
    #expect(colourful.bold("a") == "\u{1B}[1ma\u{1B}[0m")
    #expect(colourful.color("a", .green) == "\u{1B}[32ma\u{1B}[0m")
    #expect(colourful.bold("", .red) == "")
  }

  /// Measured to its end for each of its lines, such a word took minutes.
  @Test func aLongWordIsBrokenInNoTime() {
    let text = String(repeating: "x", count: 1 << 20)
    let lines = TextLayout.wrapped(text, width: 80)
    #expect(lines.count == (1 << 20) / 80 + 1)
    #expect(TextLayout.cell(text, width: 10) == "xxxxxxxxx…")
    #expect(
      TextLayout.cell("a" + String(repeating: "\u{301}", count: 100_000), width: 3).count == 3)
  }

  @Test func aMessageThatNobodyWouldReadIsCut() {
    #expect(TextLayout.message("a\nb") == "a\\nb")
    for text in ["x", "\u{1B}", "日"] {
      let message = TextLayout.message(String(repeating: text, count: 1 << 18))
      #expect(message.hasSuffix("…") && message.utf8.count < 13_000)
    }
  }
}
