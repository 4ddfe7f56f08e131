import Foundation
import GRDB
import SystemPackage

extension HistoryError {
  /// What an error of SQLite means for the history at `path`. Errors that already are of this type
  /// stay what they are.
  ///
  /// SQL and its arguments are never part of the text.
  /// Source: <https://www.sqlite.org/rescode.html>.
  init(_ error: any Error, path: String) {
    if let error = error as? HistoryError {
      self = error
      return
    }
    guard let error = error as? DatabaseError else {
      self = Self.foreign(error, path: path)
      return
    }
    let reason = error.message ?? error.resultCode.description
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL: self = .locked(path: path)
    case .SQLITE_NOTADB: self = .notADatabase(path: path)
    case .SQLITE_CORRUPT: self = .damaged(path: path, detail: reason)
    case .SQLITE_READONLY: self = .readOnly(path: path)
    case .SQLITE_FULL: self = .diskFull(path: path)
    case .SQLITE_IOERR where Self.isFull(path): self = .diskFull(path: path)
    case .SQLITE_CANTOPEN where Self.isFull(path): self = .diskFull(path: path)
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .permissionDenied(path: path)
    case .SQLITE_MISUSE: self = .closed(path: path)
    default: self = .failed(path: path, reason: reason)
    }
  }

  /// What an error of the operating system means for the history at `path`.
  init(_ errno: Errno, path: String) {
    switch errno {
    case .permissionDenied, .notPermitted: self = .permissionDenied(path: path)
    case .readOnlyFileSystem: self = .readOnly(path: path)
    case .noSpace, .diskQuotaExceeded: self = .diskFull(path: path)
    case .isDirectory: self = .notAFile(path: path, kind: "a folder")
    default: self = .failed(path: path, reason: errno.description)
    }
  }

  private static func foreign(_ error: any Error, path: String) -> HistoryError {
    switch error {
    case let error as Errno: HistoryError(error, path: path)
    // Every column has a type and a rule, so another value came there past the schema. The error's
    // own text would show the row.
    case is RowDecodingError: .damaged(path: path, detail: "a row has an impossible value")
    default: .failed(path: path, reason: "an unexpected error of type \(type(of: error))")
    }
  }

  /// Whether the file system has no room for another few pages. SQLite reports a full disk as a
  /// plain input/output error when it could not extend the `-shm` file.
  private static func isFull(_ path: String) -> Bool {
    let folder = FilePath(path).removingLastComponent().string
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    guard let free = attributes?[.systemFreeSize] as? NSNumber else { return false }
    return free.int64Value < 64 * 1024
  }
}
