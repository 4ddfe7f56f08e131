import Foundation
import SystemPackage

/// The history's file as the operating system sees it: where it is, whose it is, who may read it.
///
/// Never opens a file that SQLite may have open: closing any descriptor of a file drops the locks
/// that SQLite holds on it in this process (<https://www.sqlite.org/howtocorrupt.html>, 2.2).
struct HistoryFile: Sendable {
  /// The path as the operator knows it; errors show this one.
  let shown: String
  /// The absolute path, links not resolved. Absolute, so that SQLite never takes `:memory:` or
  /// `file:…` for something special.
  let path: FilePath
  /// The effective user's number; 0 may use everybody's files.
  let user: UInt32

  /// - Parameters:
  ///   - path: absolute, or relative to the working directory.
  ///   - user: the effective user's number.
  /// - Throws: ``HistoryError/failed(path:reason:)`` when the path is empty.
  init(_ path: String, user: UInt32 = geteuid()) throws(HistoryError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .failed(path: path, reason: "the path is empty or holds a NUL character")
    }
    shown = path
    self.user = user
    self.path =
      path.hasPrefix("/")
      ? FilePath(path)
      : FilePath(FileManager.default.currentDirectoryPath).appending(path)
  }

  /// The path with all links resolved, beside which SQLite puts its `-wal` and `-shm`.
  var resolved: String {
    guard let real = realpath(path.string, nil) else { return path.string }
    defer { free(real) }
    return String(cString: real)
  }

  /// The file's size in bytes; nil when there is no file.
  ///
  /// - Throws: ``HistoryError`` when something else than a file is there, or it cannot be known.
  func size() throws(HistoryError) -> Int64? {
    let status: Stat
    do {
      status = try Stat(path)
    } catch .noSuchFileOrDirectory {
      // A link to nothing is no absent file: creating its target would write where somebody else
      // may have pointed.
      guard let there = try? Stat(path, followTargetSymlink: false) else { return nil }
      // Another process may have made the file in between.
      guard there.type == .symbolicLink else { return try size() }
      throw .danglingLink(path: shown)
    } catch .notDirectory {
      throw .folderNotMade(path: shown, reason: "a file is in its place")
    } catch {
      throw HistoryError(error, path: shown)
    }
    switch status.type {
    // SQLite takes a file of one byte for an empty one and would overwrite it. No database is
    // smaller than the smallest page.
    case .regular where (1..<512).contains(status.size): throw .notADatabase(path: shown)
    case .regular: return status.size
    case .directory: throw .notAFile(path: shown, kind: "a folder")
    case .fifo: throw .notAFile(path: shown, kind: "a pipe")
    case .socket: throw .notAFile(path: shown, kind: "a socket")
    default: throw .notAFile(path: shown, kind: "a device")
    }
  }

  /// Makes the file, empty and with mode 0600, and the folders on the way to it with mode 0700;
  /// does nothing when the file exists. Existing folders stay as they are.
  ///
  /// The mode is given on creation and no umask adds to it, so that there is no moment in which
  /// others could open the file. SQLite gives its `-wal` and `-shm` the mode of the main file.
  func create() throws(HistoryError) {
    guard try size() == nil else { return }
    try makeFolder(path.removingLastComponent())
    do {
      let file = try FileDescriptor.open(
        path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: .ownerReadWrite)
      try file.close()
    } catch let error as Errno {
      // Another process may have been faster; its file is as good.
      if error == .fileExists, try size() != nil { return }
      throw HistoryError(error, path: shown)
    } catch {
      throw HistoryError(error, path: shown)
    }
  }

  /// Verifies that the user may write the file and beside it, where SQLite keeps its `-wal`.
  ///
  /// A file or a link of another user is refused even where the modes allow writing: somebody else
  /// decides what it says or where it leads.
  func checkWritable() throws(HistoryError) {
    do {
      for status in [try Stat(path), try Stat(path, followTargetSymlink: false)] {
        let owner = status.userID.rawValue
        let isTrusted = owner == user || user == 0 || (owner == 0 && status.type == .symbolicLink)
        guard isTrusted else { throw HistoryError.foreignOwner(path: shown, user: owner) }
      }
    } catch {
      throw HistoryError(error, path: shown)
    }
    for place in [resolved, FilePath(resolved).removingLastComponent().string]
    where faccessat(AT_FDCWD, place, W_OK, AT_EACCESS) != 0 {
      throw HistoryError(Errno(rawValue: errno), path: shown)
    }
  }

  /// Takes the group's and the others' permissions from the file and from what SQLite keeps beside
  /// it. A file system without modes, or a file of another user, stays as it is: documents are
  /// redacted, so this is a second fence and no reason to refuse.
  func tighten() {
    for place in companions where isOpenToOthers(place) {
      _ = chmod(place.string, 0o600)
    }
  }

  /// Whether the file, or something that SQLite keeps beside it, has a permission for the group or
  /// for others.
  var isOpenToOthers: Bool {
    companions.contains(where: isOpenToOthers)
  }

  /// Whether SQLite's `-shm` lies beside the file: some process has the history open, or ended
  /// without closing it.
  var hasSharedMemory: Bool {
    (try? Stat(FilePath(resolved + "-shm"))) != nil
  }

  /// The main file and the files that SQLite keeps beside it; not all of them exist.
  private var companions: [FilePath] {
    let main = resolved
    return ["", "-wal", "-shm", "-journal"].map { FilePath(main + $0) }
  }

  private func isOpenToOthers(_ place: FilePath) -> Bool {
    guard let status = try? Stat(place, followTargetSymlink: false) else { return false }
    let others: FilePermissions = [.groupReadWriteExecute, .otherReadWriteExecute]
    return status.type == .regular && !status.permissions.isDisjoint(with: others)
  }

  private func makeFolder(_ folder: FilePath) throws(HistoryError) {
    if (try? Stat(folder))?.type == .directory { return }
    let parent = folder.removingLastComponent()
    if parent != folder, !parent.isEmpty { try makeFolder(parent) }
    guard mkdir(folder.string, 0o700) != 0 else { return }
    let error = Errno(rawValue: errno)
    switch error {
    case .fileExists where (try? Stat(folder))?.type == .directory: return
    case .fileExists: throw .folderNotMade(path: shown, reason: "a file is in its place")
    case .noSpace, .diskQuotaExceeded: throw .diskFull(path: shown)
    default: throw .folderNotMade(path: shown, reason: error.description.lowercased())
    }
  }
}

