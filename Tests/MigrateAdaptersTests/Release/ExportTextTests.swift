import MigratePlanning
import Testing

@testable import MigrateAdapters

/// What `export` writes is JSON, and `plan --from` reads it as it was.
@Suite struct ExportTextTests {
  private static func export(_ value: JSON) -> JSON {
    let deployment: JSON = [
      "kind": "Deployment", "metadata": ["name": "web", "annotations": value],
    ]
    return [
      "schema": "backbone-migrate/export/v1",
      "release": [
        "name": "web", "namespace": "mqtt", "revision": 1, "status": "deployed",
        "chart": ["name": "backbone", "version": "0.1.0"],
      ],
      "manifest": [deployment], "live": [deployment],
    ]
  }

  /// YAML ends a key after 1,024 characters, a text after a U+FEFF at its beginning, and makes its
  /// own of numbers.
  @Test(
    arguments: [
      [String(repeating: "k", count: 1_500): "v"], ["a": "\u{FEFF}b"], ["a": .number("1.50")],
      ["a": .number("1e400")], ["a": .number("-0")], ["a": "😀\u{85}\u{2028}"],
    ] as [JSON])
  func jsonIsReadAsJSON(value: JSON) throws {
    let text = Self.export(value).pretty
    let snapshot = try ReleaseFile.snapshot(from: Array(text.utf8), named: "file")
    #expect(snapshot.live.all.first?["metadata"]?["annotations"] == value)
    let again = try ReleaseFile.snapshot(
      from: Array(snapshot.exported.pretty.utf8), named: "again")
    #expect(again.exported == snapshot.exported)
  }

  /// YAML in braces is no JSON, and still an export.
  @Test func yamlInBracesIsRead() throws {
    let text = Self.export(["a": "b"]).canonical
      .replacing("\"release\"", with: "release").replacing(":", with: ": ")
    #expect(try ReleaseFile.snapshot(from: Array(text.utf8), named: "file").release.name == "web")
  }

  @Test func brokenJSONSaysWhereItIsBroken() {
    let text = String(Self.export(["a": "b"]).pretty.dropLast(10))
    let error = #expect(throws: ReleaseFileError.self) {
      try ReleaseFile.snapshot(from: Array(text.utf8), named: "file")
    }
    #expect(error?.description.contains("the text ends") == true)
  }
}
