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
    /// What the chart asks, with what stands in the values of the release and the operator.
    var questions: ChartQuestions
    /// As which cluster's it is rendered.
    var rendering: Helm.Rendering
    /// Whether it was read from the cluster just now.
    var isLive = false
  }

  /// Reads the release, and renders the target's defaults beside that where it is live and nothing
  /// in the chart asks for the cluster.
  private func read(
    _ release: String?, _ chart: Chart, _ choices: Choices, from earlier: Snapshot?
  ) async throws -> Source {
    progress.show("reading \(release ?? options.from ?? "the release")")
    if let earlier {
      return try await source(
        earlier, chart, choices, serverVersion: try await serverVersion(chart.target))
    }
    if let file = options.from {
      var snapshot = try ReleaseFile.snapshot(
        from: file == "-" ? context.readInput() : try ReleaseFile.bytes(at: file), named: file)
      if let release, release != snapshot.release.name {
        throw CommandFailure(
          status: .wrongUsage,
          message: "the file holds release \"\(snapshot.release.name)\", not \"\(release)\"; "
            + "leave the name out")
      }
      let questions = questions(chart, snapshot, choices)
      if questions.dependsOnCluster {
        snapshot.hidden.append(
          ChartAsksCluster.unchecked(
            chart.target, because: "a file does not tell; plan the release where it lives"))
      }
      return Source(
        snapshot: snapshot, byDefault: try await byDefault(of: snapshot, chart, .alone),
        questions: questions, rendering: .alone)
    }
    let helm = global.helmClient(context)
    let release = release ?? ""
    let assumed = global.namespace ?? "default"
    let isEarly = !chart.target.questions.dependsOnCluster && !chart.target.questions.rendersValues
    async let pendingDefaults = Result(awaiting: { () async throws(ClientError) -> Objects? in
      guard isEarly else { return nil }
      return try await helm.template(
        release: release, namespace: assumed, chart: chart.path, values: nil)
    })
    async let pendingVersion = serverVersion(chart.target)
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
    let isAsAssumed =
      snapshot.release.namespace == assumed && snapshot.release.nameInChart == release
    let early = await pendingDefaults
    if case .failure(let error) = early, !chart.target.questions.constrainsVersion { throw error }
    var source = try await source(
      snapshot, chart, choices, serverVersion: try await pendingVersion,
      byDefault: isAsAssumed ? (try? early.get()) : nil)
    source.isLive = true
    return source
  }

  /// What a plan starts from, of a release whose cluster can be asked.
  private func source(
    _ snapshot: Snapshot, _ chart: Chart, _ choices: Choices, serverVersion: String?,
    byDefault early: Objects? = nil
  ) async throws -> Source {
    let questions = questions(chart, snapshot, choices)
    var rendering = serverVersion.map(Helm.Rendering.ofVersion) ?? .alone
    if questions.asksCluster {
      let version = try await global.helmClient(context).version()
      rendering = .onServer(isHelm3: version.hasPrefix("3."))
    }
    var byDefault = early
    if byDefault == nil {
      byDefault = try await self.byDefault(of: snapshot, chart, rendering)
    }
    var snapshot = snapshot
    if questions.dependsOnCluster, rendering == .alone {
      snapshot.hidden.append(
        ChartAsksCluster.unchecked(
          chart.target, because: "the API server could not be asked for its version"))
    }
    return Source(
      snapshot: snapshot, byDefault: byDefault ?? Objects([]), questions: questions,
      rendering: rendering)
  }

  private func questions(
    _ chart: Chart, _ snapshot: Snapshot, _ choices: Choices
  ) -> ChartQuestions {
    chart.target.questions.with(values: [snapshot.supplied] + choices.set.values)
  }

  /// The API server's version; nil where nothing in the chart goes by it, and where it cannot be
  /// asked, as without kubectl.
  private func serverVersion(_ target: Target) async throws(ClientError) -> String? {
    let questions = target.questions
    guard questions.dependsOnCluster || questions.constrainsVersion || questions.rendersValues
    else { return nil }
    do {
      return try await global.cluster(context, namespace: nil).serverVersion()
    } catch {
      let problem = ClientError(error)
      guard problem.hidesLiveObjects else { throw problem }
      return nil
    }
  }

  /// Plans what was read, with helm to render and the API server to ask.
  private func plan(
    _ source: Source, _ chart: Chart, _ recipe: Recipe, _ choices: Choices
  ) async throws -> Plan {
    var snapshot = source.snapshot
    if source.questions.asksRevision { snapshot.hidden.append(ValueDrawn.unchecked(chart.target)) }
    context.hideSecrets(of: snapshot, recipe, choices)
    let core = Stopwatch()
    func rendered(_ values: JSON?) async throws -> Objects {
      core.pause()
      defer { core.resume() }
      do {
        return try await template(of: snapshot, chart, values, source.rendering)
      } catch {
        throw choices.mistake(in: error, chart.target) ?? error
      }
    }
    func render(_ values: JSON?) async throws -> Objects {
      guard let values else { return source.byDefault }
      return try await rendered(values)
    }
    func renderAgain(_ values: JSON?) async throws -> Objects {
      if source.questions.asksTime {
        // A clock may be read to the second.
        core.pause()
        defer { core.resume() }
        try await Task.sleep(for: .milliseconds(1100))
      }
      return try await rendered(values)
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
    var target = chart.target
    target.questions = source.questions
    let plan = try await Planner.plan(
      snapshot, onto: target, recipe: recipe, choices: choices, render: render,
      renderAgain: source.questions.dependsOnMoment ? renderAgain : nil,
      ask: source.isLive && snapshot.showsLiveObjects ? ask : nil)
    core.pause()
    if global.verbose {
      context.writeError("= proposed, compared and judged in \(core.elapsed.milliseconds) ms\n")
    }
    return plan
  }

  /// What the target renders for a release with its own defaults.
  private func byDefault(
    of snapshot: Snapshot, _ chart: Chart, _ rendering: Helm.Rendering
  ) async throws(ClientError) -> Objects {
    try await template(of: snapshot, chart, nil, rendering)
  }

  /// What the target renders for a release.
  ///
  /// On the server's word, helm refuses to render what the cluster does not serve. Then it is
  /// rendered without, as long as those very objects come out: the plan has a finding for each.
  private func template(
    of snapshot: Snapshot, _ chart: Chart, _ values: JSON?, _ rendering: Helm.Rendering
  ) async throws(ClientError) -> Objects {
    let helm = global.helmClient(context)
    func template(_ rendering: Helm.Rendering) async throws(ClientError) -> Objects {
      try await helm.template(
        release: snapshot.release.nameInChart, namespace: snapshot.release.namespace,
        chart: chart.path, values: values, rendering: rendering)
    }
    do {
      return try await template(rendering)
    } catch {
      guard case .onServer = rendering, case .failed(_, _, _, let detail) = error else {
        throw error
      }
      let unserved = detail.matches(of: /no matches for kind "([^"]+)" in version "([^"]+)"/)
      guard !unserved.isEmpty, let version = try await serverVersion(chart.target) else {
        throw error
      }
      let objects = try await template(.ofVersion(version))
      let isThere = unserved.allSatisfy { match in
        objects.all(kind: String(match.1)).contains {
          $0["apiVersion"]?.string == String(match.2)
        }
      }
      guard isThere else { throw error }
      return objects
    }
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
