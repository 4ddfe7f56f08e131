import Synchronization
import SystemPackage

/// This process's standard output, and what kept it from taking all that was written.
package final class StandardOutput: Sendable {
  private let file: FileDescriptor
  private let firstFailure = Mutex<Errno?>(nil)

  package init() { file = .standardOutput }

  /// Takes another file in its place.
  init(_ file: FileDescriptor) { self.file = file }

  /// Writes a text. What cannot be written is known afterwards.
  package func write(_ text: String) {
    do {
      try file.writeAll(Array(text.utf8))
    } catch {
      let failure = error as? Errno ?? .ioError
      firstFailure.withLock { $0 = $0 ?? failure }
    }
  }

  /// Why not all was written, in the system's words; nil when it was, and when the reader had
  /// enough and went, as `head` does.
  package var failure: String? {
    firstFailure.withLock { $0 == .brokenPipe ? nil : $0?.description }
  }
}
