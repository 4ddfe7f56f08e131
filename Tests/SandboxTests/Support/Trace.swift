import Foundation

/// What the processes of a command did, as strace wrote it down: what each was started with, and
/// whatever left it.
struct Trace: Sendable {
  /// A way out of a process.
  enum Exit: Hashable, Sendable {
    /// A word of a command line, or a variable, of a process.
    case argument, environment
    /// The name of a file, folder or link that was made.
    case name
    /// What was written to a file.
    case file
    /// What the tool printed.
    case output, errors
    /// What anything else wrote to, such as a socket or a pipe of its own.
    case other
    /// What the tool gave to the standard input of a child. This is the way that secrets go.
    case childInput
    /// What the tool asked kubectl's proxy over its socket, and the proxy's answers. This is a way
    /// of secrets as well.
    case request, answer
    /// What a child printed to the tool, live objects among it.
    case childOutput
    /// What a child printed to the tool as its errors; the tool cleans it of secrets.
    case childErrors
    /// Bytes that strace cannot show: a shared mapping of a file, a copy within the kernel.
    case unseen
  }

  /// Bytes that went one way.
  struct Passage: Sendable {
    let exit: Exit
    /// The program, and the file, pipe or socket.
    let place: String
    var bytes: [UInt8]
  }

  private(set) var passages: [Passage] = []
  private(set) var processes = 0
  private(set) var executions = 0

  /// Reads the record of each thread in a folder.
  ///
  /// - Throws: ``Unreadable``; when a file cannot be read.
  init(below folder: String) throws {
    var reader = TraceReader()
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      guard let thread = name.split(separator: ".").last.flatMap({ Int($0) }) else { continue }
      reader.read([UInt8](try Data(contentsOf: URL(filePath: folder + "/" + name))), of: thread)
    }
    try reader.follow()
    passages = reader.passages
    processes = reader.processes
    executions = reader.executions
  }

  /// A record that does not say what is to be known.
  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// How many bytes went these ways.
  func count(_ exits: Exit...) -> Int {
    passages.reduce(0) { $0 + (exits.contains($1.exit) ? $1.bytes.count : 0) }
  }

  /// How many passages there are of these ways.
  func passages(_ exits: Exit...) -> Int { passages.count { exits.contains($0.exit) } }

  /// The secrets that left by a way that they must not take, with the way.
  func leaks(_ search: SecretSearch) -> [String] {
    passages.filter { !Self.allowed.contains($0.exit) }.flatMap { passage in
      search.found(in: passage.bytes).sorted().map {
        "\($0) in \(passage.exit) \(passage.place)"
      }
    }
  }

  private static let allowed: Set<Exit> = [
    .childInput, .childOutput, .childErrors, .request, .answer, .unseen,
  ]

  /// The secrets that went one of these ways.
  func found(_ search: SecretSearch, in exits: Exit...) -> Set<String> {
    Set(passages.filter { exits.contains($0.exit) }.flatMap { search.found(in: $0.bytes) })
  }

  /// Where bytes went that strace cannot show.
  var unseen: [String] { passages.filter { $0.exit == .unseen }.map(\.place) }
}

/// Reads strace's records: one file for each thread, all texts in hexadecimal digits, paths beside
/// file descriptors.
private struct TraceReader {
  /// A system call, from its name to the end of its line.
  struct Call {
    let microseconds: Int
    let thread: Int
    let name: String
    let text: [UInt8]
  }

  /// A process, which may have many threads.
  final class Traced {
    var program: String
    /// Whether it is the tool, or a copy of it that has not become another program yet.
    var isTool: Bool
    let isRoot: Bool

    init(program: String, isTool: Bool, isRoot: Bool) {
      self.program = program
      self.isTool = isTool
      self.isRoot = isRoot
    }
  }

