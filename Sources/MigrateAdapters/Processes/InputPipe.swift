import Foundation
import SystemPackage

/// Feeds bytes to a program's standard input, whether the program reads them or not.
///
/// Subprocess's own way of writing input ends this process when the program has gone before it has
/// read all.
enum InputPipe {
  /// Makes a pipe whose end to read gives these bytes, written in a thread of their own.
  ///
  /// - Throws: `Errno` when there can be no more pipes.
  static func reading(_ bytes: [UInt8]) throws(Errno) -> FileDescriptor {
    var ends: [Int32] = [0, 0]
    // Subprocess closes in a program everything but its own three, so no other one holds an end
    // open.
    guard pipe(&ends) == 0 else { throw Errno(rawValue: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (read, write) = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    Thread.detachNewThread {
      // The program may be gone; what it then says is in its error output.
      try? write.closeAfter { _ = try write.writeAll(bytes) }
    }
    return read
  }
}
