import MigrateAdapters
import MigratePlanning
import Testing

@Suite struct JSONReaderTests {
  @Test(
    arguments: [
      ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-0", .number("-0")),
      ("1.50", .number("1.50")), ("1E+3", .number("1E+3")), ("-1.5e-7", .number("-1.5e-7")),
      ("12345678901234567890", .number("12345678901234567890")), ("[]", []), ("{}", [:]),
      ("[1, [2,3] ,{}]", [1, [2, 3], [:]]), ("{\"a\":{\"b\" : null}}", ["a": ["b": .null]]),
      ("\"\\u0041\\n\\/\\\\\\\"\\b\\f\\r\\t\"", "A\n/\\\"\u{8}\u{C}\r\t"),
      ("\"\\ud83d\\ude00\\u0000\"", "😀\u{0}"), ("\"é😀\u{7F}\u{2028}\"", "é😀\u{7F}\u{2028}"),
      ("\u{FEFF}1", 1),
    ] as [(String, JSON)])
  func reads(text: String, value: JSON) throws {
    #expect(try JSONReader().value(text) == value)
  }

  @Test(arguments: [
    ("", "line 1, column 1: the text ends where a value should be"),
    ("{\n  \"a\": 1,\n  \"a\": 2}", "line 3, column 3: key \"a\" is written twice"),
    ("[1,]", "line 1, column 4: unexpected \"]\" where a value should be"),
    ("{\"é\": x}", "line 1, column 7: unexpected \"x\" where a value should be"),
    ("{\"a\":1,}", "line 1, column 8: unexpected \"}\" where a key should be"),
    ("{a:1}", "line 1, column 2: unexpected \"a\" where a key should be"),
    ("[1 2]", "line 1, column 4: unexpected \"2\" in an array"),
    ("{\"a\" 1}", "line 1, column 6: unexpected \"1\" after a key"),
    ("1 2", "line 1, column 3: unexpected \"2\" after the value"),
    ("01", "line 1, column 2: unexpected \"1\" after the value"),
    ("-", "line 1, column 2: the text ends in a number"),
    ("1.", "line 1, column 3: the text ends in a number"),
    ("1e", "line 1, column 3: the text ends in a number"),
    ("+1", "line 1, column 1: unexpected \"+\" where a value should be"),
    ("nul", "line 1, column 1: unexpected \"n\" where a value should be"),
    ("NaN", "line 1, column 1: unexpected \"N\" where a value should be"),
    ("\"a", "line 1, column 3: the text ends in a string"),
    ("\"a\\", "line 1, column 4: the text ends in a string"),
    ("\"\\x\"", "line 1, column 3: unknown escape in a string"),
    ("\"\\ud83d\"", "line 1, column 2: half of a surrogate pair in a string"),
    ("\"\\ud83d\\u0041\"", "line 1, column 2: half of a surrogate pair in a string"),
    ("\"\\ude00\"", "line 1, column 2: half of a surrogate pair in a string"),
    ("\"\\u00g0\"", "line 1, column 6: unexpected \"g\" in a \\u escape"),
    ("\"\t\"", "line 1, column 2: unescaped control character in a string"),
    ("'a'", "line 1, column 1: unexpected \"'\" where a value should be"),
    ("[1 // c\n]", "line 1, column 4: unexpected \"/\" in an array"),
  ])
  func refuses(text: String, reason: String) {
    let error = #expect(throws: TextError.self) { try JSONReader().value(text) }
    #expect(error?.description == reason)
  }

  @Test(
    arguments: [
      ([0x22, 0x61, 0xC3, 0x22], 2), ([0x22, 0x5C, 0x6E, 0xFF, 0x22], 3),
      ([0x22, 0xC0, 0x80, 0x22], 1),
      ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),
    ] as [([UInt8], Int)])
  func refusesWhatIsNotUTF8(bytes: [UInt8], offset: Int) {
    let error = #expect(throws: TextError.self) { try JSONReader().value(bytes) }
    #expect(error?.code == .notUTF8)
    #expect(error?.reason == "byte \(offset) is not UTF-8")
  }

  @Test func refusesDeepNestingWithoutOverflowing() throws {
    for opening in ["[", "{\"a\":"] {
      let text = String(repeating: opening, count: 100_000)
      let error = #expect(throws: TextError.self) { try JSONReader().value(text) }
      #expect(error?.code == .tooLarge)
    }
    let deepest = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    #expect(try JSONReader().value(deepest).canonical == deepest)
  }

  @Test func refusesManyValues() throws {
    var reader = JSONReader()
    reader.maximumValues = 4
    #expect(try reader.value("[1, {\"a\": 2}]") == [1, ["a": 2]])
    let error = #expect(throws: TextError.self) { try reader.value("[1, 2, 3, 4]") }
    #expect(error?.description == "line 1, column 11: more than 4 values")
  }

  @Test func refusesLargeTexts() {
    var reader = JSONReader()
    reader.maximumSize = 3
    #expect(throws: TextError.self) { try reader.value("1234") }
  }

  @Test func readsBackWhatIsWritten() throws {
    let seed = RandomJSON.seed(3)
    var random = RandomJSON(seed: seed)
    for _ in 0..<2_000 {
      let tree = random.tree()
      for text in [tree.canonical, tree.pretty, tree.valuesText] {
        let read = try JSONReader().value(text)
        #expect(Array(read.canonical.utf8) == Array(tree.canonical.utf8), "seed \(seed): \(text)")
      }
    }
  }

  @Test func survivesDamage() throws {
    let seed = RandomJSON.seed(4)
    var random = RandomJSON(seed: seed)
    for _ in 0..<2_000 {
      var bytes = Array(random.tree().canonical.utf8)
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
      if let value = try? JSONReader().value(bytes) {
        #expect(try JSONReader().value(value.canonical) == value, "seed \(seed)")
      }
    }
  }
}
