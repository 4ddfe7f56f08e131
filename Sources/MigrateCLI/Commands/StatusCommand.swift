import ArgumentParser
import MigrateAdapters
import MigrateExecution
import MigratePlanning

/// Says where migrations stand.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Says where a migration stands, and the one next command.",
    discussion: """
      Asks the cluster, not this machine: a run that another machine began shows as well.

      EXAMPLES
        backbone-migrate status web --namespace mqtt
        backbone-migrate status --namespace mqtt -o json | jq -r .runs[].next
      """)

  @Argument(help: "The release; else all releases of the namespace.")
  var release: ReleaseName?

  @Option(name: .shortAndLong, help: "How to show it.")
  var output: RunFormat = .table

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() async throws {
    let context = CommandContext.live
    try await context.perform { try await status(in: context) }
  }

  /// Reads the journals and shows them.
  func status(in context: CommandContext) async throws -> ExitStatus {
    let kubectl = global.kubectlClient(context, namespace: nil)
    let leases = try await kubectl.list([
      "leases.coordination.k8s.io", "--selector", "app.kubernetes.io/managed-by=backbone-migrate",
    ])
    let locks = leases.all.compactMap(ReleaseLock.init(lease:)).filter {
      release == nil || $0.release == release?.text
    }.sorted { $0.release < $1.release }
    let store = try HistoryStore.openForReading(
      at: global.historyPath(context.environment),
      schema: try HistorySchema.embedded(version: BackboneMigrate.version))
    defer { store.close() }
    let runs = try locks.map { lock -> RunDocument in
      let known = try store.run(id: lock.journal.run).map { try RunDocument(text: $0.document) }
      var place = global
      place.namespace = lock.namespace
      return RunDocument(lock, known: known, place: place.place, now: context.now())
    }
    switch output {
    case .json:
      let document: JSON =
        if release != nil, let run = runs.first { try run.json } else {
          [
            "schema": "backbone-migrate/status/v1",
            "runs": .array(try runs.map { try $0.json }),
          ]
        }
      context.writeOutput(document.pretty + "\n")
    case .table:
      guard !runs.isEmpty else {
        let what = release.map { "release \"\($0.text)\"" } ?? "any release of this namespace"
        let name = release?.text ?? "RELEASE"
        context.writeOutput(
          "no run has touched \(what)\nnext: backbone-migrate plan \(name)\(global.place)\n")
        return .done
      }
      let table = RunTable(width: min(context.width, 120), usesColor: global.usesColor(context))
      context.writeOutput(runs.map { table.text($0) }.joined(separator: "\n"))
    }
    return .done
  }
}
