import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Writes the embedded chart to a folder.
struct ChartCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chart",
    abstract: "Writes the 0.2.0 chart that this program carries to a folder.",
    discussion: """
      A plan leads to this very chart. Use it where you run helm yourself.

      EXAMPLE
        backbone-migrate chart ./backbone-0.2.0
      """)

  @Argument(help: "The folder to make; it must not exist, or be empty.")
  var folder: String

  func run() async throws {
    let context = CommandContext.live
    try await context.perform { try write(context) }
  }

  func write(_ context: CommandContext) throws -> ExitStatus {
    let existing = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    guard existing.isEmpty else {
      throw CommandFailure(
        status: .refused, message: "folder \"\(folder)\" is not empty; name another one")
    }
    let chart = try Chart.unpackEmbedded(into: folder)
    context.writeError(
      "chart \(chart.target.chartName) \(chart.target.chartVersion) is in \(folder)\n")
    return .done
  }
}
