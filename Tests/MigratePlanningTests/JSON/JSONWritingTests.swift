import MigratePlanning
import Testing

@Suite struct JSONWritingTests {
  private let tree: JSON = [
    "b": [1, .number("1.50"), .number("12345678901234567890"), .null, true, [], [:]],
    "a": ["é": "x", "z": "y"],
  ]

  @Test func canonicalSortsKeysAndKeepsNumberText() {
    #expect(
      tree.canonical
        == #"{"a":{"z":"y","é":"x"},"b":[1,1.50,12345678901234567890,null,true,[],{}]}"#)
  }

  @Test func canonicalOrdersKeysByScalarNotByUTF16() {
    // U+FFFD sorts before U+1F600 by scalar and by UTF-8, after it by UTF-16.
    let tree: JSON = ["\u{1F600}": 1, "\u{FFFD}": 2]
    #expect(tree.canonical == "{\"\u{FFFD}\":2,\"\u{1F600}\":1}")
  }

  @Test func canonicalEscapesOnlyWhatJSONRequires() {
    let text: JSON = "\"\\/\u{8}\t\n\u{C}\r\u{0}\u{1F}\u{7F}\u{85}\u{2028}"
    #expect(text.canonical == #""\"\\/\b\t\n\f\r\u0000\u001f"# + "\u{7F}\u{85}\u{2028}\"")
  }

  @Test func prettyIsIndented() {
    let text = """
      {
        "a": {
          "z": "y",
          "é": "x"
        },
        "b": [
          1,
          1.50,
          12345678901234567890,
          null,
          true,
          [],
          {}
        ]
      }
      """
    #expect(tree.pretty == text)
  }

  @Test(
    arguments: [
      (0x1B, "001b"), (0x7F, "007f"), (0x85, "0085"), (0x9B, "009b"), (0x61C, "061c"),
      (0x200E, "200e"), (0x200F, "200f"), (0x2028, "2028"), (0x2029, "2029"), (0x202A, "202a"),
      (0x202E, "202e"), (0x2066, "2066"), (0x2069, "2069"), (0xFEFF, "feff"), (0xFFFE, "fffe"),
      (0xFFFF, "ffff"),
    ] as [(UInt32, String)])
  func prettyNeverObeysATerminal(value: UInt32, digits: String) throws {
    let scalar = try #require(Unicode.Scalar(value))
    #expect(JSON.string("a\(scalar)b").pretty == #""a\u\#(digits)b""#)
    #expect(String(scalar).jsonQuoted == #""\u\#(digits)""#)
  }

  @Test func valuesTextEscapesWhatYAMLWouldChange() {
    let text: JSON = "\u{7F}\u{80}\u{85}\u{9F}\u{A0}\u{2028}\u{2029}\u{FEFF}\u{FFFE}\u{FFFF}😀/"
    let escaped = #""\u007f\u0080\u0085\u009f"# + "\u{A0}" + #"\u2028\u2029\ufeff\ufffe\uffff😀/""#
    #expect(text.valuesText == escaped)
  }
}
