import Foundation
import Synchronization

/// The built binary, running beside a test that can send it signals.
struct RunningProgram: Sendable {
  private let folder: String
  private let command: String
  private let process: Int32
  private let status = Ending()

  /// Its end, for whoever waits for it.
  private final class Ending: Sendable {
    private let status = Mutex<Int?>(nil)
    var value: Int? { status.withLock { $0 } }
    func set(_ value: Int) { status.withLock { $0 = value } }
  }

  /// Starts the binary with the environment that all programs of a test get.
  init(in bench: Workbench, _ arguments: [String]) throws {
    folder = bench.folder + "/run-\(UUID().uuidString)"
    command = (["backbone-migrate"] + arguments).joined(separator: " ")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for name in ["output", "errors"] {
      _ = FileManager.default.createFile(atPath: folder + "/" + name, contents: nil)
    }
    var environment = ProcessInfo.processInfo.environment
    for (name, value) in bench.environment { environment[name] = value }
    let program = Process()
    program.executableURL = URL(filePath: bench.sandbox.binary)
    program.arguments = arguments
    program.environment = environment
    program.currentDirectoryURL = URL(filePath: bench.folder)
    program.standardInput = FileHandle.nullDevice
    program.standardOutput = try FileHandle(forWritingTo: URL(filePath: folder + "/output"))
    program.standardError = try FileHandle(forWritingTo: URL(filePath: folder + "/errors"))
    program.terminationHandler = { [status] program in
      let code = Int(program.terminationStatus)
      status.set(program.terminationReason == .exit ? code : 128 + code)
    }
    try program.run()
    process = program.processIdentifier
  }

  /// Sends a signal, if it still runs.
  func send(_ signal: Int32) { if status.value == nil { kill(process, signal) } }

  /// Waits until it has printed some words of its progress.
  ///
  /// - Throws: ``Outcome/Failure`` when it ends before, or after a minute.
  func waitUntil(_ words: String) async throws {
    for _ in 0..<600 {
      if try text("errors").contains(words) { return }
      if status.value != nil { break }
      try await Task.sleep(for: .milliseconds(100))
    }
    throw Outcome.Failure(outcome: try outcome(-1))
  }

  /// Waits for its end, five minutes at most.
  func end() async throws -> Outcome {
    for _ in 0..<3000 {
      if let value = status.value { return try outcome(value) }
      try await Task.sleep(for: .milliseconds(100))
    }
    send(SIGKILL)
    throw Outcome.Failure(outcome: try outcome(-1))
  }

  private func outcome(_ status: Int) throws -> Outcome {
    Outcome(
      command: command, status: status, output: Array(try text("output").utf8),
      errorText: try text("errors"))
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
  }
}
