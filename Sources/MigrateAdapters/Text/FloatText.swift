/// Writes numbers as Go does, so that a number means the same text here and in Helm.
enum FloatText {
  /// The text of Go's `encoding/json`: plain from 1e-6 up to 1e21, with an exponent outside.
  static func json(_ value: Double) -> String {
    let (sign, digits, point) = decimal("\(value)")
    if value != 0 && !(1e-6..<1e21).contains(abs(value)) {
      return sign + exponential(digits, point: point, exponentDigits: 1)
    }
    return sign + plain(digits, point: point)
  }

  /// The text that sigs.k8s.io/yaml makes of a float that is a key: float32 precision, `%g`.
  static func key(_ value: Double) -> String {
    let value = Float(value)
    if value.isNaN { return ".nan" }
    if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
    let (sign, digits, point) = decimal("\(value)")
    return value != 0 && (point - 1 < -4 || point - 1 >= 6)
      ? sign + exponential(digits, point: point, exponentDigits: 2)
      : sign + plain(digits, point: point)
  }

  /// The sign, the significant digits and where the point stands among them.
  private static func decimal(_ text: String) -> (sign: String, digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    var rest = text.utf8[...]
    let sign = rest.first == UInt8(ascii: "-") ? "-" : ""
    if !sign.isEmpty { rest.removeFirst() }
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "."): point = digits.count
      case UInt8(ascii: "e"):
        exponent = Int(String(rest) ?? "") ?? 0
        rest = rest[rest.endIndex...]
      default: digits.append(byte)
      }
    }
    var place = (point ?? digits.count) + exponent
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    place -= zeros
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return digits.isEmpty ? (sign, [UInt8(ascii: "0")], 1) : (sign, digits, place)
  }

  private static func plain(_ digits: [UInt8], point: Int) -> String {
    if point <= 0 {
      return "0." + String(repeating: "0", count: -point) + String(decoding: digits, as: UTF8.self)
    }
    let whole = String(decoding: digits.prefix(point), as: UTF8.self)
    let zeros = String(repeating: "0", count: max(0, point - digits.count))
    let fraction = String(decoding: digits.dropFirst(point), as: UTF8.self)
    return whole + zeros + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func exponential(
    _ digits: [UInt8], point: Int, exponentDigits: Int
  ) -> String {
    let fraction = String(decoding: digits.dropFirst(), as: UTF8.self)
    let size = String(abs(point - 1))
    return String(decoding: digits.prefix(1), as: UTF8.self)
      + (fraction.isEmpty ? "" : "." + fraction)
      + (point - 1 < 0 ? "e-" : "e+")
      + String(repeating: "0", count: max(0, exponentDigits - size.count)) + size
  }
}
