import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning
import Synchronization
import Testing

@testable import MigrateCLI

/// A real helm, and the plan command in this process with it.
///
/// `make test` names the binaries in BACKBONE_SANDBOX_HELM3 and BACKBONE_SANDBOX_HELM4; without
/// them the sandbox's cache is looked into. A missing binary is an error, never a skipped test.
struct ForeignHelm: CustomTestStringConvertible, Sendable {
  let version: String
  let variable: String

  static let newest = ForeignHelm(version: "4.3.1", variable: "BACKBONE_SANDBOX_HELM4")
  static let all = [
    ForeignHelm(version: "3.17.2", variable: "BACKBONE_SANDBOX_HELM3"), newest,
  ]

  var testDescription: String { "helm \(version)" }

  struct Trouble: Error, CustomStringConvertible { let description: String }

  /// A context that keeps what is written.
  static func context() -> (context: CommandContext, output: Written) {
    let written = Written()
    var context = CommandContext.live
    context.writeOutput = { text in written.add(text) }
    context.writeError = { _ in }
    context.outputIsTerminal = false
    context.errorIsTerminal = false
    return (context, written)
  }

  /// What was written so far.
  final class Written: Sendable {
    private let parts = Mutex("")

    func add(_ part: String) { parts.withLock { $0 += part } }

    var text: String { parts.withLock { $0 } }
  }

  /// Plans, and reads the document back from its JSON.
  func plan(_ arguments: [String]) async throws -> PlanDocument {
    let (context, output) = Self.context()
    _ = try await command(arguments).plan(in: context)
    return try PlanDocument(text: output.text)
  }

  /// Plans, and gives the answer in another format.
  func text(_ arguments: [String], as format: String) async throws -> String {
    let (context, output) = Self.context()
    _ = try await command(arguments, format).plan(in: context)
    return output.text
  }

  /// Expects a plan to fail with a status and a message that holds some texts.
  func fails(
    _ arguments: [String], _ status: MigrateCLI.ExitStatus, _ texts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let message = Written()
    var (context, _) = Self.context()
    context.writeError = { text in message.add(text) }
    let command = try command(arguments)
    await #expect(throws: status.exitCode, sourceLocation: sourceLocation) {
      try await context.perform { try await command.plan(in: context) }
    }
    #expect(
      message.text.hasPrefix("error: ") && message.text.split(separator: "\n").count == 1,
      sourceLocation: sourceLocation)
    for text in texts {
      #expect(message.text.contains(text), sourceLocation: sourceLocation)
    }
  }

  /// Runs helm itself.
  func run(_ arguments: [String]) async throws {
    let result = try await Subprocesses.run(Command(try executable(), arguments))
    guard result.isSuccess else {
      throw Trouble(description: "helm \(arguments.joined(separator: " ")): \(result.errorText)")
    }
  }

  private func command(_ arguments: [String], _ format: String = "json") throws -> PlanCommand {
    try PlanCommand.parse(
      arguments + ["--output", format, "--no-save", "--helm", try executable()])
  }

  private func executable() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment[variable], !path.isEmpty { return path }
    let cache =
      environment["BACKBONE_MIGRATE_CACHE"]
      ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/backbone-migrate"
    let path = "\(cache)/helm/\(version)/helm"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Trouble(description: "helm \(version) is missing; run \"sandbox/setup tools\"")
    }
    return path
  }
}
