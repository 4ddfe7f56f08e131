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

  @Argument(
    help: "The folder to make. One that is there already has to be empty, or to hold this chart.")
  var folder: String

  func run() async throws {
    let context = CommandContext.live
    try await context.perform { try write(context) }
  }

  func write(_ context: CommandContext) throws -> ExitStatus {
    let existing = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let isThere = !existing.isEmpty && Chart.embeddedFills(folder)
    guard existing.isEmpty || isThere else {
      throw CommandFailure(
        status: .refused,
        message: "folder \"\(folder)\" holds something else than the chart; name another one")
    }
    let target =
      isThere ? try Chart.embeddedTarget() : try Chart.unpackEmbedded(into: folder).target
    context.writeError(
      "chart \(target.chartName) \(target.chartVersion) is in \(TextLayout.visible(folder))"
        + "\(isThere ? " already" : "")\n")
    return .done
  }
}
