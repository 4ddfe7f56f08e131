import Foundation

/// Looks for secrets in what programs left, in every spelling, in a time that grows with the bytes
/// alone.
///
/// The core of each secret is of letters and digits only, which no quoting changes: what JSON,
/// YAML, Go, a shell or a URL make of the text around it, the core stays. It is looked for by
/// halves, so that what was cut in two, or cut short, is found as well.
struct SecretSearch: Sendable {
  /// Where each spelling of each half begins, by its first eight bytes.
  private var spellings: [UInt64: [(text: [UInt8], place: String)]] = [:]
  /// Whether a spelling begins with these two bytes: most places are told by that.
  private var beginnings = [Bool](repeating: false, count: 1 << 16)

  /// Takes the cores of secrets, by the places where they were put.
  init(_ cores: [(place: String, core: String)]) {
    for (place, core) in cores {
      let bytes = Array(core.utf8)
      let half = bytes.count / 2
      for part in [Array(bytes[..<half]), Array(bytes[half...])] {
        for spelling in Self.spellings(of: part) {
          spellings[Self.word(spelling[...]), default: []].append((spelling, place))
          beginnings[Int(spelling[0]) << 8 | Int(spelling[1])] = true
        }
      }
    }
  }

  /// The places of the secrets that stand in some bytes.
  func found(in bytes: [UInt8]) -> Set<String> {
    var found: Set<String> = []
    guard bytes.count >= 8 else { return found }
    bytes.withUnsafeBufferPointer { bytes in
      beginnings.withUnsafeBufferPointer { beginnings in
        var last = Int(bytes[0])
        var index = 1
        let count = bytes.count
        while index < count {
          let next = Int(bytes[index])
          if beginnings[last << 8 | next], index + 7 <= count {
            let rest = Array(bytes[(index - 1)..<min(count, index + 63)])
            for spelling in spellings[Self.word(rest[...])] ?? []
            where rest.starts(with: spelling.text) {
              found.insert(spelling.place)
            }
          }
          last = next
          index += 1
        }
      }
    }
    return found
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A text of letters and digits as it is, in hexadecimal digits, and as Base64 has it, in both
  /// its alphabets, wherever it begins.
  private static func spellings(of text: [UInt8]) -> [[UInt8]] {
    let digits = text.map { String($0, radix: 16) }.joined()
    let encoded = (0..<3).map { offset -> String in
      let padded = Data([UInt8](repeating: 0x20, count: offset) + text)
      // The digits at both ends depend on what stands beside the text.
      let first = (offset * 8 + 5) / 6
      let end = (offset + text.count) * 8 / 6
      return String(Array(padded.base64EncodedString())[first..<end])
    }
    let urls = encoded.map { $0.replacing("+", with: "-").replacing("/", with: "_") }
    return Set([digits, digits.uppercased()] + encoded + urls).map { Array($0.utf8) } + [text]
  }
}
