/// Encodes values as JSON trees, without the way through text.
struct JSONTreeEncoder: Encoder {
  /// A place in the tree that is being made.
  final class Node {
    private enum Content {
      case value(JSON)
      case members([String: Node])
      case elements([Node])
    }

    private var content = Content.value(.null)

    /// The tree below this place.
    var json: JSON {
      switch content {
      case .value(let json): json
      case .members(let members): .object(members.mapValues(\.json))
      case .elements(let elements): .array(elements.map(\.json))
      }
    }

    func set(_ json: JSON) { content = .value(json) }

    func becomeObject() {
      if case .members = content { return }
      content = .members([:])
    }

    func becomeArray() {
      if case .elements = content { return }
      content = .elements([])
    }

    func member(_ key: String) -> Node {
      let node = Node()
      if case .members(var members) = content {
        content = .value(.null)
        members[key] = node
        content = .members(members)
      }
      return node
    }

    func element() -> Node {
      let node = Node()
      if case .elements(var elements) = content {
        content = .value(.null)
        elements.append(node)
        content = .elements(elements)
      }
      return node
    }

    var count: Int {
      if case .elements(let elements) = content { return elements.count }
      return 0
    }

    func encode<Value: Encodable>(_ value: Value, _ path: [any CodingKey]) throws {
      switch value {
      case let value as JSON: set(value)
      case let value as String: set(.string(value))
      case let value as Bool: set(.bool(value))
      case let value as Int: set(.integer(value))
      default: try value.encode(to: JSONTreeEncoder(node: self, codingPath: path))
      }
    }
  }

  let node: Node
  var codingPath: [any CodingKey] = []
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    node.becomeObject()
    return KeyedEncodingContainer(Keyed<Key>(node: node, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    node.becomeArray()
    return Unkeyed(node: node, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    Single(node: node, codingPath: codingPath)
  }

  private struct Keyed<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: Node
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { node.member(key.stringValue).set(.null) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
      try node.member(key.stringValue).encode(value, codingPath + [key])
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { encoder(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
      encoder(key).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
      JSONTreeEncoder(node: node.member("super"), codingPath: codingPath)
    }

    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: Key) -> JSONTreeEncoder {
      JSONTreeEncoder(node: node.member(key.stringValue), codingPath: codingPath + [key])
    }
  }

  private struct Unkeyed: UnkeyedEncodingContainer {
    let node: Node
    let codingPath: [any CodingKey]
    var count: Int { node.count }

    func encodeNil() { node.element().set(.null) }

    func encode<Value: Encodable>(_ value: Value) throws {
      try node.element().encode(value, codingPath)
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> { encoder().container(keyedBy: type) }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }

    func superEncoder() -> any Encoder { encoder() }

    private func encoder() -> JSONTreeEncoder {
      JSONTreeEncoder(node: node.element(), codingPath: codingPath)
    }
  }

  private struct Single: SingleValueEncodingContainer {
    let node: Node
    let codingPath: [any CodingKey]

    func encodeNil() { node.set(.null) }
    func encode(_ value: Bool) { node.set(.bool(value)) }
    func encode(_ value: String) { node.set(.string(value)) }
    func encode(_ value: Double) { node.set(.number("\(value)")) }
    func encode(_ value: Float) { node.set(.number("\(value)")) }
    func encode(_ value: Int) { node.set(.integer(value)) }
    func encode(_ value: Int8) { node.set(.number(String(value))) }
    func encode(_ value: Int16) { node.set(.number(String(value))) }
    func encode(_ value: Int32) { node.set(.number(String(value))) }
    func encode(_ value: Int64) { node.set(.number(String(value))) }
    func encode(_ value: UInt) { node.set(.number(String(value))) }
    func encode(_ value: UInt8) { node.set(.number(String(value))) }
    func encode(_ value: UInt16) { node.set(.number(String(value))) }
    func encode(_ value: UInt32) { node.set(.number(String(value))) }
    func encode(_ value: UInt64) { node.set(.number(String(value))) }

    func encode<Value: Encodable>(_ value: Value) throws {
      try value.encode(to: JSONTreeEncoder(node: node, codingPath: codingPath))
    }
  }
}
