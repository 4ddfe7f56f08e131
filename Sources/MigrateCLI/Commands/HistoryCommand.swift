import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Shows what is in the history.
struct HistoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Shows the plans and runs that were made; one of them whole.",
    usage: """
      backbone-migrate history [<release-or-id>] [--output <output>] [--limit <limit>]
      backbone-migrate history prune [<options>]
      """,
    discussion: """
      The options are those of its subcommand list, whose name can be left out.

      EXAMPLES
        backbone-migrate history
        backbone-migrate history web --namespace mqtt
        backbone-migrate history plan-x7k2m9qa
        backbone-migrate history run-k3m8p2vd
        backbone-migrate history plan-x7k2m9qa -o markdown > plan.md
        backbone-migrate history run-k3m8p2vd -o html > run.html
        backbone-migrate history prune --older-than 90 --keep 5
      """,
    subcommands: [List.self, Prune.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Lists plans and runs, or shows one whole.")

    @Argument(help: "A release, or the id of a plan or a run.")
    var releaseOrID: String?

    @Option(
      name: .shortAndLong,
      help:
        "How to show it: lists and runs as table or json, one run also as html, one plan as any.")
    var output: DocumentFormat = .table

    @Option(help: "Show at most this many, the newest ones.")
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
      if let releaseOrID, let text = try whole(releaseOrID, in: store, context) {
        context.writeOutput(text)
        return .done
      }
      let plans = try store.plans(
        release: releaseOrID, namespace: global.namespace, limit: limit)
      let runs = try store.runs(release: releaseOrID, namespace: global.namespace, limit: limit)
      if let releaseOrID, plans.isEmpty, runs.isEmpty,
        let kind = ["plan", "run"].first(where: { releaseOrID.hasPrefix("\($0)-") })
      {
        throw store.missing(releaseOrID, kind)
      }
      switch output {
      case .json: context.writeOutput(HistoryView.json(plans, runs).pretty + "\n")
      case .table:
        if let releaseOrID, plans.isEmpty, runs.isEmpty {
          context.writeOutput(try store.unknown(releaseOrID, in: global.namespace) + "\n")
          return .done
        }
        context.writeOutput(
          HistoryView.table(
            plans, runs, limit: limit, usesColor: global.usesColor(context),
            isPlain: global.isPlain(context)))
      case .yaml, .html, .markdown, .junit:
        throw CommandFailure(
          status: .wrongUsage,
          message:
            "-o \(output.rawValue) is for one plan\(output == .html ? " or run" : ""); name its "
            + "id, as \"\(NextCommand(.history))\" has it")
      }
      return .done
    }

    /// The plan or the run of an id; nil when there is none.
    private func whole(
      _ id: String, in store: HistoryStore, _ context: CommandContext
    ) throws -> String? {
      let layout = global.layout(context)
      if let record = try store.plan(id: id) {
        return try record.read().text(as: output, isKept: true, means: global.means, layout)
      }
      if let record = try store.run(id: id) {
        let run = try record.read()
        guard let format = RunFormat(rawValue: output.rawValue) else {
          throw CommandFailure(
            status: .wrongUsage,
            message: "-o \(output.rawValue) is for plans; a run is shown as table, json or html")
        }
        return try run.text(as: format, layout)
      }
      return nil
    }
  }

  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune", abstract: "Removes old plans and runs from the history.",
      discussion: """
        A run that goes on, or that left its release half-way, stays however old it is, and so \
        does the plan of every run that stays.
        """)

    @Option(help: "Remove plans and runs older than this many days.")
    var olderThan = 90

    @Option(help: "Keep at least this many plans and runs of each release.")
    var keep = 1

    @Flag(help: "Only say how many would be removed.")
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
      let pruned = try store.prune(
        olderThan: Timestamp(limit), keepingLatestPerRelease: keep, dryRun: dryRun)
      func words(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
      }
      context.writeOutput(
        "\(words(pruned.plans, "plan")) and \(words(pruned.runs, "run")) "
          + (dryRun ? "would be removed\n" : "removed\n"))
      return .done
    }
  }
}

extension DocumentFormat: ExpressibleByArgument {}

extension HistoryStore {
  /// Why a plan or a run is not found by its id, and what may have been meant.
  func missing(_ id: String, _ kind: String) -> CommandFailure {
    let near = (try? suggestions(for: id)) ?? []
    let unkept =
      kind == "plan" ? "a plan made with --no-save is not kept" : "a dry run is not kept"
    return CommandFailure(
      status: .failed,
      message: "\(kind) \"\(id)\" is not in the history; "
        + (Suggestions.question(near) ?? "\(unkept); see \"\(NextCommand(.history))\""))
  }

  /// That nothing is known of a release, and which one may have been meant.
  ///
  /// - Throws: ``HistoryError``.
  fileprivate func unknown(_ release: String, in namespace: String?) throws -> String {
    let known = try plans(release: nil, namespace: nil, limit: 500).map { plan in
      (name: plan.release, namespace: plan.namespace)
    }
    var hint =
      "make a plan with \"\(NextCommand(.plan, options: " \(TextLayout.visible(release))"))\""
    if let elsewhere = known.first(where: { $0.name == release }) {
      hint = "there is one in namespace \"\(elsewhere.namespace)\""
    } else {
      let names = known.filter { namespace == nil || $0.namespace == namespace }.map(\.name)
      hint = Suggestions.question(Suggestions.near(release, among: names.unique)) ?? hint
    }
    return "no plan or run of release \"\(TextLayout.visible(release))\""
      + (namespace.map { " in namespace \"\($0)\"" } ?? "") + "; \(hint)"
  }
}
