import Foundation

/// The process between this program and `kubectl proxy`: it ends kubectl when this program ends,
/// however it ends, and removes what kubectl leaves.
///
/// Its standard output is one end of a pair of sockets whose other end only this program has, so
/// that the kernel tells it of the end. A parent-death signal would not do: it goes by the thread
/// that began the process, and a kubectl that is a script, or is started by one that switches
/// users, never gets it. Ctrl-C at the terminal reaches neither it nor kubectl, which both ignore
/// it: a run that was asked to stop still has to talk to the cluster. They stay in this program's
/// process group all the same, since a login may want to read from the terminal.
///
/// It says, a line each: `process PID`; `ready` when kubectl serves; and at the end `ended STATUS`,
/// and then kubectl's last words, or `failed ERRNO` when it could not be started.
package enum ProxyKeeper {
  /// The argument by which this program becomes one.
  package static let word = "__kubectl-proxy"

  /// The socket's name in its folder.
  static let socketName = "s"

  /// Does the work, when these arguments of this program say so.
  ///
  /// - Returns: the exit status; nil when they do not.
  package static func run(_ arguments: [String]) -> Int32? {
    guard arguments.first == word, arguments.count > 2 else { return nil }
    var keeper = Keeper(folder: arguments[1])
    return keeper.run(Array(arguments.dropFirst(2)))
  }
}

private struct Keeper {
  let folder: String
  /// This program's end of the pair.
  private let line: Int32 = 1
  private var words = LastWords()
  /// What is for the user, until kubectl serves: when it does not, its words become an error.
  private var heldBack: [UInt8] = []
  private var isReady = false

  init(folder: String) { self.folder = folder }

  mutating func run(_ command: [String]) -> Int32 {
    for number in [SIGINT, SIGHUP, SIGPIPE, SIGTERM] { signal(number, SIG_IGN) }
    defer {
      unlink(folder + "/" + ProxyKeeper.socketName)
      rmdir(folder)
    }
    guard let output = Self.pipe(), let errors = Self.pipe() else {
      tell("failed \(errno)")
      return 1
    }
    var process: pid_t = 0
    let failure = Self.spawn(command, output: output[1], errors: errors[1], &process)
    close(output[1])
    close(errors[1])
    guard failure == 0 else {
      tell("failed \(failure)")
      return 1
    }
    tell("process \(process)")
    let isOurs = watch(output: output[0], errors: errors[0])
    if !isOurs { Self.end(process) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    if isOurs { tell("ended \(Self.exitStatus(status))\n" + words.text) }
    return 0
  }

  /// Waits for the end of this program or of kubectl.
  ///
  /// - Returns: whether it is kubectl that ended.
  private mutating func watch(output: Int32, errors: Int32) -> Bool {
    var said: [UInt8] = []
    var sources = [line, output, errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      guard poll(&sources, nfds_t(sources.count), -1) >= 0 else {
        if errno == EINTR { continue }
        return false
      }
      if sources[2].revents != 0 {
        let bytes = Self.bytes(of: errors)
        if bytes.isEmpty { sources[2].fd = -1 }
        show(words.take(bytes))
      }
      if sources[1].revents != 0 {
        let bytes = Self.bytes(of: output)
        if bytes.isEmpty {
          // What it said last may not have been read yet.
          var rest = pollfd(fd: errors, events: Int16(POLLIN), revents: 0)
          while sources[2].fd >= 0, poll(&rest, 1, 0) > 0 {
            let bytes = Self.bytes(of: errors)
            if bytes.isEmpty { break }
            show(words.take(bytes))
          }
          return true
        }
        if !isReady {
          said += bytes.prefix(4_096)
          if String(decoding: said, as: UTF8.self).contains("Starting to serve") {
            isReady = true
            tell("ready")
            show([])
          }
        }
      }
      if sources[0].revents != 0, Self.bytes(of: line).isEmpty { return false }
    }
  }

  private mutating func show(_ bytes: [UInt8]) {
    heldBack += bytes
    guard isReady else { return }
    Self.write(heldBack, to: 2)
    heldBack = []
  }

  /// The two ends of a pipe that no program gets as it is.
  private static func pipe() -> [Int32]? {
    var ends: [Int32] = [0, 0]
    guard Foundation.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return ends
  }

  private func tell(_ text: String) { Self.write(Array((text + "\n").utf8), to: line) }

  private static func bytes(of file: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = read(file, &bytes, bytes.count)
      if count >= 0 { return Array(bytes.prefix(count)) }
      if errno != EINTR { return [] }
    }
  }

