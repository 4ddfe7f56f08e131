import Foundation
import MigratePlanning
import Subprocess
import Synchronization
package import SystemPackage

/// One `kubectl proxy` at a socket that only the user can reach: kubectl knows the kubeconfig, logs
/// in, and keeps the connection to the API server, and every request of this program goes through
/// it.
///
/// It is started for the first request, and again for the next one when it has died.
package actor KubectlProxy {
  /// How this program is started as a ``ProxyKeeper``.
  package static let ownProgram = "/proc/self/exe"

  /// The most bytes that a socket's path may have: Linux has 108, with a zero at the end.
  static let longestPath = 107

  var login = Login()
  private let executable: String
  private let arguments: [String]
  private let keeper: String
  private let errorOutput: FileDescriptor
  private let limit: Duration
  private let served: SocketClient?
  private var running: RunningProxy?
  private var start: Task<Result<RunningProxy, ClusterError>, Never>?
  private var isEnded = false

  /// Takes kubectl, the cluster, the program to be started as keeper, and where kubectl's standard
  /// error goes: prompts of a login have to reach the user.
  package init(
    executable: String, connection: ClusterConnection, keeper: String = ownProgram,
    errorOutput: FileDescriptor = .standardError
  ) {
    self.executable = executable
    self.keeper = keeper
    self.errorOutput = errorOutput
    limit = connection.requestTimeout
    served = nil
    var everywhere = connection
    everywhere.namespace = nil
    // What the user's kuberc may say of these is not meant here.
    arguments =
      [
        "proxy", "--append-server-path", "--accept-hosts=^localhost$", "--api-prefix=/",
        "--accept-paths=^.*", "--www=",
      ] + everywhere.arguments(contextFlag: "--context")
  }

  /// Takes a server that is there already.
  init(servedBy client: SocketClient, login: Login = Login()) {
    self.login = login
    served = client
    (executable, arguments, keeper) = ("", [], "")
    (errorOutput, limit) = (.standardError, .zero)
  }

  /// Who speaks with the proxy, which is started when it does not run.
  ///
  /// - Throws: ``ClusterError``.
  func client() async throws(ClusterError) -> SocketClient {
    if let served { return served }
    return try await proxy().client
  }

  /// Who speaks with the proxy after a connection to it broke, or could not be made: another proxy
  /// when this one has ended, as it has to when nobody listens at its socket any more.
  ///
  /// - Throws: ``ClusterError``.
  func client(
    after client: SocketClient, isUnheard: Bool
  ) async throws(ClusterError) -> SocketClient {
    if let running, running.client === client {
      // A process that was killed closes its connections before anybody is told of its end.
      let isOver = await running.isOver(within: .seconds(1))
      if !isOver, isUnheard { await running.end() }
    }
    return try await self.client()
  }

  /// Ends a proxy that says nothing at all any more, so that the next request starts another one. A
  /// slow API server is no reason: to this path kubectl says no by itself.
  func endIfHung(_ client: SocketClient) async {
    guard let running, running.client === client else { return }
    do {
      _ = try await client.answer(to: HTTPRequest("/api/v1/pods/-/exec"), within: .seconds(2))
    } catch {
      await running.end()
    }
  }

  /// The process of kubectl, and its socket, which is started when it does not run.
  ///
  /// - Throws: ``ClusterError``.
  package func process() async throws(ClusterError) -> (kubectl: Int32, socket: String) {
    let proxy = try await proxy()
    return (proxy.process, proxy.folder + "/" + ProxyKeeper.socketName)
  }

  /// Ends kubectl, and waits until it and its socket are gone. No other one is started afterwards,
  /// whoever still asks.
  package func end() async {
    isEnded = true
    if let start { _ = await start.value }
    await running?.end()
    running = nil
  }

  private func proxy() async throws(ClusterError) -> RunningProxy {
    guard !isEnded else { throw ClusterError("kubectl proxy", .cancelled) }
    if let running, !running.isOver { return running }
    if let start { return try await start.value.get() }
    let (executable, arguments) = (executable, arguments)
    let (keeper, errorOutput, limit) = (keeper, errorOutput, limit)
    let start = Task {
      await Result(awaiting: { () async throws(ClusterError) in
        try await RunningProxy.start(
          executable, arguments, keeper: keeper, errorOutput: errorOutput, within: limit)
      })
    }
    self.start = start
    let result = await start.value
    self.start = nil
    running = try? result.get()
    return try result.get()
  }
}

