import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Plans the migration of one release.
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows where everything that was set by hand goes in chart 0.2.0, and proves it.",
    discussion: """
      Nothing in the cluster is changed. The plan is kept in the history, without secrets.

      EXAMPLES
        backbone-migrate plan web --namespace mqtt
        backbone-migrate plan web -o json | jq .verdict
        backbone-migrate plan web -o markdown --out plan.md
        backbone-migrate plan web --adopt k8s.enabled --set persistence.enabled=true
        backbone-migrate plan web --chart ./our-backbone
        backbone-migrate plan web --chart backbone --repo https://charts.example --chart-version 0.2.1
        backbone-migrate plan web -o values > values.yaml

      EXIT CODES
        0 ready · 1 it failed · 2 attention: something needs your acceptance · 3 blocked
        64 wrong usage
      """)

  /// The formats of the answer.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml, markdown, values
  }

  @Argument(help: "The release; may be left out with --from.")
  var release: ReleaseName?

  @OptionGroup(title: "Plan options")
  var plan: PlanOptions

  @Option(name: .shortAndLong, help: "How to show the plan.")
  var output: Format = .table

  @Option(
    help: ArgumentHelp("Write the plan to a file instead of standard output.", valueName: "file"))
  var out: String?

  @Flag(help: "Do not keep the plan in the history.")
  var noSave = false

  @Flag(help: "With -o values: write secrets in clear; to a pipe only.")
  var withSecrets = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  mutating func validate() throws {
    if release == nil, plan.from == nil {
      throw ValidationError("name the release to plan, or a file with --from")
    }
    if withSecrets {
      guard output == .values else {
        throw ValidationError("--with-secrets goes with -o values only")
      }
      guard out == nil else {
        throw ValidationError("--with-secrets writes to standard output only, not to a file")
      }
    }
  }

  func run() async throws {
    let context = CommandContext.live
    try await context.perform {
      do {
        return try await plan(in: context)
      } catch {
        if output == .values, out == nil { context.writeOutput(ValuesView.refusal) }
        throw error
      }
    }
  }

  /// Makes, keeps and shows the plan.
  func plan(in context: CommandContext) async throws -> ExitStatus {
    if withSecrets {
      try context.refuseSecretsOnTerminal()
      guard !plan.set.contains(where: { $0.contains(Sensitivity.redacted) }) else {
        throw CommandFailure(
          status: .refused,
          message: "write the secret itself in the place of \(Sensitivity.redacted) after --set")
      }
    }
    let progress = Progress(context, quiet: global.quiet)
    defer { progress.end() }
    return try await TemporaryFolder.with { folder in
      let recipe = try plan.readRecipe()
      let reference = try plan.target.reference()
      if let reference { progress.show("reading chart \(reference.text)") }
      let chart = try await plan.target.chart(
        reference, with: global.helmClient(context), into: folder + "/chart")
      if reference == nil { try check(recipe, leadsTo: chart.target) }
      let choices = try plan.choices(chart.target)
      try choices.check(against: recipe)
      let (plan, helmVersion) = try await make(context, chart, recipe, choices, progress)
      let moment = Timestamp(context.now())
      let document = try PlanDocument(
        plan,
        PlanDocument.Circumstances(
          id: "plan-\(context.randomText(8))", createdAt: moment.text, helmVersion: helmVersion,
          commands: commands(plan, recipe: recipe, reference)))
      progress.end()
      if withSecrets, self.plan.from != nil, plan.values.holds(.string(Sensitivity.redacted)) {
        throw CommandFailure(
          status: .refused,
          message: "the file has no secrets, so the values would lack them; plan the live release, "
            + "or export it with --with-secrets")
      }
      if withSecrets, !plan.comparison.situation.snapshot.showsLiveObjects {
        throw CommandFailure(
          status: .refused,
          message: "the live objects were not read, so the values would lack what was set by hand; "
            + document.unchecked.map(\.reason).joined(separator: "; "))
      }
      if !noSave { try save(document, at: moment, context) }
      try show(plan, document, context)
      return switch document.verdict {
      case .ready: .done
      case .attention: .acceptanceMissing
      case .blocked: .refused
      }
    }
  }

  /// Refuses a recipe that leads elsewhere than to the embedded chart, which is the target when no
  /// other is named.
  private func check(_ recipe: Recipe, leadsTo target: Target) throws(CommandFailure) {
    guard
      recipe.to.chart != target.chartName || !recipe.to.versions.contains(target.chartVersion)
    else { return }
    throw CommandFailure(
      status: .wrongUsage,
      message: "recipe \"\(recipe.name)\" leads to chart \(recipe.to.chart) "
        + recipe.to.versions.joined(separator: ", ")
        + ", and this program carries \(target.chartName) \(target.chartVersion); "
        + "name the chart with --chart")
  }

  /// Reads the release and renders the target's defaults side by side, then plans.
  private func make(
    _ context: CommandContext, _ chart: Chart, _ recipe: Recipe, _ choices: Choices,
    _ progress: Progress
  ) async throws -> (Plan, helmVersion: String) {
    let helm = global.helmClient(context)
    async let pendingVersion = helm.version()
    progress.show("reading \(release?.text ?? plan.from ?? "the release")")
    let snapshot: Snapshot
    let defaults: Objects
    if let file = plan.from {
      snapshot = try ReleaseFile.snapshot(
        from: file == "-" ? context.readInput() : try ReleaseFile.bytes(at: file), named: file)
      if let release, release.text != snapshot.release.name {
        throw CommandFailure(
          status: .wrongUsage,
          message: "the file holds release \"\(snapshot.release.name)\", not \"\(release.text)\"; "
            + "leave the name out")
      }
      defaults = try await helm.template(
        release: snapshot.release.name, namespace: snapshot.release.namespace, chart: chart.path,
        values: nil)
    } else {
      let release = release?.text ?? ""
      let assumed = global.namespace ?? "default"
      async let pendingDefaults = helm.template(
        release: release, namespace: assumed, chart: chart.path, values: nil)
      let reader = ReleaseReader(
        helm: helm, kubectl: { global.kubectlClient(context, namespace: $0) },
        context: global.kubeContext)
      snapshot = try await reader.read(release, withRoleBindings: choices.mayRenameServiceAccount)
      let namespace = snapshot.release.namespace
      let early = try await pendingDefaults
      defaults =
        namespace == assumed
        ? early
        : try await helm.template(
          release: release, namespace: namespace, chart: chart.path, values: nil)
    }
    progress.show("rendering chart \(chart.target.chartVersion)")
    let situation = try Situation(
      snapshot: snapshot, target: chart.target, rendered: defaults, recipe: recipe,
      choices: choices)
    let secrets = situation.sensitivity.secrets
    var comparison = try await Comparison.make(situation) { values in
      try await helm.template(
        release: snapshot.release.name, namespace: snapshot.release.namespace, chart: chart.path,
        values: values, secrets: secrets)
    }
    if plan.from == nil, snapshot.showsLiveObjects {
      progress.show("asking the API server")
      let kubectl = global.kubectlClient(context, namespace: snapshot.release.namespace)
      comparison.answers = try await ServerReview(kubectl: kubectl, secrets: secrets)
        .answers(to: comparison)
    } else {
      comparison.answers = .none
    }
    return (Plan(comparison), try await pendingVersion)
  }

  private func save(
    _ document: PlanDocument, at moment: Timestamp, _ context: CommandContext
  ) throws {
    let store = try HistoryStore.open(
      at: global.historyPath(context.environment),
      schema: try HistorySchema.embedded(version: BackboneMigrate.version))
    try store.record(try PlanRecord(document, at: moment))
    store.close()
  }

  private func show(_ plan: Plan, _ document: PlanDocument, _ context: CommandContext) throws {
    let text =
      switch output {
      case .table:
        PlanTable(
          width: out == nil ? min(context.width, 120) : 80,
          usesColor: out == nil && global.usesColor(context)
        ).text(document)
      case .json: try document.json.pretty + "\n"
      case .yaml: try PlanYAML.text(document)
      case .markdown: PlanMarkdown.text(document)
      case .values:
        document.verdict == .blocked && withSecrets
          ? ValuesView.refusal : ValuesView.text(plan, document, withSecrets: withSecrets)
      }
    guard let out else {
      context.writeOutput(text)
      return
    }
    do {
      try Data(text.utf8).write(to: URL(filePath: out))
    } catch {
      throw CommandFailure(
        status: .failed, message: "\"\(out)\" cannot be written: \(error.localizedDescription)")
    }
  }

  /// The commands by which a reader gets the same with helm alone.
  private func commands(
    _ made: Plan, recipe: Recipe, _ reference: ChartReference?
  ) -> [String] {
    let release = made.comparison.situation.snapshot.release
    let target = made.comparison.situation.target
    let version = target.chartVersion
    let folder = "./\(target.chartName)-\(version)"
    let chart =
      reference?.arguments(version: version).map(\.shellQuoted).joined(separator: " ") ?? folder
    let connection =
      " --namespace \(release.namespace)"
      + (global.kubeContext.map { " --kube-context \($0.shellQuoted)" } ?? "")
      + (global.kubeconfig.map { " --kubeconfig \($0.shellQuoted)" } ?? "")
    // A file without secrets gives no values: the live release has to be asked.
    let file = made.values.holds(.string(Sensitivity.redacted)) ? nil : plan.from
    let source = file.map { "--from \($0.shellQuoted)" } ?? "\(release.name)\(connection)"
    let options = plan.typed(recipe, made.sensitivity, chart: reference, version: version)
      .map { " \($0)" }.joined()
    let method =
      release.applyMethod == .clientSide
      ? "" : made.values.defeatsServerSideApply ? " --server-side=false" : " --force-conflicts"
    let flags = method + (made.values.defeatsSchemaValidation ? " \(Helm.skipSchemaFlag)" : "")
    let upgrade = "helm upgrade \(release.name) \(chart)\(connection)"
    let unpack = reference == nil ? ["backbone-migrate chart \(folder)"] : []
    let commands =
      unpack + [
        // Without the guard, helm would upgrade with the chart's defaults when the plan fails.
        "values=\"$(backbone-migrate plan \(source)\(options) --output values --with-secrets --no-save)\"; "
          + "case $? in 0|2) printf '%s\\n' \"$values\" | \(upgrade) --reset-values --values -\(flags) ;; "
          + "*) false ;; esac"
      ]
    guard made.comparison.situation.declaresDuplicates else { return commands }
    // Where helm's manifest has a name twice, its merge deletes both entries; a second upgrade
    // brings the one that counts. No Pod is replaced in between.
    let deployment =
      " deployment/\(made.comparison.situation.live.name) --namespace \(release.namespace)"
      + (global.kubeContext.map { " --context \($0.shellQuoted)" } ?? "")
      + (global.kubeconfig.map { " --kubeconfig \($0.shellQuoted)" } ?? "")
    return ["kubectl rollout pause\(deployment)"] + commands
      + ["\(upgrade) --reuse-values\(flags)", "kubectl rollout resume\(deployment)"]
  }
}
