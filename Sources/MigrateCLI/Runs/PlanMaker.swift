import Foundation
import MigrateAdapters
import MigratePlanning
import Synchronization

/// Makes plans as the options of a command say: of a live release, of a file, or of a release as a
/// backup holds it.
struct PlanMaker {
  let context: CommandContext
  let global: GlobalOptions
  let options: PlanOptions
  private var progress: Progress { Progress(context, global) }

  /// A plan, with everything that it was made of.
  struct Made {
    var plan: Plan
    var document: PlanDocument
    var chart: Chart
    var moment: Timestamp
    /// The options as they were typed, secrets among them.
    var options: [String]
    /// The command that makes the plan again, without its output.
    var command: String
    /// The flags that lead kubectl to the release.
    var connection: String
  }

  /// Plans a release by its name, or the one in a file, or one as it was. The chart is unpacked in
  /// a folder that has to stay for as long as the plan is used.
  func make(
    _ release: String?, in folder: String, from snapshot: Snapshot? = nil
  ) async throws -> Made {
    defer { progress.end() }
    let recipe = try options.readRecipe()
    let reference = try options.target.reference()
    if let reference { progress.show("reading chart \(reference.text)") }
    let chart = try await options.target.chart(
      reference, with: global.helmClient(context), into: folder + "/chart")
    if reference == nil { try check(recipe, leadsTo: chart.target) }
    let choices = try options.choices(chart.target)
    try choices.check(against: recipe)
    let (plan, helmVersion) = try await self.plan(
      release, chart, recipe, choices, from: snapshot)
    let moment = Timestamp(context.now())
    let id = "plan-\(context.randomText(8))"
    let document = try PlanDocument(
      plan,
      PlanDocument.Circumstances(
        id: id, createdAt: DocumentTime(moment), helmVersion: helmVersion,
        options: options.kept(
          recipe, plan.sensitivity, chart: reference, version: chart.target.chartVersion),
        commands: commands(plan, id: id, recipe: recipe, reference)))
    return Made(
      plan: plan, document: document, chart: chart, moment: moment,
      options: options.exact(chart: reference, version: chart.target.chartVersion),
      command: command(plan, recipe, reference),
      connection: connection(
        plan.comparison.situation.snapshot.release, contextFlag: "--context"))
  }

  /// Refuses a recipe that leads elsewhere than to the embedded chart, which is the target when no
  /// other is named.
  private func check(_ recipe: Recipe, leadsTo target: Target) throws(CommandFailure) {
    guard !recipe.leads(toChart: target.chartName, version: target.chartVersion) else { return }
    throw CommandFailure(
      status: .wrongUsage,
      message: "recipe \"\(recipe.name)\" leads to chart \(recipe.to.chart) "
        + recipe.to.versions.joined(separator: ", ")
        + ", and this program carries \(target.chartName) \(target.chartVersion); "
        + "name the chart with --chart")
  }

