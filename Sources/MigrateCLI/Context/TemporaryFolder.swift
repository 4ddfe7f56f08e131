import Foundation

/// A folder that only its owner may read, for as long as some work takes.
enum TemporaryFolder {
  /// Where such folders are made.
  static var parent: String {
    FileManager.default.temporaryDirectory.path(percentEncoded: false)
  }

  /// Makes the folder, hands its path to the work, and removes it.
  static func with<Value>(_ work: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-\(UUID().uuidString)")
    let path = folder.path(percentEncoded: false)
    // With its mode from the beginning: there is no moment in which others could open it.
    guard mkdir(path, 0o700) == 0 else {
      throw CommandFailure(
        status: .failed,
        message: "no folder can be made in \"\(FileManager.default.temporaryDirectory.path())\": "
          + "\(String(cString: strerror(errno))); set TMPDIR to one that can be written to")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await work(path)
  }
}
