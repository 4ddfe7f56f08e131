import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct ValuePathTests {
  @Test(
    arguments: [
      ("a", ["a"]), ("config.adminToken", ["config", "adminToken"]), ("a.b.c", ["a", "b", "c"]),
      (#"a\.b.c"#, ["a.b", "c"]), (#"a.b\.c\.d"#, ["a", "b.c.d"]), (#"\."#, ["."]),
      ("a b.c-d", ["a b", "c-d"]), ("é.😀", ["é", "😀"]), ("a[0].b", ["a[0]", "b"]),
    ])
  func pathsAreKeysJoinedByDots(text: String, keys: [String]) throws {
    let path = try ValuePath(text)
    #expect(path.keys == keys)
    #expect(path.description == text)
  }

  @Test(arguments: ["", ".", "a.", ".a", "a..b", "..", #"a\.."#])
  func aKeyIsNeverEmpty(text: String) {
    let error = #expect(throws: ValuePathError.self) { try ValuePath(text) }
    #expect(error?.description.contains("\"\(text)\" is not a value path") == true)
  }

  @Test(arguments: [#"a\b"#, #"\"#, #"a\\.b"#, #"a.b\"#, #"\\"#, #"a\.\.b"#, #"\a\.\"#])
  func whatAPathShowsReadsAsTheSamePath(text: String) throws {
    let path = try ValuePath(text)
    #expect(try ValuePath(path.description) == path)
  }

  @Test(arguments: SeededGenerator.seeds(300))
  func aRandomPathReadsAsItself(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in
      random.one(of: ["a", "b", ".", #"\"#, #"\."#, "é"])
    }.joined()
    guard let path = try? ValuePath(text) else { return }
    #expect(try ValuePath(path.description) == path)
  }

  @Test func pathsAreOrderedByTheirKeys() throws {
    let texts = ["b", "a.b", "a", "a.a", #"a\.a"#]
    #expect(
      try texts.map { try ValuePath($0) }.sorted().map(\.description)
        == ["a", "a.a", "a.b", #"a\.a"#, "b"])
  }

  @Test func aValueIsReadAtItsPath() throws {
    let values: JSON = ["a": ["b": ["c": 1]], "x.y": "dot", "n": .null]
    #expect(values.value(at: try ValuePath("a.b.c")) == 1)
    #expect(values.value(at: try ValuePath("a.b")) == ["c": 1])
    #expect(values.value(at: try ValuePath(#"x\.y"#)) == "dot")
    #expect(values.value(at: try ValuePath("n")) == .null)
    #expect(values.value(at: try ValuePath("a.z")) == nil)
    #expect(values.value(at: try ValuePath("a.b.c.d")) == nil)
  }

  @Test func aValueIsPutAtItsPath() throws {
    var values: JSON = ["a": "scalar", "keep": [1]]
    values.set(1, at: try ValuePath("a.b.c"))
    values.set(true, at: try ValuePath(#"x\.y"#))
    values.set("new", at: try ValuePath("a.b.d"))
    #expect(values == ["a": ["b": ["c": 1, "d": "new"]], "keep": [1], "x.y": true])
  }

  @Test func leavesAreScalarsListsAndEmptyObjects() {
    let values: JSON = ["b": ["x": 1, "y": []], "a": [:], "c": [["d": 1]]]
    let leaves = values.leaves
    #expect(leaves.map(\.path) == [["a"], ["b", "x"], ["b", "y"], ["c"]])
    #expect(leaves.map(\.value) == [[:], 1, [], [["d": 1]]])
    #expect(JSON.string("x").leaves.map(\.path) == [[]])
  }

  /// Values are trees, and a tree as deep as an argument is long ends the process.
  @Test(arguments: [65, 1_000, 60_000])
  func aPathHasAnEnd(depth: Int) {
    let text = Array(repeating: "a", count: depth).joined(separator: ".")
    let error = #expect(throws: ValuePathError.self) { try ValuePath(text) }
    #expect(error?.description.contains("64 keys") == true)
    #expect((error?.description.utf8.count ?? 0) < 1_300)
    #expect(throws: Never.self) {
      try ValuePath(Array(repeating: "a", count: 64).joined(separator: "."))
    }
  }
}
