import Foundation

/// Random choices from a seed, so that a failure can be replayed: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The seeds of a property's runs; BACKBONE_TEST_SEED replays one.
  static func seeds(_ count: Int) -> [UInt64] {
    let chosen = ProcessInfo.processInfo.environment["BACKBONE_TEST_SEED"].flatMap { UInt64($0) }
    return chosen.map { [$0] } ?? (1...UInt64(count)).map { $0 }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// One of several; the collection is not empty.
  mutating func one<Choices: Collection>(of choices: Choices) -> Choices.Element {
    let offset = Int.random(in: 0..<choices.count, using: &self)
    return choices[choices.index(choices.startIndex, offsetBy: offset)]
  }

  /// Whether something happens that does so in one of a number of cases.
  mutating func happens(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

  /// A text of random scalars, with what YAML, JSON, shells and Kubernetes treat specially among
  /// them.
  mutating func text(upTo length: Int = 8) -> String {
    (0..<Int.random(in: 0...length, using: &self)).map { _ in
      happens(oneIn: 4) ? String(scalar()) : one(of: Self.fragments)
    }.joined()
  }

  private mutating func scalar() -> Unicode.Scalar {
    let limit: UInt32 = Bool.random(using: &self) ? 0x300 : 0x10FFFF
    return Unicode.Scalar(UInt32.random(in: 0...limit, using: &self)) ?? "\u{FFFD}"
  }

  private static let fragments: [String] = [
    "$", "$$", "$(", "$(A)", "$$(A)", "$(A", ")", "(", "A", "a", "0", "-", " ", "\n", "\t", "\r\n",
    "\"", "\\", "'", "é", "e\u{301}", "👨‍👩‍👧", "\u{202E}", "\u{1B}[31m", "{{", "}}", ":", "#",
    "true", "~",
    "1e3", "0x1F", ",", "=",
  ]
}
