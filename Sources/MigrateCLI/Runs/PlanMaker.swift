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
    // The chart is read and rendered beside the login.
    if options.from == nil { global.cluster(context, namespace: nil).begin() }
    if let reference { progress.show("reading chart \(reference.text)") }
    let chart = try await options.target.chart(
      reference, with: global.helmClient(context), into: folder + "/chart")
    if reference == nil { try check(recipe, leadsTo: chart.target) }
    let choices = try options.choices(chart.target)
    try choices.check(against: recipe)
    let source = try await read(release, chart, choices, from: snapshot)
    progress.show("rendering chart \(chart.target.chartVersion)")
    // Beside one rendering, helm's version costs no time.
    async let pendingVersion = global.helmClient(context).version()
    let plan = try await plan(source, chart, recipe, choices)
    let helmVersion = try await pendingVersion
    let moment = Timestamp(context.now())
    let id = "plan-\(context.randomText(8))"
    let commands = PlanCommands(plan: plan, options: options, global: global, chart: reference)
    let document = try PlanDocument(
      plan,
      PlanDocument.Circumstances(
        id: id, createdAt: DocumentTime(moment), helmVersion: helmVersion,
        options: options.kept(
          recipe, plan.sensitivity, chart: reference, version: chart.target.chartVersion),
        commands: commands.all(id: id)))
    return Made(
      plan: plan, document: document, chart: chart, moment: moment,
      options: options.exact(chart: reference, version: chart.target.chartVersion),
      command: commands.again, connection: commands.connection(contextFlag: "--context"))
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

  /// The release, and what the target renders for it by default.
  private struct Source {
    var snapshot: Snapshot
    var byDefault: Objects
    /// Whether it was read from the cluster just now.
    var isLive = false
  }

  /// Reads the release, and renders the target's defaults beside that where it is live.
  private func read(
    _ release: String?, _ chart: Chart, _ choices: Choices, from earlier: Snapshot?
  ) async throws -> Source {
    progress.show("reading \(release ?? options.from ?? "the release")")
    if let earlier {
      return Source(snapshot: earlier, byDefault: try await byDefault(of: earlier, chart))
    }
    if let file = options.from {
      let snapshot = try ReleaseFile.snapshot(
        from: file == "-" ? context.readInput() : try ReleaseFile.bytes(at: file), named: file)
      if let release, release != snapshot.release.name {
        throw CommandFailure(
          status: .wrongUsage,
          message: "the file holds release \"\(snapshot.release.name)\", not \"\(release)\"; "
            + "leave the name out")
      }
      return Source(snapshot: snapshot, byDefault: try await byDefault(of: snapshot, chart))
    }
    let helm = global.helmClient(context)
    let release = release ?? ""
    let assumed = global.namespace ?? "default"
    async let pendingDefaults = Result(awaiting: { () async throws(ClientError) in
      try await helm.template(
        release: release, namespace: assumed, chart: chart.path, values: nil)
    })
    let reader = ReleaseReader(
      releases: global.releases(context, namespace: nil),
      cluster: { global.cluster(context, namespace: $0) },
      context: global.kubeContext)
    let snapshot: Snapshot
    do {
      snapshot = try await reader.read(
        release, withRoleBindings: choices.mayRenameServiceAccount)
    } catch {
      // That there is no helm matters more than that there is no release.
      if case .failure(.command(let problem)) = await pendingDefaults {
        throw ClientError.command(problem)
      }
      throw error
    }
    let early = try await pendingDefaults.get()
    let isAsAssumed =
      snapshot.release.namespace == assumed && snapshot.release.nameInChart == release
    return Source(
      snapshot: snapshot,
      byDefault: isAsAssumed ? early : try await byDefault(of: snapshot, chart), isLive: true)
  }

  /// Plans what was read, with helm to render and the API server to ask.
  private func plan(
    _ source: Source, _ chart: Chart, _ recipe: Recipe, _ choices: Choices
  ) async throws -> Plan {
    let snapshot = source.snapshot
    let helm = global.helmClient(context)
    context.hideSecrets(of: snapshot, recipe, choices)
    let core = Stopwatch()
    func render(_ values: JSON?) async throws -> Objects {
      guard let values else { return source.byDefault }
      core.pause()
      defer { core.resume() }
      do {
        return try await helm.template(
          release: snapshot.release.nameInChart, namespace: snapshot.release.namespace,
          chart: chart.path, values: values)
      } catch {
        throw choices.mistake(in: error, chart.target) ?? error
      }
    }
    func ask(_ comparison: Comparison) async throws -> ServerAnswers {
      core.pause()
      defer { core.resume() }
      progress.show("asking the API server")
      let namespace = snapshot.release.namespace
      return try await ServerReview(
        cluster: global.cluster(context, namespace: namespace),
        kubectl: global.kubectlClient(context, namespace: namespace),
        // What the embedded chart writes is known to fit, and finding that out takes longer than
        // the rest of the question where the server cannot do it itself.
        checksFields: options.target.chart != nil || !options.set.isEmpty
      ).answers(to: comparison)
    }
    let plan = try await Planner.plan(
      snapshot, onto: chart.target, recipe: recipe, choices: choices, render: render,
      ask: source.isLive && snapshot.showsLiveObjects ? ask : nil)
    core.pause()
    if global.verbose {
      context.writeError("= proposed, compared and judged in \(core.elapsed.milliseconds) ms\n")
    }
    return plan
  }

  /// What the target renders for a release with its own defaults.
  private func byDefault(of snapshot: Snapshot, _ chart: Chart) async throws -> Objects {
    try await global.helmClient(context).template(
      release: snapshot.release.nameInChart, namespace: snapshot.release.namespace,
      chart: chart.path, values: nil)
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
