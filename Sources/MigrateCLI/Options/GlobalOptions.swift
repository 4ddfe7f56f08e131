import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Options that every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "The release's namespace; default: $HELM_NAMESPACE, else the context's.")
  var namespace: String?

  @Option(help: "The kubeconfig context to use; default: $HELM_KUBECONTEXT, else the current one.")
  var kubeContext: String?

  @Option(help: "The kubeconfig file to use.")
  var kubeconfig: String?

  @Option(
    help: ArgumentHelp(
      "The history file; default: $BACKBONE_MIGRATE_HISTORY, "
        + "else $XDG_STATE_HOME/backbone-migrate/history.sqlite.",
      valueName: "file"))
  var history: String?

  @Option(
    help: ArgumentHelp("The helm to run; default: $BACKBONE_MIGRATE_HELM.", valueName: "path"))
  var helm: String?

  @Option(
    help: ArgumentHelp("The kubectl to run; default: $BACKBONE_MIGRATE_KUBECTL.", valueName: "path")
  )
  var kubectl: String?

  @Option(
    help: ArgumentHelp(
      "How long one call of helm or kubectl may wait for the cluster, such as 30s or 2m.",
      valueName: "duration"))
  var requestTimeout = WaitTime(seconds: 60)

  @Flag(help: "Show no progress and no hints.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say what is run and asked, and when it began and ended.")
  var verbose = false

  @Flag(help: "Use no colour; NO_COLOR does the same.")
  var noColor = false

  @Flag(
    help: ArgumentHelp(
      "For screen readers: words in the place of signs, colours and columns, whole sentences on a "
        + "line, and no line that changes; BACKBONE_MIGRATE_PLAIN=1 does the same."))
  var plain = false

  /// The options that say with what a plan was made, for the commands that go on with it.
  var means: String {
    [
      ("--kubeconfig", kubeconfig), ("--history", history), ("--helm", helm),
      ("--kubectl", kubectl),
    ].map { name, value in value.map { " \(name) \($0.shellQuoted)" } ?? "" }.joined()
  }

  mutating func validate() throws {
    if let namespace {
      guard Self.isNamespace(namespace) else {
        throw ValidationError("\"\(namespace)\" is no namespace: lower-case letters, digits and -")
      }
    }
  }

  static func isNamespace(_ text: String) -> Bool {
    text.wholeMatch(of: /[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/) != nil
  }

  /// The path of the history file.
  func historyPath(_ environment: [String: String]) -> String {
    if let history { return history }
    if let named = environment.nonEmpty("BACKBONE_MIGRATE_HISTORY") { return named }
    let state =
      environment.nonEmpty("XDG_STATE_HOME")
      ?? (environment.nonEmpty("HOME") ?? NSHomeDirectory()) + "/.local/state"
    return state + "/backbone-migrate/history.sqlite"
  }

  func helmClient(_ context: CommandContext, patience: Patience? = nil) -> Helm {
    Helm(
      executable: helm ?? context.environment.nonEmpty("BACKBONE_MIGRATE_HELM")
        // The helm whose plugin this is.
        ?? context.environment.nonEmpty("HELM_BIN") ?? "helm",
      connection: connection, redactor: context.redactor, run: runner(context), patience: patience)
  }

  func kubectlClient(_ context: CommandContext, namespace: String? = nil) -> Kubectl {
    var connection = connection
    connection.namespace = namespace ?? connection.namespace
    return Kubectl(
      executable: kubectlProgram(context), connection: connection, redactor: context.redactor,
      run: runner(context))
  }

  private func kubectlProgram(_ context: CommandContext) -> String {
    kubectl ?? context.environment.nonEmpty("BACKBONE_MIGRATE_KUBECTL") ?? "kubectl"
  }

  /// The cluster that the command talks to, in a namespace; nil for the one that was named, else
  /// the context's. All that the command asks is one conversation.
  func cluster(_ context: CommandContext, namespace: String?) -> Cluster {
    let cluster = context.conversation.cluster {
      Cluster(
        transport: context.transport
          ?? KubectlProxy(executable: kubectlProgram(context), connection: connection),
        connection: connection,
        currentNamespace: CurrentNamespace(of: kubectlClient(context)),
        redactor: context.redactor, observe: observer(context))
    }
    return (namespace ?? self.namespace).map(cluster.inNamespace) ?? cluster
  }

  /// What helm knows of releases in a namespace; nil for the one that was named, else the
  /// context's.
  func releases(
    _ context: CommandContext, namespace: String?, patience: Patience? = nil
  ) -> ReleaseStore {
    var named = self
    named.namespace = namespace ?? self.namespace
    let cluster = named.cluster(context, namespace: nil)
    return ReleaseStore(
      helm: named.helmClient(context, patience: patience),
      cluster: patience.map(cluster.patient) ?? cluster,
      driver: context.environment["HELM_DRIVER"])
  }

  func usesColor(_ context: CommandContext) -> Bool {
    context.outputIsTerminal && allowsColor(context)
  }

  /// Where the steps of a run are shown as they happen.
  func runProgress(_ context: CommandContext) -> RunProgress {
    RunProgress(
      context, quiet: quiet, usesColor: allowsColor(context), isPlain: isPlain(context),
      redraws: redrawsLines(context))
  }

  /// Whether a line of progress is replaced: not where it is read aloud, nor among the lines of
  /// `--verbose`.
  func redrawsLines(_ context: CommandContext) -> Bool {
    context.redrawsLines && !isPlain(context) && !verbose
  }

  /// Whether words are wanted in the place of signs and columns.
  func isPlain(_ context: CommandContext) -> Bool {
    plain || context.wantsWords
  }

  /// The columns of a table.
  func width(_ context: CommandContext) -> Int {
    context.width(atMost: 120, isPlain: isPlain(context))
  }

  private func allowsColor(_ context: CommandContext) -> Bool {
    !noColor && !isPlain(context) && context.allowsColor
  }

  private var connection: ClusterConnection {
    ClusterConnection(
      namespace: namespace, context: kubeContext, kubeconfig: kubeconfig,
      requestTimeout: requestTimeout.duration)
  }

  private func runner(_ context: CommandContext) -> CommandRunner {
    guard verbose else { return context.run }
    let run = context.run
    return { command throws(CommandError) in
      let end = Self.tell(of: command.line, context)
      defer { end() }
      return try await run(command)
    }
  }

  private func observer(_ context: CommandContext) -> Cluster.Observer? {
    guard verbose else { return nil }
    return { request in Self.tell(of: request, context) }
  }

  /// Says that something begins, and gives what says that it ended.
  private static func tell(
    of line: String, _ context: CommandContext
  ) -> @Sendable () -> Void {
    let (write, start) = (context.writeError, context.start)
    let began = start.duration(to: .now)
    let line = TextLayout.visible(line)
    write("+ \(line)\n")
    return {
      write("  \(began.milliseconds)–\(start.duration(to: .now).milliseconds) ms  \(line)\n")
    }
  }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}

extension [String: String] {
  /// The value of a variable that is set and not empty.
  func nonEmpty(_ name: String) -> String? {
    guard let value = self[name], !value.isEmpty else { return nil }
    return value
  }
}