/// A proxy that was started.
private final class RunningProxy: Sendable {
  let client: SocketClient
  let folder: String
  let process: Int32
  private let line: KeeperLine

  private init(folder: String, process: Int32, line: KeeperLine) {
    self.folder = folder
    self.process = process
    self.line = line
    client = SocketClient(path: folder + "/" + ProxyKeeper.socketName)
  }

  deinit { line.hangUp() }

  var isOver: Bool { line.isOver }

  /// Whether it has ended, or does so soon.
  func isOver(within limit: Duration) async -> Bool {
    let end = ContinuousClock.now + limit
    while !isOver, ContinuousClock.now < end, !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(10))
    }
    return isOver
  }

  func end() async {
    line.hangUp()
    await line.over()
  }

  static func start(
    _ executable: String, _ arguments: [String], keeper: String, errorOutput: FileDescriptor,
    within limit: Duration
  ) async throws(ClusterError) -> RunningProxy {
    let action = "kubectl proxy"
    let folder = try ProxyFolder.make()
    let socket = folder + "/" + ProxyKeeper.socketName
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else {
      throw ClusterError(action, .noProxy(Errno(rawValue: errno).description))
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let line = KeeperLine(ends[0], folder: folder)
    let command = [ProxyKeeper.word, folder, executable] + arguments + ["--unix-socket=\(socket)"]
    line.read()
    Task {
      do {
        let nothing = try FileDescriptor.open("/dev/null", .readOnly, options: .closeOnExec)
        defer { try? nothing.close() }
        _ = try await Subprocess.run(
          keeper.contains("/") ? .path(FilePath(keeper)) : .name(keeper),
          arguments: Arguments(command),
          // No later run has to wait for it, as for what changes a cluster.
          environment: .inherit.updating([Environment.Key(stringLiteral: RunningChild.mark): nil]),
          // A login may ask its user; what is piped into this program is not for it.
          input: .fileDescriptor(
            isatty(0) == 1 ? .standardInput : nothing, closeAfterSpawningProcess: false),
          output: .fileDescriptor(
            FileDescriptor(rawValue: ends[1]), closeAfterSpawningProcess: true),
          error: .fileDescriptor(errorOutput, closeAfterSpawningProcess: false))
      } catch {
        line.note("failed \(error)")
        line.hangUp()
      }
    }
    let clock = Task {
      try? await Task.sleep(for: limit)
      if !Task.isCancelled { line.hangUp() }
    }
    defer { clock.cancel() }
    switch await line.start() {
    case .ready(let process): return RunningProxy(folder: folder, process: process, line: line)
    case .failed(let number):
      let problem: CommandError =
        number == ENOENT
        ? .notFound(executable: executable)
        : .notRun(executable: executable, reason: Errno(rawValue: number).description)
      throw ClusterError(action, .noProgram(problem))
    case .ended(let words): throw ClusterError(action, .noProxy(words))
    }
  }
}

/// The folder of a socket: nobody else may enter it.
enum ProxyFolder {
  /// Makes one where temporary files go, or, where the path would be too long for a socket, in
  /// `/tmp`.
  ///
  /// - Throws: ``ClusterError``.
  static func make(
    in folder: String = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
  ) throws(ClusterError) -> String {
    let socket = folder + "/bm-XXXXXX/" + ProxyKeeper.socketName
    let isFit = folder.hasPrefix("/") && socket.utf8.count <= KubectlProxy.longestPath
    for parent in isFit ? [folder, "/tmp"] : ["/tmp"] {
      var template = Array((parent + "/bm-XXXXXX").utf8CString)
      if mkdtemp(&template) != nil {
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
    }
    throw ClusterError(
      "kubectl proxy", .noProxy("no folder for its socket: \(Errno(rawValue: errno))"))
  }
}

/// The wire to the keeper, which tells it of this process's end.
private final class KeeperLine: Sendable {
  enum Start: Sendable {
    case ready(Int32)
    /// It could not be started, by its `errno`.
    case failed(Int32)
    /// It ended before it served: its words.
    case ended(String)
  }

