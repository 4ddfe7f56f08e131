import Foundation
import MigratePlanning

/// What goes wrong around the program under test: programs that stand in for helm and kubectl and
/// count how they are run, and a proxy before the API server.
///
/// Both count within a *stage*, the kind and the step of the run as its journal has it, such as
/// `apply.helm` or `rollback.restore`; before there is a journal the stage is `-`. Step `-` is
/// before the first one that is written down.
struct Faults: Sendable {
  private let bench: Workbench
  private let folder: String
  private let proxy: Int32

  /// Does a test's work between such programs.
  static func with(
    _ bench: Workbench, _ work: nonisolated(nonsending) (Faults) async throws -> Void
  ) async throws {
    let faults = try await Faults(bench)
    defer { kill(faults.proxy, SIGKILL) }
    try await work(faults)
  }

  private init(_ bench: Workbench) async throws {
    self.bench = bench
    folder = bench.folder + "/faults-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try Self.write("", to: folder + "/lock")
    for (name, text) in [
      ("helm", Self.standInForHelm(bench.sandbox.helm(bench.helmVersion), in: folder)),
      ("kubectl", Self.standInForKubectl(bench.sandbox.kubectl, in: folder)),
    ] {
      try Self.write(text, to: folder + "/" + name)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder + "/" + name)
    }
    let process = Process()
    process.executableURL = URL(filePath: Self.program)
    process.arguments = [folder, "--kubeconfig", bench.kubeconfig]
    process.standardInput = FileHandle.nullDevice
    _ = FileManager.default.createFile(atPath: folder + "/proxy.errors", contents: nil)
    process.standardError = try FileHandle(
      forWritingTo: URL(filePath: folder + "/proxy.errors"))
    try process.run()
    proxy = process.processIdentifier
    for _ in 0..<1000 where !FileManager.default.fileExists(atPath: folder + "/kubeconfig") {
      try await Task.sleep(for: .milliseconds(10))
    }
    try arm()
  }

  private static let program = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "sandbox/fault-proxy").path()

  private static func write(_ text: String, to path: String) throws {
    try text.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// A helm that notes each time that it is run, and does what a hook says when it is its turn.
  /// Only then does it stay beside the helm that it stands in for.
  private static func standInForHelm(_ program: String, in folder: String) -> String {
    """
    #!/bin/sh
    d='\(folder)'
    exec 9>"$d/lock"; flock 9
    stage=-; read -r stage < "$d/stage"
    n=0; [ -e "$d/count.$stage" ] && read -r n < "$d/count.$stage"
    n=$((n + 1)); echo $n > "$d/count.$stage"
    printf '%s\\n' "$stage $n helm $*" >> "$d/calls"
    echo $$ > "$d/helm.pid"
    read -r parent < "/proc/$PPID/comm" && [ "$parent" = backbone-migrat ] && \
    echo $PPID > "$d/tool.pid"
    at=; before() { :; }; instead() { '\(program)' "$@"; }; after() { :; }
    if [ -e "$d/hook" ]; then
      . "$d/hook"
      if [ "$at" = "$stage $n" ]; then mv "$d/hook" "$d/hooked"; else at=; fi
    fi
    exec 9>&-
    [ -n "$at" ] || exec '\(program)' "$@"
    tool=$(cat "$d/tool.pid")
    before
    instead "$@"; status=$?
    after
    exit $status

    """
  }

  /// A kubectl that notes the processes and the folder of the conversation.
  private static func standInForKubectl(_ program: String, in folder: String) -> String {
    """
    #!/bin/sh
    d='\(folder)'
    for word; do
      case "$word" in
      --unix-socket=*)
        socket=${word#*=}; echo "${socket%/*}" > "$d/socket-folder"
        echo $$ > "$d/kubectl.pid"
        # The tool is the parent of its keeper.
        keeper=$(cat "/proc/$PPID/stat"); keeper=${keeper##*) ? }
        echo "${keeper%% *}" > "$d/tool.pid"
        ;;
      esac
    done
    exec '\(program)' "$@"

    """
  }

  /// A moment around a helm: the n-th one that is run in a stage.
  struct Hook: Sendable {
    var stage: String
    var number: Int
    /// Lines of a shell; `$tool` is the program under test, `$$` what it has started.
    var before = ":"
    /// What is done in the program's place, with its arguments; nil for the program itself.
    var instead: String?
    var after = ":"
  }

  /// Says what is to go wrong from now on, and begins to count anew.
  func arm(_ rules: [JSON] = [], _ hook: Hook? = nil) throws {
    let files = FileManager.default
    for name in try files.contentsOfDirectory(atPath: folder)
    where name.hasPrefix("count.") || ["calls", "hook", "hooked"].contains(name) {
      try? files.removeItem(atPath: folder + "/" + name)
    }
    // The proxy writes at its end, wherever that is.
    truncate(path("requests.log"), 0)
    for name in ["helm.pid", "kubectl.pid", "tool.pid"] { try Self.write("0", to: path(name)) }
    try Self.write("-\n", to: path("stage"))
    let document: JSON = [
      "rules": .array(rules), "stageFile": .string(path("stage")),
      "stages": [
        #""backbone-migrate/kind":"(\w+)""#, #""backbone-migrate/step":"(\w+)""#,
      ],
    ]
    try Self.write(document.canonical, to: path("rules.json"))
    guard let hook else { return }
    try Self.write(
      """
      at='\(hook.stage) \(hook.number)'
      before() { \(hook.before); }
      after() { \(hook.after); }
      \(hook.instead.map { "instead() { \($0); }" } ?? "")

      """, to: path("hook"))
  }

  private func path(_ name: String) -> String { folder + "/" + name }

  /// The file with the folder of the conversation's socket.
  var socketFolderFile: JSON { .string(path("socket-folder")) }

  /// The files with the ids of the processes, for the proxy's signals.
  func processFiles(_ names: [String]) -> JSON {
    .array(names.map { .string(path("\($0).pid")) })
  }

  /// The options that make the program under test run the programs that stand in.
  var options: [String] { ["--helm", path("helm"), "--kubectl", path("kubectl")] }

  /// The same place, seen through the proxy.
  var proxied: Workbench {
    var proxied = bench
    proxied.kubeconfig = path("kubeconfig")
    return proxied
  }

  /// Whether the hook had its turn.
  var wasHooked: Bool { FileManager.default.fileExists(atPath: path("hooked")) }

  /// A request that the proxy saw since the counting began.
  struct Request: Sendable {
    var stage: String
    var method: String
    var path: String
    var isWrite: Bool
    var rules: [String]

    /// Whether it is one that lasts.
    var isWatch: Bool { path.contains("watch=") }
  }

  /// Every request, in the order of their answers.
  func requests() throws -> [Request] {
    try lines("requests.log").map { line in
      let json = try JSONDecoder().decode(JSON.self, from: Data(line.utf8))
      return Request(
        stage: json["stage"]?.string ?? "", method: json["method"]?.string ?? "",
        path: json["path"]?.string ?? "", isWrite: json["write"] == true,
        rules: json["rules"]?.elements.compactMap(\.string) ?? [])
    }
  }

  /// Every helm that was run since the counting began: stage, number, and with what.
  func calls() throws -> [String] { try lines("calls") }

  private func lines(_ name: String) throws -> [String] {
    guard let data = FileManager.default.contents(atPath: path(name)) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// Waits until no process of the program under test is left: neither it, nor what it has started.
  ///
  /// - Returns: those that are there in the end.
  func processes(within seconds: Double = 0) async throws -> [String] {
    let end = Date(timeIntervalSinceNow: seconds)
    while true {
      let found = Self.processes(with: path("kubeconfig"))
      if found.isEmpty || Date() >= end { return found }
      try await Task.sleep(for: .milliseconds(100))
    }
  }

  /// The processes with some text among their variables.
  private static func processes(with text: String) -> [String] {
    let needle = Data(text.utf8)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.filter { Int32($0) != nil }.compactMap { name in
      func bytes(_ file: String) -> Data {
        (try? FileHandle(forReadingAtPath: "/proc/\(name)/\(file)")?.readToEnd()) ?? Data()
      }
      guard bytes("environ").firstRange(of: needle) != nil else { return nil }
      let words = bytes("cmdline").split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return "\(name) \(words.joined(separator: " "))"
    }
  }
}
