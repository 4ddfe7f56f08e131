import Foundation
import MigratePlanning
import Testing

@testable import MigrateAdapters

/// Exported releases and the output of `helm get all`, as people save and send them.
@Suite struct ReleaseFileTests {
  private static let helmText = """
    NAME: web
    LAST DEPLOYED: Tue Mar  3 10:00:00 2026
    NAMESPACE: mqtt
    STATUS: deployed
    REVISION: 3
    CHART: backbone
    VERSION: 0.1.0
    USER-SUPPLIED VALUES:
    env:
      A: b

    COMPUTED VALUES:
    env:
      A: b

    HOOKS:
    MANIFEST:
    ---
    # Source: umbrella/charts/backbone/templates/deployment.yaml
    kind: Deployment
    metadata:
      name: web

    NOTES:
    done

    """

  private static func read(_ text: String) throws -> Snapshot {
    try ReleaseFile.snapshot(from: Array(text.utf8), named: "file")
  }

  /// A line feed after a carriage return is another character to Swift than a line feed.
  @Test func windowsLineEndsAreLineEnds() throws {
    for text in [Self.helmText, Self.helmText.replacing("\n", with: "\r\n")] {
      let snapshot = try Self.read(text)
      #expect(snapshot.release.revision == 3)
      #expect(snapshot.supplied == ["env": ["A": "b"]])
      #expect(snapshot.live.all.map(\.objectName) == ["web"])
      #expect(snapshot.templates == ["umbrella/charts/backbone/templates/deployment.yaml"])
    }
  }

  /// Read with replacement characters, a name or a value would silently become another one.
  @Test func textThatIsNoUTF8IsRefusedWithItsPlace() {
    var bytes = Array(Self.helmText.utf8)
    bytes.insert(0xFF, at: 10)
    let error = #expect(throws: ReleaseFileError.self) {
      try ReleaseFile.snapshot(from: bytes, named: "file")
    }
    #expect(
      error?.description == "\"file\" cannot be used: line 2, column 1: byte 10 is not UTF-8")
  }

  @Test(arguments: ["-3", "0", "x", "99999999999999999999"])
  func aRevisionIsANumberFromOneUp(revision: String) {
    #expect(throws: ReleaseFileError.self) {
      try Self.read(Self.helmText.replacing("REVISION: 3", with: "REVISION: \(revision)"))
    }
  }

  @Test(
    arguments: [
      ("", "there is nothing in it"), ("\u{FEFF}", "there is nothing in it"),
      ("- a", "keys with values are expected"), ("x", "keys with values are expected"),
      ("schema: y", "\"schema\" is not \"backbone-migrate/export/v1\""),
    ])
  func whatIsNoExportSaysWhatIsWrong(text: String, words: String) {
    let error = #expect(throws: ReleaseFileError.self) { try Self.read(text) }
    #expect(error?.description.contains(words) == true)
  }

  /// An interrupted copy of an export, cut at any byte, is an error; JSON has an end.
  @Test func anExportThatWasCutShortIsRefused() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures/releases")
    for name in try FileManager.default.contentsOfDirectory(atPath: fixtures.path()).sorted() {
      let bytes = [UInt8](try Data(contentsOf: fixtures.appending(path: name)))
      let json = Array(try YAMLReader().document(bytes).canonical.utf8)
      for count in stride(from: 0, to: json.count, by: 43) {
        #expect(throws: ReleaseFileError.self) {
          try ReleaseFile.snapshot(from: Array(json[..<count]), named: name)
        }
      }
      for count in stride(from: 0, to: bytes.count, by: 97) {
        _ = try? ReleaseFile.snapshot(from: Array(bytes[..<count]), named: name)
      }
    }
  }
}