  private var calls: [Call] = []
  private var byThread: [Int: Traced] = [:]
  /// The calls that may have begun a thread, but whose caller was ended before strace saw which.
  private var unanswered: [Call] = []
  /// The pipes from the tool to a child's standard input, and from its output and errors to the
  /// tool.
  private var inputs: Set<String> = []
  private var outputs: Set<String> = []
  private var errors: Set<String> = []
  /// Where kubectl's proxy listens, and the two ends of each connection to it.
  private var listeners: Set<String> = []
  private var requests: Set<String> = []
  private var answers: Set<String> = []
  private var streams: [String: Int] = [:]
  private(set) var passages: [Trace.Passage] = []
  private(set) var processes = 0
  private(set) var executions = 0

  mutating func read(_ bytes: [UInt8], of thread: Int) {
    for line in bytes.split(separator: 0x0A) {
      // Such as `1795503676.335272 write(1</tmp/a>, "\x61", 1) = 1`.
      guard let space = line.firstIndex(of: 0x20), let open = line.firstIndex(of: 0x28),
        space < open
      else { continue }
      let name = String(decoding: line[line.index(after: space)..<open], as: UTF8.self)
      // A program maps and opens hundreds of files to read them.
      if name == "mmap", !line.contains("MAP_SHARED") || !line.contains("PROT_WRITE") { continue }
      if name.hasPrefix("open"), !line.contains("O_CREAT") { continue }
      let digits = line[..<space].filter { $0 != 0x2E }
      calls.append(
        Call(
          microseconds: Int(String(decoding: digits, as: UTF8.self)) ?? 0, thread: thread,
          name: name, text: Array(line[open...])))
    }
  }

  /// Goes through all calls in their order.
  ///
  /// - Throws: ``Trace/Unreadable``.
  mutating func follow() throws {
    calls.sort { ($0.microseconds, $0.thread) < ($1.microseconds, $1.thread) }
    guard let first = calls.first(where: { $0.name == "execve" && $0.succeeded }) else {
      throw Trace.Unreadable(description: "strace recorded no program; may it trace here?")
    }
    byThread[first.thread] = Traced(program: "", isTool: true, isRoot: true)
    processes = 1
    // Which pipe is whose input is known before anything is written to it.
    for call in calls {
      track(call)
      _ = try process(of: call)
    }
    for call in calls where call.text.contains("\"...") {
      throw Trace.Unreadable(description: "a text in a call of \(call.name) was cut")
    }
    byThread = [first.thread: Traced(program: "", isTool: true, isRoot: true)]
    unanswered = []
    (processes, executions) = (1, 0)
    for call in calls {
      track(call)
      record(call, by: try process(of: call))
    }
  }

  /// Who makes a call.
  ///
  /// - Throws: ``Trace/Unreadable`` for a thread that nobody can have begun.
  private mutating func process(of call: Call) throws -> Traced {
    if let process = byThread[call.thread] { return process }
    guard let begun = unanswered.popLast(), let parent = byThread[begun.thread] else {
      let others = calls.filter { $0.thread == call.thread }.map(\.name)
      throw Trace.Unreadable(
        description: "thread \(call.thread) came from nowhere, and calls \(others)")
    }
    begin(call.thread, from: parent, by: begun)
    return byThread[call.thread] ?? parent
  }

  /// Keeps up with who runs which program.
  private mutating func track(_ call: Call) {
    switch call.name {
    case "clone", "clone3", "fork", "vfork":
      guard let parent = byThread[call.thread] else { return }
      guard let child = call.result else {
        if !call.text.contains("ERESTART") { unanswered.append(call) }
        return
      }
      if child > 0 { begin(child, from: parent, by: call) }
    case "execve", "execveat":
      guard call.succeeded, let process = byThread[call.thread] else { return }
      let path = call.texts.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
      if !process.isRoot || !process.program.isEmpty { process.isTool = false }
      process.program = path.split(separator: "/").last.map(String.init) ?? path
      executions += 1
    case "dup2", "dup3":
      // A copy of the tool that becomes a child takes three pipes that were made for it; the tool's
      // own three are none of these.
      guard let process = byThread[call.thread], process.isTool, !process.isRoot,
        let target = call.target, target.hasPrefix("pipe:"), call.descriptor ?? 0 > 2
      else { return }
      switch call.copy {
      case 0: inputs.insert(target)
      case 1: outputs.insert(target)
      case 2: errors.insert(target)
      default: break
      }
    case "bind" where call.isOfConversation:
      if let target = call.target { listeners.insert(target) }
    case "accept4", "accept":
      guard call.target.map(listeners.contains) == true, let end = call.resultTarget else { return }
      answers.insert(end)
    case "connect" where call.isOfConversation && byThread[call.thread]?.isTool == true:
      if let target = call.target { requests.insert(target) }
    default: break
    }
  }

