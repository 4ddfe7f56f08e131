import Foundation
import Testing

@testable import MigrateAdapters

/// Files that somebody names, whatever they are.
@Suite struct InputFileTests {
  private static func with(_ work: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-input-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try work(folder.appending(path: "file").path())
  }

  private static func bytes(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
    try? InputFile.bytes(at: path, limit: limit)
  }

  private static func reason(_ path: String, limit: Int = 1 << 20) -> String? {
    do {
      _ = try InputFile.bytes(at: path, limit: limit)
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func aFileIsReadWhole() throws {
    try Self.with { path in
      let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0) }
      try Data(bytes).write(to: URL(filePath: path))
      #expect(Self.bytes(path) == bytes)
      #expect(Self.bytes(path, limit: 700_000) == bytes)
      #expect(Self.reason(path, limit: 699_999) == "it is larger than 0 MiB")
    }
  }

  @Test func whatIsNoFileHasItsWords() throws {
    try Self.with { path in
      #expect(Self.reason(path) == "there is no such file")
      #expect(Self.reason(path + "/x") == "there is no such file")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      #expect(Self.reason(path) == "it is a folder")
      #expect(Self.reason("/dev/zero") == "it is larger than 1 MiB")
      #expect(Self.bytes("/dev/null") == [])
    }
  }

  @Test func aFileThatOthersKeepToThemselvesIsNotRead() throws {
    try Self.with { path in
      try Data("x".utf8).write(to: URL(filePath: path))
      chmod(path, 0)
      try Unprivileged.run { #expect(Self.reason(path) == "permission denied") }
    }
  }

  /// A shell's `<(…)`, also when what it runs is slow, or writes nothing.
  @Test(arguments: ["", "some text", String(repeating: "x", count: 300_000)])
  func aPipeIsReadToItsEnd(text: String) throws {
    try Self.with { path in
      #expect(mkfifo(path, 0o600) == 0)
      Thread.detachNewThread {
        usleep(200_000)
        let descriptor = open(path, O_WRONLY)
        for start in stride(from: 0, to: text.utf8.count, by: 50_000) {
          let part = Array(text.utf8.dropFirst(start).prefix(50_000))
          _ = write(descriptor, part, part.count)
          usleep(1_000)
        }
        close(descriptor)
      }
      #expect(Self.bytes(path) == Array(text.utf8))
    }
  }

  @Test func aPipeThatNobodyWritesToIsNotWaitedForWithoutEnd() throws {
    try Self.with { path in
      #expect(mkfifo(path, 0o600) == 0)
      #expect(Self.reason(path) == "it is a pipe, and nobody writes to it")
    }
  }
}
