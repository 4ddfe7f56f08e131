/// Random choices that a seed, a target's name and an index decide: SplitMix64.
package struct FuzzRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64, target: String, index: UInt64) {
    state = seed &* 0xD134_2543_DE82_EF95 &+ index
    for byte in target.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    _ = next()
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number below a limit; 0 for a limit of 0.
  mutating func below(_ limit: Int) -> Int {
    limit <= 1 ? 0 : Int.random(in: 0..<limit, using: &self)
  }

  /// One of several; nil when there are none.
  mutating func one<Choices: Collection>(of choices: Choices) -> Choices.Element? {
    guard !choices.isEmpty else { return nil }
    return choices[choices.index(choices.startIndex, offsetBy: below(choices.count))]
  }

  /// Whether something happens that does so in one of a number of cases.
  mutating func happens(oneIn count: Int) -> Bool { below(count) == 0 }
}
