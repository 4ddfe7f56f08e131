import Foundation

/// A folder that only its owner may read, for as long as some work takes.
enum TemporaryFolder {
  /// Makes the folder, hands its path to the work, and removes it.
  static func with<Value>(_ work: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
    } catch {
      throw CommandFailure(
        status: .failed,
        message: "no folder can be made in \"\(FileManager.default.temporaryDirectory.path())\": "
          + "\(error.localizedDescription); set TMPDIR to one that can be written to")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await work(folder.path(percentEncoded: false))
  }
}