  private static func write(_ bytes: [UInt8], to file: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if count < 0, errno != EINTR { return }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  /// Starts kubectl, found by its path or on PATH.
  ///
  /// - Returns: an `errno`, or zero.
  private static func spawn(
    _ command: [String], output: Int32, errors: Int32, _ process: inout pid_t
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var usual = sigset_t()
    sigemptyset(&usual)
    for number in [SIGPIPE, SIGTERM] { sigaddset(&usual, number) }
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    // As it is: not every variable has to be text.
    let environment = FileManager.default.contents(atPath: "/proc/self/environ") ?? Data()
    var variables: [UnsafeMutablePointer<CChar>?] = environment.split(separator: 0).map { entry in
      (entry.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { characters in
        characters.baseAddress.flatMap { strdup($0) }
      }
    }
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    defer { for pointer in variables + words { free(pointer) } }
    variables.append(nil)
    words.append(nil)
    return posix_spawnp(&process, command[0], &actions, &attributes, words, variables)
  }

  /// Ends kubectl and what it started: a login that waits, and kubectl itself where it is started
  /// by a script.
  private static func end(_ process: pid_t) {
    var family = [process]
    var next = 0
    while next < family.count {
      family += children(of: family[next]).filter { !family.contains($0) }
      next += 1
    }
    for member in family.dropFirst() { _ = kill(member, SIGTERM) }
    _ = kill(process, SIGKILL)
  }

  /// The processes that the threads of a process began.
  private static func children(of process: pid_t) -> [pid_t] {
    let threads = "/proc/\(process)/task"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: threads)) ?? []
    return names.flatMap { name -> [pid_t] in
      let text = FileManager.default.contents(atPath: "\(threads)/\(name)/children") ?? Data()
      return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }
  }

  private static func exitStatus(_ status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : 128 + signal
  }
}

/// What kubectl writes to its standard error: all of it is for the user, as prompts of logins are,
/// but for the lines of its log, which repeat what this program is told as an answer.
struct LastWords {
  private var line: [UInt8] = []
  /// The part of the line that was passed on already.
  private var passed = 0
  private var kept: [UInt8] = []

  /// The last of the words, without the log.
  var text: String {
    String(decoding: (kept + line).suffix(2_048), as: UTF8.self)
  }

  /// Takes what was written.
  ///
  /// - Returns: what of it, and of what was held back before, is for the user.
  mutating func take(_ bytes: [UInt8]) -> [UInt8] {
    var forUser: [UInt8] = []
    for byte in bytes {
      line.append(byte)
      if byte == UInt8(ascii: "\n") {
        if !Self.isLog(line) || passed > 0 {
          forUser += line[passed...]
          kept += line
        }
        (line, passed) = ([], 0)
      }
    }
    // A prompt has no end of line.
    if !line.isEmpty, !Self.mayBeLog(line) {
      forUser += line[passed...]
      passed = line.count
    }
    if kept.count > 4_096 { kept.removeFirst(kept.count - 4_096) }
    if line.count > 65_536 {
      kept += line.suffix(2_048)
      (line, passed) = ([], 0)
    }
    return forUser
  }

  /// `E1130 07:00:00.123456   12 proxy_server.go:147] …`, klog's.
  private static func isLog(_ line: [UInt8]) -> Bool { line.count > 6 && mayBeLog(line) }

  private static func mayBeLog(_ line: [UInt8]) -> Bool {
    guard let first = line.first, "IWEF".utf8.contains(first) else { return false }
    let digits = line.dropFirst().prefix(4)
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
      return false
    }
    return line.count < 6 || line[5] == UInt8(ascii: " ")
  }
}
