import Foundation
import Testing

@testable import MigrateCLI

struct TemporaryFolderTests {
  @Test func itIsItsOwnersAloneUnderAnOpenUmaskAndGoneAfterwards() async throws {
    let before = umask(0)
    defer { umask(before) }
    var path = ""
    try await TemporaryFolder.with { folder in
      path = folder
      let attributes = try FileManager.default.attributesOfItem(atPath: folder)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
      try Data("a".utf8).write(to: URL(filePath: folder + "/b"))
    }
    #expect(!path.isEmpty && !FileManager.default.fileExists(atPath: path))
  }
}