  /// Reads the release and renders the target's defaults side by side, then plans.
  private func plan(
    _ release: String?, _ chart: Chart, _ recipe: Recipe, _ choices: Choices,
    from earlier: Snapshot?
  ) async throws -> (Plan, helmVersion: String) {
    let helm = global.helmClient(context)
    progress.show("reading \(release ?? options.from ?? "the release")")
    let snapshot: Snapshot
    let defaults: Objects
    if let earlier {
      snapshot = earlier
      defaults = try await byDefault(of: snapshot, chart)
    } else if let file = options.from {
      snapshot = try ReleaseFile.snapshot(
        from: file == "-" ? context.readInput() : try ReleaseFile.bytes(at: file), named: file)
      if let release, release != snapshot.release.name {
        throw CommandFailure(
          status: .wrongUsage,
          message: "the file holds release \"\(snapshot.release.name)\", not \"\(release)\"; "
            + "leave the name out")
      }
      defaults = try await byDefault(of: snapshot, chart)
    } else {
      let release = release ?? ""
      let assumed = global.namespace ?? "default"
      async let pendingDefaults = helm.template(
        release: release, namespace: assumed, chart: chart.path, values: nil)
      let reader = ReleaseReader(
        helm: helm, kubectl: { global.kubectlClient(context, namespace: $0) },
        context: global.kubeContext)
      snapshot = try await reader.read(release, withRoleBindings: choices.mayRenameServiceAccount)
      let early = try await pendingDefaults
      let isAsAssumed =
        snapshot.release.namespace == assumed && snapshot.release.nameInChart == release
      defaults = isAsAssumed ? early : try await byDefault(of: snapshot, chart)
    }
    progress.show("rendering chart \(chart.target.chartVersion)")
    // Beside one rendering, helm's version costs no time.
    async let pendingVersion = helm.version()
    let core = Stopwatch()
    let situation = try Situation(
      snapshot: snapshot, target: chart.target, rendered: defaults, recipe: recipe,
      choices: choices)
    let secrets = situation.sensitivity.secrets
    var comparison = try await Comparison.make(situation) { values in
      core.pause()
      defer { core.resume() }
      do {
        return try await helm.template(
          release: snapshot.release.nameInChart, namespace: snapshot.release.namespace,
          chart: chart.path, values: values, secrets: secrets)
      } catch let error as ClientError {
        throw choices.mistake(in: error, chart.target) ?? error
      }
    }
    core.pause()
    if earlier == nil, options.from == nil, snapshot.showsLiveObjects {
      progress.show("asking the API server")
      let kubectl = global.kubectlClient(context, namespace: snapshot.release.namespace)
      comparison.answers = try await ServerReview(
        kubectl: kubectl, secrets: secrets,
        // What the embedded chart writes is known to fit, and finding that out takes longer than
        // the rest of the question where the server cannot do it itself.
        checksFields: options.target.chart != nil || !options.set.isEmpty
      ).answers(to: comparison)
    } else {
      comparison.answers = .none
    }
    core.resume()
    let plan = Plan(comparison)
    core.pause()
    if global.verbose {
      context.writeError("= proposed, compared and judged in \(core.elapsed.milliseconds) ms\n")
    }
    return (plan, try await pendingVersion)
  }

  /// What the target renders for a release with its own defaults.
  private func byDefault(of snapshot: Snapshot, _ chart: Chart) async throws -> Objects {
    try await global.helmClient(context).template(
      release: snapshot.release.nameInChart, namespace: snapshot.release.namespace,
      chart: chart.path, values: nil)
  }

  /// The command that makes a plan again, without its output.
  private func command(_ made: Plan, _ recipe: Recipe, _ reference: ChartReference?) -> String {
    let release = made.comparison.situation.snapshot.release
    // A file without secrets gives no values: the live release has to be asked.
    let file = made.values.holds(.string(Sensitivity.redacted)) ? nil : options.from
    let source =
      file.map { "--from \($0.shellQuoted)" }
      ?? "\(release.name)\(connection(release, contextFlag: "--kube-context"))"
    let version = made.comparison.situation.target.chartVersion
    return
      (["backbone-migrate plan \(source)"]
      + options.typed(recipe, made.sensitivity, chart: reference, version: version)
      .map(\.shellQuoted)).joined(separator: " ")
  }

  /// The flags that lead helm or kubectl to a release.
  private func connection(_ release: ReleaseIdentity, contextFlag: String) -> String {
    " --namespace \(release.namespace)"
      + (global.kubeContext.map { " \(contextFlag) \($0.shellQuoted)" } ?? "")
      + (global.kubeconfig.map { " --kubeconfig \($0.shellQuoted)" } ?? "")
  }

