import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct CodecTests {
  /// Texts and what ECMAScript's `parseInt(text)` gives; nil for NaN.
  static let numbers: [(text: String, number: Int?)] = [
    ("0", 0), ("8883", 8883), ("08883", 8883), ("+8883", 8883), ("-8883", -8883), ("-0", 0),
    ("  8883", 8883), ("\t\n\u{B}\u{C}\r 8883", 8883), ("\u{A0}\u{FEFF}\u{2028}8883", 8883),
    ("\u{3000}\u{1680}\u{200A}8883", 8883), ("8883 ", 8883), ("8883abc", 8883), ("8883.9", 8883),
    ("8_883", 8), ("8,883", 8), ("1e3", 1), ("0x1F", 31), ("0X1f", 31), ("-0x10", -16),
    ("0x1g", 1), ("0b11", 0), ("0o17", 0), ("00x10", 0), ("9007199254740992", 1 << 53),
    ("0x20000000000000", 1 << 53),
    ("", nil), (" ", nil), ("abc", nil), ("x10", nil), ("0x", nil), ("0xg", nil), ("+", nil),
    ("-", nil), ("--1", nil), ("- 1", nil), (".5", nil), ("NaN", nil), ("Infinity", nil),
    ("\u{85}1", nil), ("\u{180E}1", nil), ("\u{200B}1", nil), ("\u{661}", nil), ("\u{FF11}", nil),
    ("true", nil), ("tcp://10.0.0.1:6379", nil),
  ]

  @Test(arguments: numbers)
  func numbersAreReadAsByParseInt(text: String, number: Int?) {
    #expect(Codec.parseInt(text) == number)
    for codec in [Codec.port, .integer] {
      #expect(codec.meaning(of: text) == number.map(Codec.Meaning.number) ?? .notANumber)
    }
  }

  @Test(arguments: ["9007199254740993", "99999999999999999999", "0x20000000000001"])
  func numbersThatAreNotExactAreNoNumbers(text: String) {
    #expect(Codec.parseInt(text) == nil)
    #expect(Codec.integer.value(of: text) == nil)
  }

  @Test(
    arguments: [
      ("true", true), ("True", false), ("TRUE", false), ("1", false), ("yes", false),
      ("on", false), ("", false), (" true", false), ("true ", false), ("true\n", false),
      ("\"true\"", false), ("false", false), ("tru\u{435}", false),
    ])
  func flagsAreOnForExactlyTrue(text: String, isOn: Bool) {
    #expect(Codec.flag.meaning(of: text) == .flag(isOn))
    #expect(Codec.flag.value(of: text) == .bool(isOn))
  }

  @Test(
    arguments: [
      ("1", 1), ("65535", 65535), ("0x50", 80), ("08080", 8080), ("0", nil), ("65536", nil),
      ("-1", nil), ("http", nil), ("", nil),
    ] as [(String, Int?)])
  func portsAreWholeNumbersFrom1To65535(text: String, port: Int?) {
    #expect(Codec.port.value(of: text) == port.map(JSON.integer))
  }

  @Test(
    arguments: [("0", 0), ("15", 15), ("70000", 70000), ("-1", nil), ("ten", nil)]
      as [(String, Int?)])
  func integersAreWholeNumbersFrom0Up(text: String, number: Int?) {
    #expect(Codec.integer.value(of: text) == number.map(JSON.integer))
  }

  @Test(arguments: ["", "true", "0123", " x ", "e\u{301}", "\u{0}"])
  func textsStayAsTheyAre(text: String) {
    #expect(Codec.text.meaning(of: text) == .text(.string(text)))
    #expect(Codec.text.value(of: text) == .string(text))
  }

  @Test func textsAreComparedByteForByte() {
    #expect(Codec.text.meaning(of: "\u{E9}") != Codec.text.meaning(of: "e\u{301}"))
  }

  @Test(arguments: SeededGenerator.seeds(200))
  func valuesMeanWhatTheTextMeant(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for codec in Codec.allCases {
      let text =
        random.happens(oneIn: 2) ? random.text() : String(Int.random(in: 0...70000, using: &random))
      guard let value = codec.value(of: text) else { continue }
      let written = value.string ?? value.canonical
      #expect(codec.meaning(of: written) == codec.meaning(of: text), "\(codec): \(text)")
    }
  }
}
