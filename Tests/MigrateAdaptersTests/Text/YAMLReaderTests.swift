import MigrateAdapters
import MigratePlanning
import Testing

@Suite struct YAMLReaderTests {
  @Test func readsSeveralDocuments() throws {
    let text = "# head\n---\na: 1\n---\n# nothing\n---\n- b\n...\n---\n"
    #expect(try YAMLReader().documents(text) == [["a": 1], .null, ["b"], .null])
  }

  @Test func dropsTheEmptyDocumentsOfAManifest() throws {
    let text = """
      ---
      # Source: backbone/templates/serviceaccount.yaml
      ---
      # Source: backbone/templates/service.yaml
      kind: Service
      ---
      # Source: backbone/templates/deployment.yaml
      kind: Deployment
      labels: {app: a, app: b}
      """
    #expect(
      try YAMLReader().manifestDocuments(text) == [
        ["kind": "Service"], ["kind": "Deployment", "labels": ["app": "b"]],
      ])
  }

  @Test(arguments: ["", "\n", "# c\n", "---\n", "\u{FEFF}", "~"])
  func readsNothingAsNull(text: String) throws {
    #expect(try YAMLReader().document(text) == .null)
  }

  @Test func keepsIntegersWhole() throws {
    let text = "[12345678901234567890, 9007199254740993, 0x7FFFFFFFFFFFFFFF, 1.50, 1e3, 1e21, 1e-7]"
    #expect(
      try YAMLReader().document(text).canonical
        == "[12345678901234567890,9007199254740993,9223372036854775807,1.5,1000,1e+21,1e-7]")
  }

  @Test func tellsTheLineOfEveryValue() throws {
    let text = """
      # a recipe
      homes:
        - name: HTTP_PORT
          path: config/port

        - {name: LOG_LEVEL,
           path: x}
      a/b~c: 1
      base: &base
        k: 1
      copy:
        <<: *base
      """
    let document = try YAMLReader().documentWithLines(text)
    #expect(
      document.lines == [
        "": 2, "/homes": 2, "/homes/0": 3, "/homes/0/name": 3, "/homes/0/path": 4, "/homes/1": 6,
        "/homes/1/name": 6, "/homes/1/path": 7, "/a~1b~0c": 8, "/base": 9, "/base/k": 10,
        "/copy": 11, "/copy/k": 10,
      ])
  }

  @Test(arguments: [
    ("a: 1\nb:\n  c: 1\n  c: 2\n", "line 4, column 3: key \"c\" is written twice"),
    ("a: 1\n\"a\": 2\n", "line 2, column 1: key \"a\" is written twice"),
    ("y: 1\ntrue: 2\n", "line 2, column 1: key \"true\" is written twice"),
    ("1: 1\n0x1: 2\n", "line 2, column 1: key \"1\" is written twice"),
    ("---\na: 1\n---\nb: 2\n", "one document is expected, but there are 2"),
    ("# c\n---\na: 1\n---\nb: [\n", "line 6, column 1: did not find expected node content"),
    ("a: .inf\n", "line 1, column 4: JSON has no infinity and no not-a-number"),
    ("a: 1\n~: 2\n", "line 2, column 1: null and integers above 64 bits cannot be keys"),
    ("? [a]\n: 1\n", "line 1, column 3: a list or a mapping cannot be a key"),
    ("a: b: c\n", "line 1, column 5: mapping values are not allowed in this context"),
    ("a: *b\n", "line 1, column 4: found undefined alias"),
    ("a: &a [*a]\n", "line 1, column 8: found undefined alias"),
    ("a: 1\n---\nb: \u{7}\n", "line 3, column 4: control characters are not allowed"),
    ("é: 1\né: \u{7F}\n", "line 2, column 4: control characters are not allowed"),
    ("a: !!int sw0rdfish\n", "line 1, column 4: this value cannot be read as !!int"),
    ("<<: 1\n", "line 1, column 5: \"<<\" takes a mapping or a list of mappings"),
    ("a: \"\\ufeffb\"\n", "line 1: U+FEFF inside the text"),
    (
      "\u{E9}: 1\ne\u{301}: 2\n",
      "line 2, column 1: key \"e\u{301}\" differs from another in its encoding only"
    ),
  ])
  func refuses(text: String, reason: String) {
    let error = #expect(throws: TextError.self) { try YAMLReader().document(text) }
    #expect(error?.description == reason)
  }

  @Test func refusesWhatIsNotUTF8() {
    let bytes = Array("a: 1\nb: ".utf8) + [0xC3, 0x28]
    let error = #expect(throws: TextError.self) { try YAMLReader().document(bytes) }
    #expect(error?.code == .notUTF8)
    #expect(error?.description == "line 2, column 4: byte 8 is not UTF-8")
  }

  @Test func letsTheLastOfEqualKeysWinWhereHelmDoes() throws {
    let text = "a: {x: 1}\nb: {c: 1, c: 2, \"c\": 3}\na: {y: 2}\n<<: {d: 1}\n<<: {d: 2}\n"
    let reader = YAMLReader(duplicateKeys: .lastWins)
    #expect(
      try reader.document(text) == ["a": ["true": 2], "b": ["c": 3], "d": 2])
    #expect(
      try reader.documentWithLines(text).lines == [
        "": 1, "/a": 3, "/a/true": 3, "/b": 2, "/b/c": 2, "/d": 5,
      ])
    for text in ["1: a\n'1': b\n", "<<: {true: 1}\n'true': 2\n", "é: 1\ne\u{301}: 2\n"] {
      #expect(throws: TextError.self) { try reader.document(text) }
    }
    let many = (0..<100).map { "k\($0): 1\nk\($0): 2\n" }.joined()
    #expect(throws: TextError.self) { try reader.document(many) }
  }

  @Test func anchorsEndWithTheirDocument() {
    #expect(throws: TextError.self) { try YAMLReader().documents("a: &a 1\n---\nb: *a\n") }
  }

  @Test func neverQuotesAValueInAnError() throws {
    for text in ["a: !!int sw0rdfish", "a: !!binary sw0rdfish!", "a: 'sw0rdfish", "a: [sw0rdfish"] {
      let error = #expect(throws: TextError.self) { try YAMLReader().document(text) }
      #expect(error?.description.contains("sw0rdfish") == false)
    }
  }
}