extension HistoryFile {
  /// A private copy of the file, and of what SQLite keeps beside it, in a new folder with mode 0700
  /// that the caller removes; returns the copy's path.
  ///
  /// Only for files that no process has open (``hasSharedMemory``).
  func copyToTemporaryFolder() throws(HistoryError) -> (folder: URL, file: String) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("backbone-migrate-\(UUID().uuidString)")
    let copy = folder.appendingPathComponent("history.sqlite").path
    guard mkdir(folder.path, 0o700) == 0 else {
      throw HistoryError(Errno(rawValue: errno), path: shown)
    }
    do {
      for place in companions where (try? Stat(place)) != nil {
        let suffix = place.string.dropFirst(resolved.count)
        let text = try Data(contentsOf: URL(fileURLWithPath: place.string))
        let target = try FileDescriptor.open(
          copy + suffix, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
          permissions: .ownerReadWrite)
        try target.closeAfter { _ = try target.writeAll(text) }
      }
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw Self.copyError(error, path: shown)
    }
    return (folder, copy)
  }

  private static func copyError(_ error: any Error, path: String) -> HistoryError {
    switch error {
    case let error as Errno: HistoryError(error, path: path)
    case CocoaError.fileReadNoPermission: .permissionDenied(path: path)
    default: .failed(path: path, reason: "it cannot be read")
    }
  }
}
