/// How the broker reads a variable, and so how its value is written among the values.
///
/// The broker's flags are on only for the exact text `true`; its numbers are read by JavaScript's
/// `parseInt`, which takes leading digits and forgets the rest.
package enum Codec: String, Sendable, CaseIterable {
  /// The text as it is.
  case text
  /// On for the exact text `true`, off for everything else.
  case flag
  /// A TCP port.
  case port
  /// A whole number from 0 up that fits 32 bits: helm makes floats of larger ones.
  case integer

  /// What the broker makes of a text.
  package enum Meaning: Hashable, Sendable {
    /// A JSON string, for its exact equality.
    case text(JSON)
    case flag(Bool)
    case number(Int)
    /// A text in which the broker finds no number.
    case notANumber
  }

  /// What the broker makes of a text.
  package func meaning(of text: String) -> Meaning {
    switch self {
    case .text: .text(.string(text))
    case .flag: .flag(text == "true")
    case .port, .integer: Self.parseInt(text).map(Meaning.number) ?? .notANumber
    }
  }

  /// The value that means the same among the values; nil when the target cannot be given one.
  package func value(of text: String) -> JSON? {
    switch meaning(of: text) {
    case .text(let text): text
    case .flag(let on): .bool(on)
    case .number(let number):
      self == .integer
        ? ((0...Int(Int32.max)).contains(number) ? .integer(number) : nil)
        : ((1...65535).contains(number) ? .integer(number) : nil)
    case .notANumber: nil
    }
  }

  /// ECMAScript's parseInt without a radix: white space, a sign, then decimal digits, or
  /// hexadecimal ones after `0x`; nil for NaN and for what exceeds 2^53, where it is not exact.
  package static func parseInt(_ text: String) -> Int? {
    var scalars = text.unicodeScalars.drop { whiteSpace.contains($0.value) }
    var sign = 1
    if let first = scalars.first, first == "-" || first == "+" {
      sign = first == "-" ? -1 : 1
      scalars = scalars.dropFirst()
    }
    var radix = 10
    if scalars.starts(with: ["0", "x"]) || scalars.starts(with: ["0", "X"]) {
      radix = 16
      scalars = scalars.dropFirst(2)
    }
    var number = 0
    var digits = 0
    for scalar in scalars {
      guard scalar.isASCII, let digit = Character(scalar).hexDigitValue, digit < radix else {
        break
      }
      number = number * radix + digit
      digits += 1
      if number > 1 << 53 { return nil }
    }
    return digits == 0 ? nil : sign * number
  }

  /// ECMAScript's WhiteSpace and LineTerminator.
  private static let whiteSpace: Set<UInt32> = [
    0x9, 0xA, 0xB, 0xC, 0xD, 0x20, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
    0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF,
  ]
}
