import FoundationEssentials

extension JSON: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let text = try? container.decode(String.self) {
      self = .string(text)
    } else if let truth = try? container.decode(Bool.self) {
      self = .bool(truth)
    } else if let number = try? container.decode(Int64.self) {
      self = .number(String(number))
    } else if let number = try? container.decode(Decimal.self) {
      self = .number(number.description)
    } else if let elements = try? container.decode([JSON].self) {
      self = .array(elements)
    } else {
      self = .object(try container.decode([String: JSON].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let truth): try container.encode(truth)
    case .number(let text):
      if let number = Int64(text) {
        try container.encode(number)
      } else if let number = Decimal(string: text) {
        try container.encode(number)
      } else {
        try container.encode(text)
      }
    case .string(let text): try container.encode(text)
    case .array(let elements): try container.encode(elements)
    case .object(let members): try container.encode(members)
    }
  }

  /// The JSON that a value encodes itself as.
  ///
  /// - Throws: what the value's own encoding throws.
  package init<Value: Encodable>(encoding value: Value) throws {
    let root = JSONTreeEncoder.Node()
    try root.encode(value, [])
    self = root.json
  }
}
