import Foundation
import MigrateAdapters
import MigratePlanning

/// A JSON Schema with the keywords of draft 2020-12 that the schemas in docs/ use. A keyword that
/// is not known here is an error: it would be a rule that nothing checks.
struct JSONSchema: Sendable {
  private let root: JSON

  private static let annotations: Set<String> = ["$schema", "$defs", "title", "description"]
  private static let keywords: Set<String> = [
    "type", "required", "properties", "items", "enum", "const", "pattern", "anyOf", "$ref",
    "additionalProperties",
  ]
  private static let types: Set<String> = [
    "null", "boolean", "object", "array", "number", "integer", "string",
  ]

  /// Takes a schema and checks it whole.
  ///
  /// - Throws: `TestTrouble` for a keyword or a type that is not known, and a reference to nothing.
  init(_ root: JSON) throws {
    self.root = root
    try check(root, at: "#")
    for (name, definition) in root["$defs"]?.members ?? [:] {
      try check(definition, at: "#/$defs/\(name)")
    }
  }

  /// Reads a schema from its file.
  init(at file: URL) throws {
    try self.init(try JSONReader().value([UInt8](try Data(contentsOf: file))))
  }

  /// What is wrong with a value, by place; empty when nothing is. Closed, a member that the schema
  /// does not name is wrong, too, although later versions may add some.
  func problems(of value: JSON, isClosed: Bool = false) -> [String] {
    problems(of: value, root, at: "", isClosed)
  }

  private func problems(
    of value: JSON, _ schema: JSON, at place: String, _ isClosed: Bool
  ) -> [String] {
    if schema == true { return [] }
    if schema == false { return ["\(place): nothing may stand here"] }
    var problems: [String] = []
    if let target = schema["$ref"]?.string, let definition = definition(target) {
      problems += self.problems(of: value, definition, at: place, isClosed)
    }
    if let types = schema["type"] {
      let names = types.string.map { [$0] } ?? types.elements.compactMap(\.string)
      if !names.contains(where: { Self.isOf(value, type: $0) }) {
        problems.append("\(place): is no \(names.joined(separator: " or "))")
      }
    }
    if let allowed = schema["enum"]?.elements, !allowed.contains(value) {
      problems.append("\(place): \(value.canonical) is none of the words")
    }
    if let constant = schema["const"], constant != value {
      problems.append("\(place): is not \(constant.canonical)")
    }
    if let pattern = schema["pattern"]?.string, let text = value.string,
      (try? Regex(pattern).firstMatch(in: text)) == nil
    {
      problems.append("\(place): \(text.jsonQuoted) does not match \(pattern)")
    }
    if let choices = schema["anyOf"]?.elements {
      let tried = choices.map { self.problems(of: value, $0, at: place, isClosed) }
      if !tried.contains([]) { problems.append("\(place): fits none of \(choices.count) forms") }
    }
    if case .array(let elements) = value, let items = schema["items"] {
      for (index, element) in elements.enumerated() {
        problems += self.problems(of: element, items, at: "\(place)/\(index)", isClosed)
      }
    }
    if case .object(let members) = value {
      problems += memberProblems(of: members, schema, at: place, isClosed)
    }
    return problems
  }

  private func memberProblems(
    of members: [String: JSON], _ schema: JSON, at place: String, _ isClosed: Bool
  ) -> [String] {
    var problems: [String] = []
    for name in (schema["required"]?.elements ?? []).compactMap(\.string) where members[name] == nil
    {
      problems.append("\(place): \"\(name)\" is missing")
    }
    let properties = schema["properties"]?.members
    for (name, member) in members.sorted(by: { $0.key < $1.key }) {
      let inner = "\(place)/\(name.pointerToken)"
      if let property = properties?[name] {
        problems += self.problems(of: member, property, at: inner, isClosed)
      } else if isClosed, properties != nil {
        problems.append("\(inner): the schema does not name it")
      } else if let other = schema["additionalProperties"] {
        problems += self.problems(of: member, other, at: inner, isClosed)
      }
    }
    return problems
  }

  private static func isOf(_ value: JSON, type: String) -> Bool {
    switch value {
    case .null: type == "null"
    case .bool: type == "boolean"
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    case .number(let text): type == "number" || type == "integer" && Int(text) != nil
    }
  }

  private func definition(_ reference: String) -> JSON? {
    guard reference.hasPrefix("#/$defs/") else { return nil }
    return root["$defs"]?[String(reference.dropFirst("#/$defs/".count))]
  }

  private func check(_ schema: JSON, at place: String) throws {
    guard case .object(let members) = schema else {
      if schema.bool != nil { return }
      throw TestTrouble("\(place) is no schema")
    }
    for (key, value) in members {
      switch key {
      case "$ref":
        guard let target = value.string, definition(target) != nil else {
          throw TestTrouble("\(place): $ref leads to nothing")
        }
      case "type":
        let names = value.string.map { [$0] } ?? value.elements.compactMap(\.string)
        guard !names.isEmpty, Self.types.isSuperset(of: names) else {
          throw TestTrouble("\(place): type \(value.canonical) is not known")
        }
      case "pattern":
        guard let pattern = value.string, (try? Regex(pattern)) != nil else {
          throw TestTrouble("\(place): \(value.canonical) is no pattern")
        }
      case "properties":
        for (name, property) in value.members { try check(property, at: "\(place)/\(name)") }
      case "items", "additionalProperties": try check(value, at: "\(place)/\(key)")
      case "anyOf":
        for (index, choice) in value.elements.enumerated() {
          try check(choice, at: "\(place)/anyOf/\(index)")
        }
      default:
        guard Self.keywords.contains(key) || Self.annotations.contains(key) else {
          throw TestTrouble("\(place): keyword \"\(key)\" is not known")
        }
      }
    }
  }
}