  private mutating func begin(_ child: Int, from parent: Traced, by call: Call) {
    if call.text.contains("CLONE_THREAD") {
      byThread[child] = parent
    } else {
      byThread[child] = Traced(program: parent.program, isTool: parent.isTool, isRoot: false)
      processes += 1
    }
  }

  private mutating func record(_ call: Call, by process: Traced) {
    switch call.name {
    case "execve", "execveat":
      guard call.succeeded else { return }
      // What the tool itself is started with is the operator's doing.
      guard !process.isRoot else { return }
      let (arguments, environment) = call.words
      for word in arguments { add(.argument, process.program, word) }
      for variable in environment { add(.environment, process.program, variable) }
    case "open", "openat", "openat2", "creat", "mkdir", "mkdirat", "rename", "renameat",
      "renameat2", "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat", "setxattr",
      "fsetxattr", "lsetxattr", "memfd_create":
      add(.name, process.program, call.texts.reduce(into: []) { $0 += $1 + [0x0A] })
    case "write", "pwrite64", "writev", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg":
      write(call, by: process)
    case "mmap":
      if let target = call.mapped { add(.unseen, "\(process.program) maps \(target)", []) }
    case "sendfile", "copy_file_range", "splice", "tee", "vmsplice", "process_vm_writev":
      guard call.result != nil, !call.text.contains("= -1 ") else { return }
      add(.unseen, "\(process.program) calls \(call.name)", [])
    case "io_uring_setup":
      if call.result.map({ $0 >= 0 }) == true { add(.unseen, "\(process.program) io_uring", []) }
    default: break
    }
  }

  private mutating func write(_ call: Call, by process: Traced) {
    guard let target = call.target, target != "/dev/null" else { return }
    let bytes = call.texts.reduce(into: []) { $0 += $1 }
    let isFile = target.hasPrefix("/") && !target.hasPrefix("/dev/")
    let place = "\(process.program) to \(target)"
    switch call.descriptor {
    case _ where isFile: add(.file, target, bytes, stream: target)
    case 1 where process.isTool: add(.output, process.program, bytes, stream: target)
    case 2 where process.isTool: add(.errors, process.program, bytes, stream: target)
    case _ where process.isTool && inputs.contains(target):
      add(.childInput, process.program, bytes, stream: target)
    case _ where process.isTool && requests.contains(target):
      add(.request, process.program, bytes, stream: target)
    case _ where answers.contains(target):
      add(.answer, process.program, bytes, stream: target)
    // A shell gives its children the one as the other.
    case _ where !process.isTool && outputs.contains(target):
      add(.childOutput, process.program, bytes, stream: target)
    case _ where !process.isTool && errors.contains(target):
      add(.childErrors, process.program, bytes, stream: target)
    default: add(.other, place, bytes, stream: place)
    }
  }

  /// Notes bytes; those of one stream stand together, however they were written.
  private mutating func add(
    _ exit: Trace.Exit, _ place: String, _ bytes: [UInt8], stream: String? = nil
  ) {
    let key = stream.map { "\(exit) \($0)" }
    if let key, let index = streams[key] {
      passages[index].bytes += bytes
      return
    }
    if let key { streams[key] = passages.count }
    passages.append(Trace.Passage(exit: exit, place: place, bytes: bytes))
  }
}