  /// The commands by which a reader gets the same with helm alone, or in git.
  private func commands(
    _ made: Plan, id: String, recipe: Recipe, _ reference: ChartReference?
  ) -> [String] {
    let plan = command(made, recipe, reference)
    switch made.comparison.situation.gitOpsOwner?.controller {
    case .flux: return ["\(plan) --output helmrelease"]
    case .argoCD: return ["\(plan) --output application"]
    case nil where !made.comparison.situation.parentCharts.isEmpty:
      return ["\(plan) --output values"]
    case nil: break
    }
    // Helm alone would fail here, or make something else of it.
    if made.comparison.needsPreparation { return ["backbone-migrate apply \(id)"] }
    let release = made.comparison.situation.snapshot.release
    let target = made.comparison.situation.target
    let version = target.chartVersion
    let folder = "./\(target.chartName)-\(version)"
    let chart =
      reference?.arguments(version: version).map(\.shellQuoted).joined(separator: " ") ?? folder
    let method =
      release.applyMethod == .clientSide
      ? "" : made.values.defeatsServerSideApply ? " --server-side=false" : " --force-conflicts"
    let flags = method + (made.values.defeatsSchemaValidation ? " \(Helm.skipSchemaFlag)" : "")
    let upgrade =
      "helm upgrade \(release.name) \(chart)"
      + connection(release, contextFlag: "--kube-context")
    let unpack = reference == nil ? ["backbone-migrate chart \(folder)"] : []
    let commands =
      unpack + [
        // Without the guard, helm would upgrade with the chart's defaults when the plan fails.
        "values=\"$(\(plan) --output values --with-secrets --no-save)\"; "
          + "case $? in 0|2) printf '%s\\n' \"$values\" | \(upgrade) --reset-values --values "
          + "-\(flags) ;; "
          + "*) false ;; esac"
      ]
    guard made.comparison.situation.declaresDuplicates else { return commands }
    // Where helm's manifest has a name twice, its merge deletes both entries; a second upgrade
    // brings the one that counts. No Pod is replaced in between.
    let deployment =
      " \("deployment/\(made.comparison.situation.live.name)".shellQuoted)"
      + connection(release, contextFlag: "--context")
    return ["kubectl rollout pause\(deployment)"] + commands
      + ["\(upgrade) --reuse-values\(flags)", "kubectl rollout resume\(deployment)"]
  }
}

/// Adds up the time of work that is interrupted by other work.
private final class Stopwatch: Sendable {
  private let state: Mutex<(elapsed: Duration, since: ContinuousClock.Instant?)>

  /// A watch that runs.
  init() { state = Mutex((.zero, .now)) }

  var elapsed: Duration { state.withLock(\.elapsed) }

  func resume() { state.withLock { $0.since = .now } }

  func pause() {
    state.withLock { state in
      if let since = state.since { state.elapsed += since.duration(to: .now) }
      state.since = nil
    }
  }
}

extension HistoryStore {
  /// Keeps a plan, with marks by which a later apply can say which secret changed, and nobody what
  /// it was.
  ///
  /// - Throws: ``HistoryError``, or an error of encoding.
  func keep(_ made: PlanMaker.Made) throws {
    try record(try PlanRecord(made.document, at: made.moment))
    let marks = try marks(of: made.plan.comparison.situation.secretLiterals)
    if !marks.isEmpty { try record(marks: marks, forPlan: made.document.id) }
  }

  /// The secrets that are others now than when a plan was made, by name; none when it was made
  /// elsewhere.
  ///
  /// - Throws: ``HistoryError``.
  func changedSecrets(since id: String, in plan: Plan) throws -> [String] {
    let before = try marks(ofPlan: id)
    guard !before.isEmpty else { return [] }
    let now = try marks(of: plan.comparison.situation.secretLiterals)
    return Set(before.keys).union(now.keys).filter { before[$0] != now[$0] }.sorted()
  }
}

extension GlobalOptions {
  /// Opens the history for reading and writing.
  ///
  /// - Throws: ``HistoryError``.
  func openHistory(_ context: CommandContext) throws -> HistoryStore {
    try HistoryStore.open(
      at: historyPath(context.environment),
      schema: try HistorySchema.embedded(version: BackboneMigrate.version))
  }

  /// A run as this machine's history has it; nil when it has none of that id.
  ///
  /// - Throws: ``HistoryError``, or an error of decoding.
  func knownRun(_ id: String, in context: CommandContext) throws -> RunDocument? {
    let store = try HistoryStore.openForReading(
      at: historyPath(context.environment),
      schema: try HistorySchema.embedded(version: BackboneMigrate.version))
    defer { store.close() }
    return try store.run(id: id).map { try $0.read() }
  }
}
