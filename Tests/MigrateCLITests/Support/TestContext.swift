import ArgumentParser
import Foundation
import MigrateAdapters
import Synchronization
import Testing

@testable import MigrateCLI

/// A world for commands: what they write is kept, time and chance stand still, and a process that
/// nobody expects is a failure.
struct TestContext: Sendable {
  /// What was written.
  final class Written: Sendable {
    private let text = Mutex("")

    var all: String { text.withLock { $0 } }

    func append(_ more: String) { text.withLock { $0 += more } }
  }

  let output = Written()
  let errors = Written()
  private(set) var context: CommandContext

  /// A context that runs programs as given; by default every program is one too many.
  init(
    run: @escaping CommandRunner = TestContext.unexpected, input: String = "",
    environment: [String: String] = [:], outputIsTerminal: Bool = false, width: Int = 80
  ) {
    let (output, errors) = (output, errors)
    context = CommandContext(
      environment: environment, run: run, transport: UnexpectedTransport(),
      now: { Date(timeIntervalSince1970: 1_772_359_200) }, start: .now,
      randomText: { String("x7k2m9qa".prefix($0)) }, readInput: { Array(input.utf8) },
      writeOutput: { output.append($0) }, writeError: { errors.append($0) },
      outputIsTerminal: outputIsTerminal, errorIsTerminal: false, width: width)
  }

  /// Changes the world.
  mutating func change(_ change: (inout CommandContext) -> Void) { change(&context) }

  /// Fails the test that runs a program.
  static let unexpected: CommandRunner = { command throws(CommandError) in
    Issue.record("nobody expected \"\(command.line)\" to be run")
    throw .notFound(executable: command.executable)
  }

  /// Runs a command's work as the command itself does, and gives its exit code.
  func exitCode(_ work: (CommandContext) async throws -> MigrateCLI.ExitStatus) async -> Int32 {
    do {
      try await context.perform { try await work(context) }
      return 0
    } catch {
      return BackboneMigrate.exitCode(for: error).rawValue
    }
  }
}

/// Fails the test that asks the cluster.
struct UnexpectedTransport: ClusterTransport {
  func answer(
    to request: HTTPRequest, for action: String, within limit: Duration
  ) async throws(ClusterError) -> HTTPAnswer {
    Issue.record("nobody expected the cluster to be asked: \(request.target)")
    throw ClusterError(action, .noProgram(.notFound(executable: "kubectl")))
  }

  func end() async {}
}

/// A folder for one test.
enum TestFolder {
  /// Makes a folder, hands its path to the work, and removes it.
  static func with<Value>(_ work: (String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "backbone-migrate-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await work(folder.path())
  }
}
