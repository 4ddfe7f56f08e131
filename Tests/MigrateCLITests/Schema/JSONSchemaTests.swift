import MigratePlanning
import Testing

/// The little validator itself.
@Suite struct JSONSchemaTests {
  private static let cases: [(schema: JSON, fitting: [JSON], failing: [JSON])] = [
    (["type": "null"], [.null], ["", false, 0]), (["type": "boolean"], [true], ["true", .null]),
    (["type": "integer"], [3, -1], [.number("1.5"), "3"]),
    (["type": "number"], [3, .number("1.5")], ["3", true]), (["type": "string"], [""], [3]),
    (["type": "array"], [[]], [[:]]), (["type": "object"], [[:]], [[]]),
    (["type": ["string", "null"]], ["", .null], [1]),
    (["enum": ["a", 1, .null]], ["a", 1, .null], ["b", "1", true]),
    (["const": ["a": 1]], [["a": 1]], [["a": 2], [:]]),
    (["pattern": "^a+$"], ["a", "aa", 3], ["b", "", "ab"]), (["pattern": "b"], ["abc"], ["ac"]),
    (["required": ["a"]], [["a": .null], [], "text"], [[:], ["b": 1]]),
    (
      ["properties": ["a": ["type": "string"]]], [["a": "x"], ["b": 1], [:]], [["a": 1]]
    ),
    (
      ["properties": ["a": [:]], "additionalProperties": false], [["a": 1], [:]], [["b": 1]]
    ),
    (["additionalProperties": ["type": "string"]], [["a": "x"]], [["a": 1]]),
    (["items": ["type": "string"]], [[], ["a"], "text"], [["a", 1]]),
    (["anyOf": [["type": "string"], ["const": 1]]], ["x", 1], [2, .null]),
    (["$ref": "#/$defs/a", "$defs": ["a": ["const": 1]]], [1], [2]),
    (["description": "anything"], [1, .null], []),
  ]

  @Test(arguments: cases)
  func aSchemaTellsWhatFits(schema: JSON, fitting: [JSON], failing: [JSON]) throws {
    let schema = try JSONSchema(schema)
    for value in fitting { #expect(schema.problems(of: value) == [], "\(value)") }
    for value in failing { #expect(schema.problems(of: value) != [], "\(value)") }
  }

  @Test(
    arguments: [
      ["minimum": 1], ["properties": ["a": ["oneOf": []]]], ["items": ["format": "date"]],
      ["anyOf": [["allOf": []]]], ["$defs": ["a": ["maxLength": 1]]],
      ["additionalProperties": ["not": [:]]], ["type": "text"], ["type": []], ["type": 3],
      ["$ref": "#/$defs/none"], ["$ref": "other.json"], ["pattern": "("], ["items": 3], "string",
    ] as [JSON])
  func whatTheValidatorDoesNotKnowIsAnError(schema: JSON) {
    #expect(throws: TestTrouble.self) { try JSONSchema(schema) }
  }

  @Test func problemsNameTheirPlace() throws {
    let schema = try JSONSchema(["properties": ["a": ["items": ["type": "string"]]]])
    #expect(schema.problems(of: ["a": ["x", 1]]) == ["/a/1: is no string"])
  }

  @Test func aClosedSchemaKnowsEveryMember() throws {
    let schema = try JSONSchema(["properties": ["a": [:]]])
    #expect(schema.problems(of: ["b": 1]) == [])
    #expect(schema.problems(of: ["b": 1], isClosed: true) == ["/b: the schema does not name it"])
  }
}
