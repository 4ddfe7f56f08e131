import Testing

@testable import MigrateAdapters

/// What of kubectl's standard error is for the user.
@Suite struct LastWordsTests {
  private static let log = "E1130 07:00:00.123456   12 proxy_server.go:147] Error while proxying\n"

  private func passed(_ pieces: [String]) -> (passed: String, words: String) {
    var words = LastWords()
    var text = ""
    for piece in pieces { text += String(decoding: words.take(Array(piece.utf8)), as: UTF8.self) }
    return (text, words.text)
  }

  @Test(arguments: [
    (["Enter code: "], "Enter code: "), (["Enter ", "code: ", "\nok\n"], "Enter code: \nok\n"),
    ([log], ""), (["E", "1130 07:00:00 x\n", "To sign in\n"], "To sign in\n"),
    (["Error: no\n"], "Error: no\n"), (["E", "nter"], "Enter"), (["I11"], ""),
    (["\n"], "\n"), ([log, "W0101 x\n", "I am\n"], "I am\n"),
  ])
  func allButItsLogIsForTheUser(pieces: [String], text: String) {
    #expect(passed(pieces).passed == text)
  }

  @Test func theLastWordsHaveNoLog() {
    #expect(passed([Self.log, "error: context \"x\" does not exist\n"]).words.hasPrefix("error: "))
  }

  @Test func endlessWordsAreCut() {
    let (_, words) = passed([String](repeating: String(repeating: "x", count: 9_000), count: 40))
    #expect(words.utf8.count <= 2_048)
  }
}
