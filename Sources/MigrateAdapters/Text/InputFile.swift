import Foundation
import MigratePlanning

/// Reads files that somebody names: whole, up to a limit, and never waiting without end.
package enum InputFile {
  /// The most that a release, a plan or a packaged chart may have, in bytes.
  package static let limit = 32 << 20
  /// How long a named pipe is waited for that nobody writes to, in milliseconds.
  private static let patience: Int32 = 5_000

  /// The bytes of a file, or of a pipe such as a shell's `<(…)`.
  ///
  /// - Throws: ``InputFileError``.
  package static func bytes(
    at path: String, limit: Int = InputFile.limit
  ) throws(InputFileError) -> [UInt8] {
    // Without waiting, for opening a pipe waits until somebody writes.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputFileError(path, words(errno)) }
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw InputFileError(path, words(errno)) }
    if status.st_mode & S_IFMT == S_IFDIR { throw InputFileError(path, "it is a folder") }
    do {
      return try bytes(of: descriptor, limit: limit)
    } catch {
      throw InputFileError(path, error.reason)
    }
  }

  /// The text of a file.
  ///
  /// - Throws: ``InputFileError``, also when it is no UTF-8 text.
  package static func text(at path: String, limit: Int = InputFile.limit) throws(InputFileError)
    -> String
  {
    let bytes = try bytes(at: path, limit: limit)
    do {
      return try UTF8Text.string(bytes)
    } catch {
      throw InputFileError(path, error.description)
    }
  }

  /// What standard input gives until its end; one byte more than the limit where there is more, so
  /// that whoever reads it refuses it.
  package static func standardInput(limit: Int = InputFile.limit) -> [UInt8] {
    (try? bytes(of: STDIN_FILENO, limit: limit + 1, stops: true)) ?? []
  }

  private struct ReadFailure: Error { let reason: String }

  private static func bytes(
    of descriptor: Int32, limit: Int, stops: Bool = false
  ) throws(ReadFailure) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
        guard bytes.count > limit else { continue }
        if stops { return Array(bytes.prefix(limit)) }
        throw ReadFailure(reason: "it is larger than \(limit >> 20) MiB")
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno != EAGAIN { throw ReadFailure(reason: words(errno)) }
      // The end; or the beginning of a pipe to which nobody writes yet, which looks the same.
      if count == 0, !bytes.isEmpty || !isPipe(descriptor) { return bytes }
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let isSilent = poll(&wait, 1, count == 0 ? patience : -1) == 0
      if isSilent { throw ReadFailure(reason: "it is a pipe, and nobody writes to it") }
      if count == 0, wait.revents & Int16(POLLIN) == 0 { return bytes }
    }
  }

  private static func isPipe(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  private static func words(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "permission denied"
    default: String(cString: strerror(code)).lowercased()
    }
  }
}

/// A file that cannot be read, and why.
package struct InputFileError: Error, Hashable, CustomStringConvertible {
  package let path: String
  package let reason: String

  init(_ path: String, _ reason: String) { (self.path, self.reason) = (path, reason) }

  package var description: String { "\"\(path)\" cannot be read: \(reason)" }
}
