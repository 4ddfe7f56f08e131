/// Random numbers that come out the same for the same seed: SplitMix64.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One of the elements; they must not be empty.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &self)]
  }

  /// A number of different elements in random order; all of them when there are fewer.
  mutating func pick<Element>(_ count: ClosedRange<Int>, of elements: [Element]) -> [Element] {
    Array(elements.shuffled(using: &self).prefix(Int.random(in: count, using: &self)))
  }

  /// True once in so many times.
  mutating func oneIn(_ times: Int) -> Bool { Int.random(in: 1...times, using: &self) == 1 }

  /// Letters and digits that nobody else writes by chance.
  mutating func word(_ count: Int) -> String {
    String((0..<count).map { _ in pick(Array("abcdefghjkmnpqrstvwxyz23456789")) })
  }
}