@Suite struct YAMLHostileTextTests {
  private func code(_ text: String) -> TextError.Code? {
    do throws(TextError) {
      _ = try YAMLReader().documents(text)
      return nil
    } catch { return error.code }
  }

  private func bomb(levels: Int) -> String {
    (1...levels).reduce("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n") { text, level in
      let alias = "*a\(level - 1)"
      return text
        + "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ","))]\n"
    }
  }

  @Test func refusesAnAliasBomb() {
    #expect(code(bomb(levels: 9)) == .tooLarge)
    #expect(code(bomb(levels: 3)) == nil)
  }

  @Test(arguments: ["? *a9\n: 1\n", "*a9 : 1\n", "[*a9]: 1\n", "{? {b: *a9} : 1}\n"])
  func refusesAnAliasBombInAKey(key: String) {
    #expect(code(bomb(levels: 9) + key) == .tooLarge)
  }

  @Test func refusesAMergeBomb() {
    let text = (1...30).reduce("a0: &a0 {x: 1}\n") { text, level in
      text + "a\(level): &a\(level) {<<: [*a\(level - 1), *a\(level - 1)]}\n"
    }
    #expect(code(text) == .tooLarge)
  }

  @Test(arguments: ["[", "{", "- ", "{a: ", "? "])
  func refusesDeepNesting(opening: String) {
    #expect(code(String(repeating: opening, count: 100_000)) == .tooLarge)
  }

  @Test func refusesDeepIndentation() {
    for depth in [520, 1_100] {
      let text = (0..<depth).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
      #expect(code(text) == .tooLarge)
    }
  }

  @Test func takesHugeScalars() {
    #expect(code("a: " + String(repeating: "9", count: 1_000_000)) == nil)
    #expect(code("a: 1e" + String(repeating: "9", count: 100_000)) == nil)
    #expect(code("a: 0x" + String(repeating: "f", count: 100_000)) == nil)
  }

  @Test func survivesDamage() {
    let seed = RandomJSON.seed(5)
    var random = RandomJSON(seed: seed)
    for _ in 0..<1_000 {
      var bytes = Array(YAMLWriter().text(random.tree()).utf8)
      for _ in 0..<3 where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &random)] =
          Array("\n\t -:#&*!|>'\"%@`{}[],?\\y1~\u{85}".utf8).randomElement(using: &random) ?? 0
      }
      _ = try? YAMLReader().documents(
        Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
    }
  }

  /// Such trees are refused, and letting go of them is what ended the process.
  @Test(arguments: [500, 60_000])
  func aChainOfAliasesIsRefusedWithoutOverflowing(length: Int) {
    let text = (1...length).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }
      .reduce(into: "a0: &a0 [x]\n") { $0 += $1 }
    let error = #expect(throws: TextError.self) { try YAMLReader().document(text) }
    #expect(error?.code == .tooLarge)
    #expect(throws: TextError.self) { try YAMLReader().document(text + "]") }
  }

  /// Keys that are hashed before they are refused, in time that doubles with each alias.
  @Test(
    arguments: [
      "{[*a40]}", "{a: b, [*a40, *a40]}", "{*a40}", "? [*a40]", "? *a40", "[*a40]: x", "{? *a40}",
      "{[*a40]: x}", "[*a40 : x]", "!t {a: *a40}: x",
    ])
  func aKeyMadeOfAliasesIsRefusedAtOnce(key: String) {
    let text = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }
      .reduce(into: "a0: &a0 [x]\n") { $0 += $1 }
    #expect(throws: TextError.self) { try YAMLReader().document(text + "b:\n  " + key + "\n") }
  }

  /// With two anchors, the time grows with the cube of the text.
  @Test func twoAnchorsAreEnoughForATrap() {
    func list(_ item: String) -> String {
      "[" + Array(repeating: item, count: 3_000).joined(separator: ", ") + "]"
    }
    let text = "a: &a \(list("x"))\nb: &b \(list("*a"))\n? \(list("*b"))\n: c\n"
    #expect(throws: TextError.self) { try YAMLReader().document(text) }
  }

  /// What looks like aliases in shell scripts and prose does not count.
  @Test func textThatLooksLikeAliasesIsRead() throws {
    let lines = (0..<40).map { "  * item \($0) && a & b [x]: y" }.joined(separator: "\n")
    #expect(try YAMLReader().document("a: |\n\(lines)\n")["a"] != nil)
  }
}