extension TraceReader.Call {
  /// What follows the last ` = `; nil where the caller was ended before it came back.
  var result: Int? {
    guard !text.contains("<unfinished"), let end = text.lastIndex(of: 0x3D) else { return nil }
    let digits = text[(end + 1)...].drop { $0 == 0x20 }
    let isNegative = digits.first == 0x2D
    let number = Int(
      String(
        decoding: digits.drop { $0 == 0x2D }.prefix { (0x30...0x39).contains($0) }, as: UTF8.self))
    return number.map { isNegative ? -$0 : $0 }
  }

  var succeeded: Bool { result == 0 }

  /// The number of the file descriptor that comes first.
  var descriptor: Int? {
    let digits = text.dropFirst().prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// The number that a file descriptor is copied to.
  var copy: Int? {
    guard let comma = text.firstRange(of: Array(", ".utf8)) else { return nil }
    let digits = text[comma.upperBound...].prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  /// What the file descriptor that comes first leads to: a path, `pipe:[1]`, `socket:[1]`.
  var target: String? { Self.target(in: text.dropFirst()) }

  /// Whether it is about the socket of the conversation, which has a folder of its own.
  var isOfConversation: Bool {
    text.contains("AF_UNIX")
      && texts.contains { String(decoding: $0, as: UTF8.self).contains("/bm-") }
  }

  /// What the file descriptor leads to that comes back.
  var resultTarget: String? {
    guard let end = text.lastIndex(of: 0x3D) else { return nil }
    return Self.target(in: text[(end + 1)...].drop { $0 == 0x20 })
  }

  /// The file of a shared mapping that can be written to; nil for none.
  var mapped: String? {
    guard !text.contains("MAP_ANONYMOUS"), let flags = text.firstRange(of: Array("MAP_SHARED".utf8))
    else { return nil }
    return Self.target(in: text[flags.upperBound...].drop { !(0x30...0x39).contains($0) })
  }

  private static func target(in text: ArraySlice<UInt8>) -> String? {
    let rest = text.drop { (0x30...0x39).contains($0) }
    guard rest.first == 0x3C else { return nil }
    return String(decoding: decoded(rest.dropFirst().prefix { $0 != 0x3E }), as: UTF8.self)
  }

  /// Every text in quotes.
  var texts: [[UInt8]] { Self.texts(in: text[...]) }

  /// The words of a command line and the variables of an environment.
  var words: (arguments: [[UInt8]], environment: [[UInt8]]) {
    // Quoted texts hold no brackets: they are all hexadecimal.
    let lists = text.split(separator: 0x5B).dropFirst().map { Self.texts(in: $0) }
    return (lists.first ?? [], lists.count > 1 ? lists[1] : [])
  }

  private static func texts(in text: ArraySlice<UInt8>) -> [[UInt8]] {
    let pieces = text.split(separator: 0x22, omittingEmptySubsequences: false)
    return stride(from: 1, to: pieces.count, by: 2).map { decoded(pieces[$0]) }
  }

  /// The bytes of `\x61\x62`; what is no such escape is as it is.
  private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4)
    text.withUnsafeBufferPointer { text in
      var index = 0
      while index < text.count {
        if text[index] == 0x5C, index + 3 < text.count, text[index + 1] == 0x78 {
          bytes.append(digit(text[index + 2]) << 4 | digit(text[index + 3]))
          index += 4
        } else {
          bytes.append(text[index])
          index += 1
        }
      }
    }
    return bytes
  }

  private static func digit(_ byte: UInt8) -> UInt8 {
    byte <= 0x39 ? byte &- 0x30 : (byte | 0x20) &- 0x57
  }
}

extension Sequence<UInt8> where Self: Collection {
  /// Whether a text of ASCII stands in these bytes.
  fileprivate func contains(_ text: String) -> Bool { firstRange(of: Array(text.utf8)) != nil }
}
