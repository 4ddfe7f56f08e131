/// A value as Kubernetes and Helm exchange it: the one shape that YAML, JSON, values, manifests and
/// reports are read into and written from.
///
/// Numbers keep the text they were written with, so that `12345678901234567890` and `6379` come out
/// as they went in. Numbers and strings are equal when their bytes are: Swift's own comparison
/// takes the two ways to write "é" for one, and the broker does not.
package indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  /// A number by its JSON text, such as `8883` or `1.5e3`.
  case number(String)
  case string(String)
  case array([JSON])
  case object([String: JSON])
}

extension JSON: Hashable {
  package static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.number(let left), .number(let right)), (.string(let left), .string(let right)):
      left.isExactly(right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let truth): hasher.combine(truth)
    // Strings that are equal by their bytes hash the same.
    case .number(let text), .string(let text): hasher.combine(text)
    case .array(let elements): hasher.combine(elements)
    case .object(let members): hasher.combine(members)
    }
  }
}

extension String {
  /// Whether two texts are the same byte for byte, which `==` does not ask.
  package func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .number(String(value)) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
  }
}

extension JSON {
  /// A number made of an integer.
  package static func integer(_ value: Int) -> JSON { .number(String(value)) }

  /// The member of an object; nil when this is no object or has no such key.
  package subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  /// The members of an object; empty for anything else.
  package var members: [String: JSON] {
    guard case .object(let members) = self else { return [:] }
    return members
  }

  /// The elements of an array; empty for anything else.
  package var elements: [JSON] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }

  /// The text of a string; nil for anything else.
  package var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The truth of a boolean; nil for anything else.
  package var bool: Bool? {
    guard case .bool(let truth) = self else { return nil }
    return truth
  }

  /// The whole number of a number; nil for anything else.
  package var integer: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }
}
