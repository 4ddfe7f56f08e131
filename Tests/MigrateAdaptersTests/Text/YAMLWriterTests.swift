import MigrateAdapters
import MigratePlanning
import Testing

@Suite struct YAMLWriterTests {
  @Test func writesBlockStyleWithCommentsAndQuotedStrings() {
    let tree: JSON = [
      "image": ["tag": "0.2.0", "pullPolicy": "Always"],
      "extraEnv": [
        ["name": "LOG_LEVEL", "value": "y"], ["name": "TEXT", "value": "a\nb"], [], [1],
      ],
      "y": .null, "config": [:], "a.b/c": true, "port": 8883,
    ]
    let writer = YAMLWriter(comments: [
      "": "written for helm", "/image/tag": "pinned\nbecause", "/extraEnv/1": "kept",
      "/y": "\u{1B}",
      "/extraEnv/0/name": "first",
    ])
    #expect(
      writer.text(tree) == """
        # written for helm
        "a.b/c": true
        config: {}
        extraEnv:
          -
            # first
            name: "LOG_LEVEL"
            value: "y"
          # kept
          - name: "TEXT"
            value: "a\\nb"
          - []
          -
            - 1
        image:
          pullPolicy: "Always"
          # pinned
          # because
          tag: "0.2.0"
        port: 8883
        # "\\u001b"
        "y": null

        """)
  }

  @Test func keepsAGivenOrder() {
    let writer = YAMLWriter(keyOrder: .given(["": ["c", "a", "z"], "/a": ["y2"]]))
    #expect(
      writer.text(["a": ["b": 1, "y2": 2], "b": 1, "c": 2]) == "c: 2\na:\n  y2: 2\n  b: 1\nb: 1\n")
  }

  @Test(arguments: [
    "y", "N", "yes", "No", "ON", "off", "true", "False", "null", "Null", "nan", "", "1", "0x1",
    "1e3",
    "-", "a b", "a:", "é", "a.b", "~", "<<", "=", "-a", "a\n",
  ])
  func quotesKeysThatAReaderCouldMistake(key: String) {
    #expect(YAMLWriter().text([key: 1]) == "\(key.jsonQuoted): 1\n")
  }

  @Test func writesSeveralDocumentsAndBareScalars() throws {
    let documents: [JSON] = [["a": 1], [], "x", .null, [[:]]]
    let text = YAMLWriter().text(documents: documents)
    #expect(text == "---\na: 1\n---\n[]\n---\n\"x\"\n---\nnull\n---\n- {}\n")
    #expect(try YAMLReader().documents(text) == documents)
  }

  @Test func writesKeysOfAnyLength() throws {
    let tree: JSON = ["a": [.object([String(repeating: "k", count: 3_000): ["b": [1, "x"]]])]]
    #expect(try YAMLReader().document(YAMLWriter().text(tree)) == tree)
  }

  @Test func isReadBackExactly() throws {
    let seed = RandomJSON.seed(6)
    var random = RandomJSON(seed: seed)
    for _ in 0..<1_500 {
      let tree = random.tree()
      for text in [YAMLWriter().text(tree), tree.valuesText] {
        do throws(TextError) {
          let read = try YAMLReader().document(text)
          #expect(Array(read.canonical.utf8) == Array(tree.canonical.utf8), "seed \(seed): \(text)")
        } catch {
          #expect(error.reason == "U+FEFF inside the text", "seed \(seed): \(text)")
        }
      }
    }
  }
}
