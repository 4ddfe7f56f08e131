import Foundation
import MigratePlanning
import Testing

/// What is encoded as a tree is what Foundation's encoder writes.
@Suite struct JSONTreeEncoderTests {
  private struct Sample: Codable, Hashable {
    enum Word: String, Codable { case one }
    struct Inner: Codable, Hashable {
      var text: String?
      var tree: JSON
    }

    var flag = true
    var number = -7
    var wide = UInt64.max
    var part = 1.5
    var word = Word.one
    var texts = ["a", "é", "\u{85}"]
    var nested: [[Int]] = [[], [1, 2]]
    var inner = [Inner(text: nil, tree: .null), Inner(text: "x", tree: ["a": [1, "b", .null]])]
    var map = ["k": Inner(text: "y", tree: true)]
    var nothing: [Int] = []
  }

  @Test func aTreeIsWhatTheTextSays() throws {
    let sample = Sample()
    let tree = try JSON(encoding: sample)
    let text = try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(sample))
    #expect(tree == text)
    #expect(tree["wide"] == .number("18446744073709551615"))
    #expect(try JSONDecoder().decode(Sample.self, from: Data(tree.canonical.utf8)) == sample)
  }

  @Test(arguments: [JSON.null, "a", 5, true, [], [:], ["a": ["b": [1, [:], "c"]]]])
  func aTreeStaysWhatItIs(tree: JSON) throws {
    #expect(try JSON(encoding: tree) == tree)
  }
}
