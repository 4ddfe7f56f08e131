import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

/// The real helm, by version.
///
/// `make test` names the binaries in BACKBONE_SANDBOX_HELM3 and BACKBONE_SANDBOX_HELM4; without
/// them the sandbox's cache is looked into. A missing binary is an error, never a skipped test.
struct RealHelm: CustomTestStringConvertible, Hashable, Sendable {
  let version: String
  let variable: String

  static let three = RealHelm(version: "3.17.2", variable: "BACKBONE_SANDBOX_HELM3")
  static let four = RealHelm(version: "4.3.1", variable: "BACKBONE_SANDBOX_HELM4")
  static let all = [three, four]

  var testDescription: String { "helm \(version)" }

  /// The path of the binary.
  var executable: String {
    get throws {
      let environment = ProcessInfo.processInfo.environment
      let cache =
        environment.nonEmpty("BACKBONE_MIGRATE_CACHE")
        ?? (environment.nonEmpty("XDG_CACHE_HOME") ?? NSHomeDirectory() + "/.cache")
        + "/backbone-migrate"
      let path = environment.nonEmpty(variable) ?? "\(cache)/helm/\(version)/helm"
      guard FileManager.default.isExecutableFile(atPath: path) else {
        throw TestTrouble("helm \(version) is missing; run \"sandbox/setup tools\"")
      }
      return path
    }
  }

  /// The client that commands use, over this binary.
  var client: Helm {
    get throws {
      Helm(
        executable: try executable, connection: ClusterConnection(), redactor: Redactor(),
        run: RenderedOnce.shared.run)
    }
  }
}

/// What stands in the way of a test.
struct TestTrouble: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

extension [String: String] {
  /// The value of a variable that is set and not empty.
  fileprivate func nonEmpty(_ name: String) -> String? {
    guard let value = self[name], !value.isEmpty else { return nil }
    return value
  }
}

/// Runs helm, each rendering once: many tests look at the same one from different sides.
actor RenderedOnce {
  static let shared = RenderedOnce()

  private var results: [Command: Task<Result<CommandResult, CommandError>, Never>] = [:]

  /// Runs a command, or gives what the same command gave before. The chart's folder differs from
  /// test to test, what is in it does not.
  nonisolated var run: CommandRunner {
    { command throws(CommandError) in try await self.result(of: command).get() }
  }

  private func result(of command: Command) async -> Result<CommandResult, CommandError> {
    var key = command
    if key.arguments.first == "template", key.arguments.count > 2 { key.arguments[2] = "chart" }
    if let known = results[key] { return await known.value }
    let task = Task<Result<CommandResult, CommandError>, Never> {
      do throws(CommandError) {
        return .success(try await Subprocesses.run(command))
      } catch {
        return .failure(error)
      }
    }
    results[key] = task
    return await task.value
  }
}
