import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Shows what is in the history.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Shows the plans that were made; one of them whole.",
    discussion: """
      EXAMPLES
        backbone-migrate history
        backbone-migrate history web --namespace mqtt
        backbone-migrate history plan-x7k2m9qa
        backbone-migrate history prune --older-than 90 --keep 5
      """,
    subcommands: [List.self, Prune.self], defaultSubcommand: List.self)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Lists plans, or shows one whole (the default).")

    @Argument(help: "A release, or the id of a plan.")
    var releaseOrID: String?

    @Option(name: .shortAndLong, help: "How to show it.")
    var output: Format = .table

    @Option(help: "Show at most this many plans, the newest ones.")
    var limit = 50

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    mutating func validate() throws {
      guard limit > 0 else { throw ValidationError("--limit is a number from 1 up") }
    }

    func run() async throws {
      let context = CommandContext.live
      try await context.perform { try list(in: context) }
    }

    func list(in context: CommandContext) throws -> ExitStatus {
      let store = try HistoryStore.openForReading(
        at: global.historyPath(context.environment),
        schema: try HistorySchema.embedded(version: BackboneMigrate.version))
      defer { store.close() }
      if let releaseOrID, let record = try store.plan(id: releaseOrID) {
        let document = try PlanDocument(text: record.document)
        context.writeOutput(
          output == .json
            ? try document.json.pretty + "\n"
            : PlanTable(width: min(context.width, 120), usesColor: global.usesColor(context))
              .text(document))
        return .done
      }
      if let releaseOrID, releaseOrID.hasPrefix("plan-") {
        let near = try store.suggestions(for: releaseOrID)
        let hint =
          near.isEmpty
          ? "see \"backbone-migrate history\""
          : "did you mean \(near.map { "\"\($0)\"" }.joined(separator: " or "))?"
        throw CommandFailure(
          status: .failed, message: "plan \"\(releaseOrID)\" is not in the history; \(hint)")
      }
      let plans = try store.plans(
        release: releaseOrID, namespace: global.namespace, limit: limit)
      context.writeOutput(
        output == .json
          ? HistoryView.json(plans).pretty + "\n"
          : HistoryView.table(plans, usesColor: global.usesColor(context)))
      return .done
    }
  }

  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Removes old plans from the history.")

    @Option(help: "Remove plans older than this many days.")
    var olderThan = 90

    @Option(help: "Keep at least this many plans of each release.")
    var keep = 1

    @Flag(help: "Only say how many plans would be removed.")
    var dryRun = false

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    mutating func validate() throws {
      guard olderThan >= 0, keep >= 0 else {
        throw ValidationError("--older-than and --keep are numbers from 0 up")
      }
    }

    func run() async throws {
      let context = CommandContext.live
      try await context.perform { try prune(in: context) }
    }

    func prune(in context: CommandContext) throws -> ExitStatus {
      let store = try HistoryStore.open(
        at: global.historyPath(context.environment),
        schema: try HistorySchema.embedded(version: BackboneMigrate.version))
      defer { store.close() }
      let limit = context.now().addingTimeInterval(-Double(olderThan) * 86_400)
      let count = try store.prune(
        olderThan: Timestamp(limit), keepingLatestPerRelease: keep, dryRun: dryRun)
      let plans = count == 1 ? "1 plan" : "\(count) plans"
      context.writeOutput(dryRun ? "\(plans) would be removed\n" : "\(plans) removed\n")
      return .done
    }
  }
}
