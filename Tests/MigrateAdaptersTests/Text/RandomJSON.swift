import Foundation
import MigratePlanning

/// Random trees and awkward strings from a seed that can be set to replay a failure.
struct RandomJSON: RandomNumberGenerator {
  private var state: UInt64

  /// The seed: BACKBONE_TEST_SEED, or the one given.
  static func seed(_ usual: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment["BACKBONE_TEST_SEED"].flatMap { UInt64($0) } ?? usual
  }

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  private static let fragments: [String] = [
    "y", "N", "yes", "on", "null", "~", "1:30", "0123", "0o17", "1e3", "0x1F", "1_000", ".inf",
    "2001-01-01", "<<", "=", "", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n", "\u{85}", "\u{A0}",
    "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}", "\u{7F}", "\u{80}", "\u{9F}",
    "\u{1B}[31m", "\u{0}", "\u{7}", "\u{202E}", "é", "e\u{301}", "😀", "👨‍👩‍👧", "\u{10FFFF}",
    "\u{1FFFE}", "\u{E000}", "\u{D7FF}", "'", "\"", "\\", "\\n", "\\u0041", "/", "#", " #", ": ",
    ":", "-", "- ", "? ", "[", "]", "{", "}", ",", "&a", "*a", "!", "!!str", "|", ">", "%", "@",
    "`", "---", "...", "\n---\n", "$(VAR)", "{{ .x }}", "${x}", "a", "B", "_", "0", "key", "name",
  ]

  mutating func string() -> String {
    (0..<Int.random(in: 0...5, using: &self)).map { _ in
      Int.random(in: 0..<6, using: &self) == 0 ? String(scalar()) : fragment()
    }.joined()
  }

  mutating func tree(depth: Int = 4) -> JSON {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &self) {
    case 0: .null
    case 1: .bool(Bool.random(using: &self))
    case 2: .integer(Int.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &self))
    case 3...5: .string(string())
    case 6, 7:
      .array((0..<Int.random(in: 0...4, using: &self)).map { _ in tree(depth: depth - 1) })
    default: object(depth: depth - 1)
    }
  }

  mutating func object(depth: Int = 4) -> JSON {
    var members: [String: JSON] = [:]
    for _ in 0..<Int.random(in: 0...5, using: &self) {
      members[string()] = tree(depth: depth)
    }
    return .object(members)
  }

  private mutating func fragment() -> String {
    Self.fragments.randomElement(using: &self) ?? ""
  }

  private mutating func scalar() -> Unicode.Scalar {
    let limit: UInt32 = Bool.random(using: &self) ? 0x300 : 0x10FFFF
    return Unicode.Scalar(UInt32.random(in: 0...limit, using: &self)) ?? "\u{FFFD}"
  }
}
