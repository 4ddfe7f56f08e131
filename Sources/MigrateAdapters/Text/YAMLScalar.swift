import MigratePlanning

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What one YAML scalar means to Helm and kubectl: the rules of go-yaml v2, as sigs.k8s.io/yaml
/// uses it, measured on Helm 3.17, 4.1 and 4.3 (docs/yaml.md).
enum YAMLScalar: Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// An integer above Int64.
  case unsigned(UInt64)
  case float(Double)
  case string(String)

  /// What a plain scalar without a tag means.
  init(plain text: String) { self = Self.resolve(text) }

  /// What a scalar with a tag means, plain or quoted alike; `reason` says why it means nothing.
  init(_ text: String, tag: String) throws(Unreadable) {
    let prefix = "tag:yaml.org,2002:"
    let name = tag.hasPrefix(prefix) ? String(tag.dropFirst(prefix.count)) : ""
    let meaning = Self.resolve(text)
    switch (name, meaning) {
    case ("bool", .bool), ("null", .null), ("float", .float), ("int", .integer), ("int", .unsigned):
      self = meaning
    case ("float", .integer(let value)): self = .float(Double(value))
    case ("bool", _), ("null", _), ("float", _), ("int", _):
      throw Unreadable(reason: "this value cannot be read as !!\(name)")
    case ("binary", _):
      let digits = text.filter { !$0.isNewline }
      guard let data = Data(base64Encoded: digits) else {
        throw Unreadable(reason: "a !!binary value is not base64")
      }
      guard let decoded = String(validating: data, as: UTF8.self) else {
        throw Unreadable(reason: "a !!binary value is not UTF-8 text")
      }
      self = .string(decoded)
    default: self = .string(text)
    }
  }

  /// Why a scalar means nothing; never quotes the scalar.
  struct Unreadable: Error { let reason: String }

  /// The scalar as JSON; nil for infinity and not-a-number.
  var json: JSON? {
    switch self {
    case .null: .null
    case .bool(let truth): .bool(truth)
    case .integer(let value): .number(String(value))
    case .unsigned(let value): .number(String(value))
    case .float(let value): value.isFinite ? .number(FloatText.json(value)) : JSON?.none
    case .string(let text): .string(text)
    }
  }

  /// The scalar as the key of a JSON object; nil for null and integers above Int64.
  var key: String? {
    switch self {
    case .null, .unsigned: nil
    case .bool(let truth): truth ? "true" : "false"
    case .integer(let value): String(value)
    case .float(let value): FloatText.key(value)
    case .string(let text): text
    }
  }
}

extension YAMLScalar {
  private static let words: [String: YAMLScalar] = {
    var words: [String: YAMLScalar] = [:]
    for word in ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"] {
      words[word] = .bool(true)
    }
    for word in ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"] {
      words[word] = .bool(false)
    }
    for word in ["", "~", "null", "Null", "NULL"] { words[word] = .null }
    for word in [".inf", ".Inf", ".INF"] {
      words[word] = .float(.infinity)
      words["+" + word] = .float(.infinity)
      words["-" + word] = .float(-.infinity)
    }
    for word in [".nan", ".NaN", ".NAN"] { words[word] = .float(.nan) }
    return words
  }()

  private static func resolve(_ text: String) -> YAMLScalar {
    // The longest word has five characters.
    if text.utf8.count <= 5, let word = words[text] { return word }
    switch text.utf8.first {
    case UInt8(ascii: "."):
      guard underscoresSeparateDigits(text) else { return .string(text) }
      return float(withoutUnderscores(text)) ?? .string(text)
    case UInt8(ascii: "+"), UInt8(ascii: "-"), (0x30...0x39)?:
      let digits = withoutUnderscores(text)
      return integer(digits) ?? float(digits) ?? .string(text)
    default: return .string(text)
    }
  }

  private static func withoutUnderscores(_ text: String) -> Substring {
    text.utf8.contains(UInt8(ascii: "_")) ? Substring(text.filter { $0 != "_" }) : text[...]
  }

  private static func underscoresSeparateDigits(_ text: String) -> Bool {
    let parts = text.utf8.split(
      separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
    let isDigit = { (byte: UInt8?) in byte.map { (0x30...0x39).contains($0) } ?? false }
    return zip(parts, parts.dropFirst()).allSatisfy { isDigit($0.last) && isDigit($1.first) }
  }

  /// Go's `ParseInt` and `ParseUint` with base 0, and go-yaml's own reading of `0b-1`.
  private static func integer(_ text: Substring) -> YAMLScalar? {
    let signed = text.first == "+" || text.first == "-"
    let magnitude = signed ? text.dropFirst() : text
    guard let first = magnitude.utf8.first, (0x30...0x39).contains(first) else { return nil }
    let prefix = magnitude.prefix(2).lowercased()
    let (radix, digits): (Int, Substring) =
      switch prefix {
      case "0x": (16, magnitude.dropFirst(2))
      case "0o": (8, magnitude.dropFirst(2))
      case "0b": (2, magnitude.dropFirst(2))
      default:
        first == 0x30 && magnitude.utf8.count > 1 ? (8, magnitude.dropFirst()) : (10, magnitude)
      }
    // Swift's parser takes a sign, Go's takes none after a prefix, except here.
    if digits.first == "+" || digits.first == "-" {
      guard !signed, magnitude.hasPrefix("0b") else { return nil }
      return Int64(digits, radix: 2).map(YAMLScalar.integer)
    }
    if text.first == "-" { return Int64("-" + digits, radix: radix).map(YAMLScalar.integer) }
    if let value = Int64(digits, radix: radix) { return .integer(value) }
    return signed ? nil : UInt64(digits, radix: radix).map(YAMLScalar.unsigned)
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`; out of range is no float.
  private static func float(_ text: Substring) -> YAMLScalar? {
    var rest = text.utf8
    func takeDigits() -> Substring.UTF8View {
      let digits = rest.prefix { (0x30...0x39).contains($0) }
      rest = rest.dropFirst(digits.count)
      return digits
    }
    func take(_ bytes: UInt8...) -> UInt8? {
      guard let first = rest.first, bytes.contains(first) else { return nil }
      rest = rest.dropFirst()
      return first
    }
    let minus = UInt8(ascii: "-")
    let negative = take(minus, UInt8(ascii: "+")) == minus
    let whole = takeDigits()
    let point = take(UInt8(ascii: ".")) != nil
    let fraction = point ? takeDigits() : rest.prefix(0)
    guard !whole.isEmpty || !fraction.isEmpty else { return nil }
    var exponent = "0"
    if take(UInt8(ascii: "e"), UInt8(ascii: "E")) != nil {
      let sign = take(minus, UInt8(ascii: "+")) == minus ? "-" : ""
      let digits = takeDigits()
      guard !digits.isEmpty else { return nil }
      exponent = sign + String(Substring(digits))
    }
    guard rest.isEmpty else { return nil }
    let number = "\(negative ? "-" : "")0\(Substring(whole)).\(Substring(fraction))0e\(exponent)"
    guard let value = Double(number), value.isFinite else { return nil }
    return .float(value)
  }
}