  private struct State {
    var process: Int32?
    var start: Start?
    var isOver = false
    var isClosed = false
    var waiting: CheckedContinuation<Start, Never>?
    var ending: [CheckedContinuation<Void, Never>] = []
  }

  private let file: Int32
  private let folder: String
  private let state = Mutex(State())

  init(_ file: Int32, folder: String) {
    self.file = file
    self.folder = folder
  }

  var isOver: Bool { state.withLock(\.isOver) }

  /// Tells the keeper to end kubectl. Without a keeper, nothing more is read.
  func hangUp() {
    state.withLock { state in
      guard !state.isClosed else { return }
      _ = shutdown(file, Int32(state.process == nil ? SHUT_RDWR : SHUT_WR))
    }
  }

  /// Waits until kubectl serves, or does not.
  func start() async -> Start {
    await withCheckedContinuation { continuation in
      let start = state.withLock { state in
        if state.start == nil { state.waiting = continuation }
        return state.start
      }
      if let start { continuation.resume(returning: start) }
    }
  }

  /// Waits until the keeper is gone.
  func over() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        if !state.isOver { state.ending.append(continuation) }
        return state.isOver
      }
      if isOver { continuation.resume() }
    }
  }

  /// Begins to listen, in a thread of its own.
  func read() {
    Thread.detachNewThread { [self] in
      var text: [UInt8] = []
      var bytes = [UInt8](repeating: 0, count: 4_096)
      while true {
        let count = Foundation.read(file, &bytes, bytes.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { break }
        text += bytes.prefix(count)
        if !text.starts(with: Array("ended".utf8)) {
          while let end = text.firstIndex(of: UInt8(ascii: "\n")),
            !text.starts(with: Array("ended".utf8))
          {
            note(String(decoding: text[..<end], as: UTF8.self))
            text.removeFirst(end + 1)
          }
        }
      }
      finish(String(decoding: text, as: UTF8.self))
    }
  }

  /// Takes a line of the keeper.
  func note(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 1)
    guard let word = words.first else { return }
    let number = words.last.flatMap { Int32($0) }
    switch word {
    case "process": state.withLock { $0.process = number }
    case "ready": resolve(state.withLock { .ready($0.process ?? 0) })
    case "failed": resolve(number.map(Start.failed) ?? .ended(String(words.last ?? "")))
    default: break
    }
  }

  private func resolve(_ start: Start) {
    let waiting = state.withLock { state -> CheckedContinuation<Start, Never>? in
      guard state.start == nil else { return nil }
      state.start = start
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(returning: start)
  }

  private func finish(_ last: String) {
    let lines = last.split(separator: "\n", omittingEmptySubsequences: true)
    if lines.first?.hasPrefix("ended") != true {
      // The keeper itself was killed, and kubectl would stay.
      if let process = state.withLock(\.process),
        let command = FileManager.default.contents(atPath: "/proc/\(process)/cmdline"),
        String(decoding: command, as: UTF8.self).contains(folder)
      {
        _ = kill(process, SIGKILL)
      }
    }
    unlink(folder + "/" + ProxyKeeper.socketName)
    rmdir(folder)
    let words = lines.dropFirst().map { String($0.trimmingPrefix("error: ")) }
    resolve(.ended(words.isEmpty ? "it did not begin to serve" : words.joined(separator: "; ")))
    let ending = state.withLock { state in
      (state.isOver, state.isClosed) = (true, true)
      close(file)
      defer { state.ending = [] }
      return state.ending
    }
    for continuation in ending { continuation.resume() }
  }
}
