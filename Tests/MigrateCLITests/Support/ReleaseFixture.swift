import Foundation
import Testing

/// An exported release in Tests/Fixtures/releases.
struct ReleaseFixture: CustomTestStringConvertible, Hashable, Sendable {
  let name: String

  var testDescription: String { name }

  /// Every one of them.
  static let all: [ReleaseFixture] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.sorted()
      .map { ReleaseFixture(name: String($0.dropLast(5))) }
  }()

  var file: URL { Self.folder.appending(path: "\(name).yaml") }

  var text: String {
    get throws { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
  }

  /// The folder Tests of the package.
  static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static let folder = tests.appending(path: "Fixtures/releases")
}
