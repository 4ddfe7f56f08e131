import ArgumentParser
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// What `backbone-migrate plan` did.
struct Planned: Sendable {
  var exitCode: Int32
  var output: String
  var errors: String

  /// Runs the command as typed, on a release that comes on standard input, with real helm.
  static func run(
    _ arguments: [String], on input: String, helm: RealHelm = .four, width: Int = 80,
    outputIsTerminal: Bool = false
  ) async throws -> Planned {
    let test = TestContext(
      run: RenderedOnce.shared.run, input: input,
      environment: ["BACKBONE_MIGRATE_HELM": try helm.executable],
      outputIsTerminal: outputIsTerminal, width: width)
    let command = try PlanCommand.parse(["--from", "-", "--no-save"] + arguments)
    let exitCode = await test.exitCode { try await command.plan(in: $0) }
    return Planned(exitCode: exitCode, output: test.output.all, errors: test.errors.all)
  }

  /// The document that the command prints for a fixture.
  static func document(
    _ fixture: ReleaseFixture, _ arguments: [String] = [], helm: RealHelm = .four
  ) async throws -> JSON {
    try await Documents.shared.document(fixture, arguments, helm)
  }
}

/// Makes each document once: many tests look at the same one.
private actor Documents {
  static let shared = Documents()

  private struct Key: Hashable {
    var fixture: ReleaseFixture
    var arguments: [String]
    var helm: RealHelm
  }

  private var documents: [Key: Task<JSON, any Error>] = [:]

  func document(
    _ fixture: ReleaseFixture, _ arguments: [String], _ helm: RealHelm
  ) async throws -> JSON {
    let key = Key(fixture: fixture, arguments: arguments, helm: helm)
    if let known = documents[key] { return try await known.value }
    let task = Task<JSON, any Error> {
      let planned = try await Planned.run(
        ["--output", "json"] + arguments, on: try fixture.text, helm: helm)
      guard !planned.output.isEmpty else { throw TestTrouble(planned.errors) }
      return try JSONReader().value(Array(planned.output.utf8))
    }
    documents[key] = task
    return try await task.value
  }
}
