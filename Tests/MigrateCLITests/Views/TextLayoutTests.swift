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

  @Test func stylesAreOffWithoutATerminal() {
    let plain = Style(isOn: false)
    #expect(plain.bold("a") == "a" && plain.color("a", .red) == "a" && plain.bold("a", .red) == "a")
    let colourful = Style(isOn: true)
    #expect(colourful.bold("a") == "\u{1B}[1ma\u{1B}[0m")
    #expect(colourful.color("a", .green) == "\u{1B}[32ma\u{1B}[0m")
    #expect(colourful.bold("", .red) == "")
  }
}
