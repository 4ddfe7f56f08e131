import Foundation
import MigratePlanning
import Testing

@testable import MigrateAdapters

/// Packaged charts, read without a program to unpack them.
struct ChartArchiveTests {
  /// gzip as zlib writes it: one kind of block each.
  private static let compressed = [
    Compressed(
      kind: "stored",
      base64:
        "H4sIAAAAAAAAAAEtANL/YmFja2JvbmUgYmFja2JvbmUgYmFja2JvbmUgYmFja2JvbmUgYmFja2JvbmUgr4o4py0AAA"
        + "A=",
      count: 45, start: "backbone backbone"),
    Compressed(
      kind: "fixed codes",
      base64:
        "H4sIAAAAAAAAAEtKTM5Oys9LVUgaZdCSAQDRyAOyaAEAAA==",
      count: 360, start: "backbone backbone"),
    Compressed(
      kind: "codes of its own, with an extra field",
      base64:
        "H4sIBAAAAAAAAAYAK2FIUjBjTVC5EcMwDFvFI9ii+I2TQl3OXTR/TiCUuCGPxCNQ457ejnFPQTU55uv9GXZWb4YtsJ"
        + "61c19TcJK+JlcwzlVBDsEiVlVQDLJ0PlA4kLAnIuAp8MY4l1bPRjV0Egykv+2e13sXXImVXzf6XdUDPpngE+"
        + "vMkVAYThIeG7itwRnFIFXaOeNqPO37tv9/xebXnzO2tR31C7V+wACVAQAA",
      count: 405, start: "env72 env32 env6"),
  ]

  struct Compressed: CustomTestStringConvertible, Sendable {
    let kind: String
    let base64: String
    let count: Int
    let start: String

    var testDescription: String { kind }
    var bytes: [UInt8] { [UInt8](Data(base64Encoded: base64) ?? Data()) }
  }

  @Test(arguments: compressed)
  private func everyKindOfBlockIsRead(_ example: Compressed) throws {
    let content = try Gunzip.content(of: example.bytes)
    #expect(content.count == example.count)
    #expect(String(decoding: content, as: UTF8.self).hasPrefix(example.start))
  }

  @Test(arguments: compressed)
  private func noDamageChangesTheContent(_ example: Compressed) throws {
    let content = try Gunzip.content(of: example.bytes)
    for index in example.bytes.indices.dropFirst(20) {
      var bytes = example.bytes
      bytes[index] ^= 0x10
      // A bit that fills up the last byte may be anything.
      let read = try? Gunzip.content(of: bytes)
      #expect(read == nil || read == content, "byte \(index)")
    }
    for count in 0..<example.bytes.count {
      #expect(throws: ArchiveError.self, "\(count) bytes") {
        try Gunzip.content(of: Array(example.bytes[..<count]))
      }
    }
  }

  @Test func filesLieInTheFolderOfTheChart() throws {
    let tar =
      entry("lantern/", kind: "5", "") + entry("lantern/Chart.yaml", "name: lantern\n")
      + entry("lantern/./templates//a.yaml", "a") + entry("lantern/link", kind: "2", "")
    let files = try ChartArchive.files(of: stored(tar))
    #expect(files.map(\.path) == ["Chart.yaml", "templates/a.yaml"])
    #expect(files.map(\.bytes) == [Array("name: lantern\n".utf8), Array("a".utf8)])
  }

  @Test func longNamesComeFromTheirOwnHeaders() throws {
    let long = "lantern/" + String(repeating: "long/", count: 40) + "a.yaml"
    let pax = "\(long.utf8.count + 10) path=\(long)\n"
    let tar =
      entry("x", kind: "x", pax) + entry("short", "1")
      + entry("x", kind: "L", long + "2\0") + entry("short", "2")
    let paths = try ChartArchive.files(of: stored(tar)).map(\.path)
    #expect(paths == [String(long.dropFirst(8)), String(long.dropFirst(8)) + "2"])
  }

  @Test(arguments: ["../Chart.yaml", "lantern/../../x", "Chart.yaml", "/Chart.yaml"])
  func nothingLiesOutsideTheFolder(_ name: String) {
    #expect(throws: ArchiveError.self) { try ChartArchive.files(of: stored(entry(name, ""))) }
  }

  @Test func aFileIsThereOnce() {
    let tar = entry("lantern/a", "1") + entry("lantern/a", "2")
    #expect(throws: ArchiveError("\"a\" is in it twice")) {
      try ChartArchive.files(of: stored(tar))
    }
  }

  @Test func theSpellingOfChartYamlDoesNotCount() throws {
    func digest(_ text: String) throws -> String {
      try Chart.target(of: [ChartFile(path: "Chart.yaml", bytes: Array(text.utf8))], source: "here")
        .digest
    }
    let plain = try digest("name: lantern\nversion: 2.0.0\nappVersion: \"3\"\n")
    #expect(
      try digest("# by hand\nversion: '2.0.0'\nname: lantern\nappVersion: 3\nkeywords: []\n")
        == plain)
    #expect(try digest("name: lantern\nversion: 2.0.0\nappVersion: \"4\"\n") != plain)
  }

  /// Helm takes no larger ones, so that they need not be looked at.
  @Test func aFileIsNoLargerThanHelmTakes() {
    let header = entry("lantern/values.yaml", "")
    var large = header
    for (place, byte) in String(ChartArchive.fileLimit + 1, radix: 8).utf8.enumerated() {
      large[124 + place] = byte
    }
    large += [UInt8](repeating: 0x20, count: ChartArchive.fileLimit + 512)
    let error = #expect(throws: ArchiveError.self) {
      try ChartArchive.files(of: storedInBlocks(large))
    }
    #expect(error?.reason == "a file in it has more than 5 MiB")
  }

  /// gzip without compression, as one member after another.
  private func storedInBlocks(_ tar: [UInt8]) throws -> [UInt8] {
    var parts: [UInt8] = []
    for start in stride(from: 0, to: tar.count, by: 0xF000) {
      parts += stored(Array(tar[start..<min(start + 0xF000, tar.count)]), padding: 0)
    }
    return parts
  }

  /// A tar entry, its content filled up to whole blocks.
  private func entry(_ name: String, kind: String = "0", _ content: String) -> [UInt8] {
    func field(_ text: String, _ width: Int) -> [UInt8] {
      Array(text.utf8) + [UInt8](repeating: 0, count: width - text.utf8.count)
    }
    let size = String(content.utf8.count, radix: 8)
    let header =
      field(name, 100) + field("", 24) + field(size, 12) + field("", 20) + field(kind, 1)
      + field("", 100) + field("ustar", 8) + field("", 247)
    let padding = (512 - content.utf8.count % 512) % 512
    return header + Array(content.utf8) + [UInt8](repeating: 0, count: padding)
  }

  /// gzip without compression.
  private func stored(_ tar: [UInt8], padding: Int = 1024) -> [UInt8] {
    let bytes = tar + [UInt8](repeating: 0, count: padding)
    let count = UInt16(bytes.count)
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
    return [0x1F, 0x8B, 8, 0] + [UInt8](repeating: 0, count: 6) + [1] + little(count)
      + little(~count) + bytes + little(~sum) + little(UInt32(bytes.count))
  }
}
