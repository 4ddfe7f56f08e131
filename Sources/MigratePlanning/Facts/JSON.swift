/// A value as Kubernetes and Helm exchange it: the one shape that YAML, JSON, values, manifests and
/// reports are read into and written from.
///
/// Numbers keep the text they were written with, so that `12345678901234567890` and `6379` come out
/// as they went in; ``==`` compares that text.
package indirect enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number by its JSON text, such as `8883` or `1.5e3`.
  case number(String)
  case string(String)
  case array([JSON])
  case object([String: JSON])
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .number(String(value)) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(nilLiteral: ()) { self = .null }
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
