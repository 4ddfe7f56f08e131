import Foundation

/// Runs programs under strace, which follows every process that they start.
struct Tracer: Sendable {
  let bench: Workbench

  /// Runs the binary.
  func migrate(_ arguments: [String]) async throws -> (outcome: Outcome, trace: Trace) {
    try await run("backbone-migrate", arguments)
  }

  /// Runs a program, with everything recorded that it and its children are started with or write.
  func run(
    _ program: String, _ arguments: [String], input: String? = nil
  ) async throws -> (outcome: Outcome, trace: Trace) {
    let folder = bench.folder + "/trace-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try await bench.run(
      "strace", Self.options + ["--output", folder + "/trace", "--", program] + arguments,
      input: input)
    guard outcome.status != 127 else {
      throw Trace.Unreadable(
        description: "strace cannot run (\(outcome.errorText)); run \"sandbox/setup packages\"")
    }
    return (outcome, try Trace(below: folder))
  }

  private static let options = [
    // A file for each thread; only the calls below stop a process.
    "--follow-forks", "--output-separately", "--seccomp-bpf", "--quiet=all",
    "--absolute-timestamps=unix,us", "--no-abbrev", "--decode-fds=path", "--strings-in-hex=all",
    "--string-limit=4194304", "--signal=none",
    "--trace=" + calls.map { "?" + $0 }.joined(separator: ","),
  ]

  /// By which a program starts others, writes, or makes files. Not every processor has all of them.
  private static let calls = [
    "execve", "execveat", "clone", "clone3", "fork", "vfork", "dup2", "dup3", "write", "pwrite64",
    "writev", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg", "open", "openat", "openat2",
    "creat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "link", "linkat", "symlink",
    "symlinkat", "mknod", "mknodat", "setxattr", "fsetxattr", "lsetxattr", "memfd_create", "mmap",
    "sendfile", "copy_file_range", "splice", "tee", "vmsplice", "process_vm_writev",
    "io_uring_setup", "bind", "connect", "accept", "accept4",
  ]
}
