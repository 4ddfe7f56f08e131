import MigratePlanning
import Testing

@Suite struct FieldDifferenceTests {
  /// Two versions of an object, and the fields in which they differ.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let before: JSON
    let after: JSON
    var between: [String] = []
    /// The fields of the first that the second does not meet; nil for the same as between them.
    var unmet: [String]?
  }

  private static func spec(_ members: JSON) -> JSON { ["spec": members] }

  static let cases = [
    Case(testDescription: "the same", before: ["a": [1, "b"]], after: ["a": [1, "b"]]),
    Case(testDescription: "a text", before: ["a": "x"], after: ["a": "y"], between: ["a"]),
    Case(
      testDescription: "two ways to write é", before: ["a": "e\u{301}"], after: ["a": "\u{E9}"],
      between: ["a"]),
    Case(
      testDescription: "a number is no text", before: ["a": 1], after: ["a": "1"], between: ["a"]),
    Case(testDescription: "gone", before: ["a": "x"], after: [:], between: ["a"]),
    Case(testDescription: "new", before: [:], after: ["a": "x"], between: ["a"], unmet: []),
    Case(
      testDescription: "deep", before: ["a": ["b": ["c": 1]]], after: ["a": ["b": ["c": 2]]],
      between: ["a.b.c"]),
    Case(
      testDescription: "in the order of their names", before: ["b": 1, "a": 1],
      after: ["b": 2, "a": 2], between: ["a", "b"]),
    Case(
      testDescription: "an object instead of a text", before: ["a": "x"], after: ["a": ["b": 1]],
      between: ["a"]),
    // What is empty is left out by Kubernetes.
    Case(testDescription: "an empty text", before: ["a": ""], after: [:]),
    Case(testDescription: "an empty list", before: ["a": []], after: [:]),
    Case(testDescription: "empty all through", before: ["a": ["b": ["c": ""]]], after: [:]),
    Case(
      testDescription: "an entry is not empty", before: ["a": [["c": ""]]], after: [:],
      between: ["a"]),
    Case(
      testDescription: "false is left out", before: ["a": false], after: [:], between: ["a"],
      unmet: []),
    Case(
      testDescription: "zero is left out", before: ["a": 0], after: [:], between: ["a"], unmet: []),
    Case(
      testDescription: "false is not true", before: ["a": false], after: ["a": true], between: ["a"]
    ),
    Case(testDescription: "one is not left out", before: ["a": 1], after: [:], between: ["a"]),
    // Lists.
    Case(
      testDescription: "a named entry", before: ["env": [["name": "A", "value": "1"]]],
      after: ["env": [["name": "A", "value": "2"]]], between: ["env[A].value"]),
    Case(
      testDescription: "another order of names",
      before: ["env": [["name": "A", "value": "1"], ["name": "B", "value": "2"]]],
      after: ["env": [["name": "B", "value": "2"], ["name": "A", "value": "1"]]]),
    Case(
      testDescription: "one more name", before: ["env": [["name": "A"]]],
      after: ["env": [["name": "A"], ["name": "B"]]], between: ["env[B]"], unmet: []),
    Case(
      testDescription: "one name less", before: ["env": [["name": "A"], ["name": "B"]]],
      after: ["env": [["name": "A"]]], between: ["env[B]"]),
    Case(
      testDescription: "a name twice goes by places",
      before: ["env": [["name": "A", "value": "1"], ["name": "A", "value": "2"]]],
      after: ["env": [["name": "A", "value": "2"]]],
      between: ["env[0].value", "env[1]"]),
    Case(
      testDescription: "ports go by their number",
      before: ["ports": [["port": 80, "targetPort": 8883], ["port": 1883]]],
      after: ["ports": [["port": 1883], ["port": 80, "targetPort": "http"]]],
      between: ["ports[80].targetPort"]),
    Case(
      testDescription: "mounts go by their path",
      before: ["volumeMounts": [["mountPath": "/data"]]],
      after: ["volumeMounts": [["mountPath": "/data", "readOnly": true]]],
      between: ["volumeMounts[/data].readOnly"], unmet: []),
    Case(
      testDescription: "texts go by their place", before: ["args": ["a", "b"]],
      after: ["args": ["b", "a"]], between: ["args[0]", "args[1]"]),
    Case(
      testDescription: "a further text", before: ["args": ["a"]], after: ["args": ["a", "b"]],
      between: ["args[1]"]),
    // Quantities.
    Case(
      testDescription: "the spelling of a quantity",
      before: ["resources": ["limits": ["cpu": "0.5", "memory": "1Gi", "x": 1]]],
      after: ["resources": ["limits": ["cpu": "500m", "memory": "1024Mi", "x": "1"]]]),
    Case(
      testDescription: "another quantity", before: ["resources": ["limits": ["memory": "1G"]]],
      after: ["resources": ["limits": ["memory": "1Gi"]]],
      between: ["resources.limits.memory"]),
    Case(
      testDescription: "an exponent", before: ["resources": ["limits": ["cpu": "1e3"]]],
      after: ["resources": ["limits": ["cpu": "1k"]]]),
    Case(
      testDescription: "no quantity", before: ["resources": ["limits": ["cpu": "much"]]],
      after: ["resources": ["limits": ["cpu": "more"]]], between: ["resources.limits.cpu"]),
    Case(
      testDescription: "a text elsewhere that looks like one", before: ["value": "0.5"],
      after: ["value": "500m"], between: ["value"]),
  ]

  @Test(arguments: cases)
  func fieldsThatDiffer(sample: Case) {
    let (before, after) = (Self.spec(sample.before), Self.spec(sample.after))
    #expect(
      FieldDifference.between(before, after).map(\.pathText)
        == sample.between.map { "spec.\($0)" })
    #expect(
      FieldDifference.unmet(before, by: after).map(\.pathText)
        == (sample.unmet ?? sample.between).map { "spec.\($0)" })
  }

  @Test func aDifferenceHasBothSides() {
    let differences = FieldDifference.between(
      ["spec": ["env": [["name": "A", "value": "1"]]]], ["spec": ["env": [["name": "B"]]]])
    #expect(differences.map(\.pathText) == ["spec.env[A]", "spec.env[B]"])
    #expect(differences[0].before == ["name": "A", "value": "1"])
    #expect(differences[0].after == .null)
    #expect(differences[1].before == .null)
    #expect(differences[1].after == ["name": "B"])
  }

  @Test func anObjectThatIsNotThereMeetsNothing() {
    #expect(FieldDifference.unmet(["kind": "Service"], by: .null).map(\.pathText) == [""])
    #expect(FieldDifference.between(.null, .null).isEmpty)
  }
}
