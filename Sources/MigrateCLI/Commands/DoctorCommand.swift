import ArgumentParser
import MigrateAdapters
import MigratePlanning

/// Says what works and what does not.
struct DoctorCommand: ConnectedCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Says what works and what does not, and what to do about it.",
    discussion: """
      Looks at helm, kubectl, the cluster, the namespace, the permissions to plan and to apply, \
      the history and the temporary folder; with a release also at that one, its lock and its \
      backups. Changes nothing.

      EXAMPLES
        backbone-migrate doctor --namespace mqtt
        backbone-migrate doctor web --namespace mqtt
        backbone-migrate doctor --namespace mqtt -o json | jq -r '.checks[] | select(.remedy)'

      EXIT CODES
        0    what matters works, perhaps with warnings
        1    something does not
        64   wrong usage
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json
  }

  @Argument(help: "A release to look at as well.")
  var release: ReleaseName?

  @Option(name: .shortAndLong, help: "How to show it.")
  var output: Format = .table

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() async throws {
    let context = CommandContext.live
    try await perform(in: context) { try await $0.examine(in: context) }
  }

  /// The most seconds to wait for a cluster that does not answer: who asks how things are wants to
  /// know it soon.
  private static let patience = 15

  /// Looks at everything and shows it.
  func examine(in context: CommandContext) async throws -> ExitStatus {
    var global = global
    global.requestTimeout = WaitTime(
      seconds: min(Self.patience, global.requestTimeout.seconds))
    let hasty = global
    let path = global.historyPath(context.environment)
    let schema = try HistorySchema.embedded(version: BackboneMigrate.version)
    let examination = Examination(
      helm: hasty.helmClient(context), kubectl: hasty.kubectlClient(context),
      cluster: { hasty.cluster(context, namespace: $0) },
      releases: { hasty.releases(context, namespace: $0) }, namespace: global.namespace)
    async let pendingHistory = HistoryStore.examine(at: path, schema: schema)
    let folder = await temporaryFolder()
    var found = await examination.surroundings(
      release: release?.text, historyPath: path, history: await pendingHistory,
      temporaryFolder: folder)
    if let name = release?.text, case .failure(.notFound) = found.release?.state {
      let others = (try? await hasty.releases(context, namespace: nil).releases()) ?? []
      found.release?.advice = Self.advice(on: name, in: found.namespace, among: others)
    }
    let place = global.in(found.namespace).place
    let document = Diagnosis(found, place: place, now: Timestamp(context.now())).document
    switch output {
    case .json: context.writeOutput(try document.json.pretty + "\n")
    case .table:
      let table = DoctorTable(
        width: global.width(context), usesColor: global.usesColor(context),
        isPlain: global.isPlain(context))
      context.writeOutput(table.text(document))
    }
    return document.works ? .done : .failed
  }

  /// Where temporary files go, if any can.
  private func temporaryFolder() async -> Surroundings.Answer<String> {
    do {
      return .success(try await TemporaryFolder.with { folder in TemporaryFolder.parent })
    } catch let error as CommandFailure {
      return .failure(.other(error.message))
    } catch {
      return .failure(.other("\(error)"))
    }
  }
}
