import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Plans the migration of one release.
struct PlanCommand: ConnectedCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Shows where everything that was set by hand goes in chart 0.2.0, and proves it.",
    discussion: """
      Nothing in the cluster is changed. The plan is kept in the history, without secrets.

      EXAMPLES
        backbone-migrate plan web --namespace mqtt
        backbone-migrate plan web -o json | jq .verdict
        backbone-migrate plan web -o markdown --out plan.md
        backbone-migrate plan web -o html --out plan.html
        backbone-migrate plan web -o junit --out plan.xml
        backbone-migrate plan web --adopt k8s.enabled --set persistence.enabled=true
        backbone-migrate plan web --chart ./our-backbone
        backbone-migrate plan web --chart backbone --repo https://charts.example \
      --chart-version 0.2.1
        backbone-migrate plan web -o values > values.yaml
        backbone-migrate plan web -o helmrelease --out helmrelease.yaml

      EXIT CODES
        0    ready
        1    it failed
        2    attention: something needs your acceptance
        3    blocked
        64   wrong usage
      """)

  /// The formats of the answer.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, yaml, markdown, html, junit, values, helmrelease, application, helmfile,
      secret
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

  @Flag(help: "With -o values and -o secret: write secrets in clear; to a pipe only.")
  var withSecrets = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  mutating func validate() throws {
    if release == nil, plan.from == nil {
      throw ValidationError("name the release to plan, or a file with --from")
    }
    if withSecrets {
      guard output == .values || output == .secret else {
        throw ValidationError("--with-secrets goes with -o values and -o secret only")
      }
      guard out == nil else {
        throw ValidationError("--with-secrets writes to standard output only, not to a file")
      }
    } else if output == .secret {
      throw ValidationError("-o secret is nothing but secrets: give --with-secrets, and a pipe")
    }
  }

  func run() async throws {
    let context = CommandContext.live
    try await context.perform { try await answer(in: context) }
  }

  /// Plans; where there are no values, whoever waits for them gets a text that helm refuses, for
  /// helm takes an empty one as no values at all.
  func answer(in context: CommandContext) async throws -> ExitStatus {
    do {
      return try await respond(in: context) { try await $0.plan(in: context) }
    } catch {
      if output == .values, out == nil { context.writeOutput(ValuesView.refusal) }
      throw error
    }
  }

  /// Makes, keeps and shows the plan.
  func plan(in context: CommandContext) async throws -> ExitStatus {
    if withSecrets { try context.refuseSecretsOnTerminal() }
    try plan.refuseMarks()
    return try await TemporaryFolder.with { folder in
      let maker = PlanMaker(context: context, global: global, options: plan)
      let made = try await maker.make(release?.text, in: folder)
      // Nothing more is asked.
      async let _: Void = context.conversation.end()
      let (plan, document) = (made.plan, made.document)
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
      if !noSave {
        let store = try global.openHistory(context)
        defer { store.close() }
        try store.keep(made)
      }
      try show(made, context)
      return switch document.verdict {
      case .ready: .done
      case .attention: .acceptanceMissing
      case .blocked: .refused
      }
    }
  }

  private func show(_ made: PlanMaker.Made, _ context: CommandContext) throws {
    let (plan, document) = (made.plan, made.document)
    func inGit(_ kind: GitOpsView.Kind) -> String {
      GitOpsView(
        kind: kind, plan: plan, document: document, command: made.command,
        connection: made.connection
      ).text
    }
    func whole(_ format: DocumentFormat) throws -> String {
      var layout = global.layout(context)
      if out != nil {
        layout.usesColor = false
        if !layout.isPlain { layout.width = 80 }
      }
      return try document.text(as: format, isKept: !noSave, means: global.means, layout)
    }
    let text =
      switch output {
      case .table: try whole(.table)
      case .json: try whole(.json)
      case .yaml: try whole(.yaml)
      case .markdown: try whole(.markdown)
      case .junit: try whole(.junit)
      case .html: try whole(.html)
      case .values:
        document.verdict == .blocked && withSecrets
          ? ValuesView.refusal : ValuesView.text(plan, document, withSecrets: withSecrets)
      case .helmrelease: inGit(.helmRelease)
      case .application: inGit(.application)
      case .helmfile: inGit(.helmfile)
      case .secret: try secret(made)
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

  /// The Secret that the broker's secret variables can move to.
  private func secret(_ made: PlanMaker.Made) throws -> String {
    let view = SecretView(plan: made.plan, command: made.command, connection: made.connection)
    guard let text = view.text else {
      throw CommandFailure(
        status: .refused,
        message:
          "release \"\(made.document.release.name)\" has no secret in a variable of its own: "
          + "there is nothing to put into a Secret")
    }
    return text
  }
}
