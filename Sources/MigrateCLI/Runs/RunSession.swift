import Foundation
import MigrateAdapters
import MigrateExecution
import MigratePlanning
import Synchronization

/// What apply, rollback and status share: programs that Ctrl-C does not reach, the record of the
/// run, the question before it begins, and what is shown of it.
struct RunSession {
  let context: CommandContext
  let global: GlobalOptions
  let options: RunOptionGroup
  /// The id of the run.
  let id: String
  private let children: Children
  private let stop: StopRequest
  private let patience: Patience

  init(_ context: CommandContext, _ global: GlobalOptions, _ options: RunOptionGroup) {
    id = "run-\(context.randomText(8))"
    children = Children(of: id)
    let stop = StopRequest()
    var context = context
    // Tests bring a runner of their own.
    if context.runsPrograms { context.run = children.runner }
    self.stop = stop
    patience = Patience(
      // No longer than the lock is good for.
      limit: min(.seconds(45), global.requestTimeout.duration), now: context.now,
      sleep: Self.sleep, isStopped: { stop.isMade },
      tell: { [context] in context.writeError("\(TextLayout.visible($0))\n") })
    self.context = context
    self.global = global
    self.options = options
  }

  private static let sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }

  /// What the steps work with, in a namespace; nil for the one of the kubeconfig's context.
  func runContext(namespace: String?) -> RunContext {
    var named = global
    named.namespace = namespace
    return RunContext(
      helm: named.helmClient(context, patience: patience),
      cluster: named.cluster(context, namespace: namespace).patient(patience),
      releases: named.releases(context, namespace: namespace, patience: patience),
      redactor: context.redactor, now: context.now, sleep: Self.sleep, user: user, stop: stop,
      place: named.place,
      children: RunningChild.all,
      childrenTimeout: min(.seconds(30), global.requestTimeout.duration),
      tell: { [context] in context.writeError("\(TextLayout.visible($0))\n") })
  }

  private var user: String {
    let name = context.environment.nonEmpty("USER") ?? context.environment.nonEmpty("LOGNAME")
    return "\(name ?? "unknown")@\(ProcessInfo.processInfo.hostName)"
  }

  func timestamp() -> DocumentTime { DocumentTime(Timestamp(context.now())) }

  /// The record of a run: shown step by step, and kept in the history unless it is a dry run. What
  /// finishes a run that was left half-way goes on without a history: all that it needs is in the
  /// cluster.
  func recorder(
    _ run: RunDocument, _ runContext: RunContext, needsHistory: Bool
  ) throws -> RunRecorder {
    var store: HistoryStore?
    do {
      store = run.dryRun ? nil : try openHistory()
    } catch {
      guard !needsHistory else { throw error }
      context.writeError(
        "warning: the history will not know of this: \(TextLayout.visible("\(error)"))\n")
    }
    let progress = global.runProgress(context)
    return RunRecorder(
      run, context: runContext, timestamp: { [context] in DocumentTime(Timestamp(context.now())) },
      save: { [store] run in try store?.record(try RunRecord(run)) },
      watch: { progress.show($0) },
      warn: { [context] in context.writeError("warning: \(TextLayout.visible($0))\n") })
  }

  func openHistory() throws -> HistoryStore { try global.openHistory(context) }

  /// Asks whether to go ahead. Who says no learns by which command they can do so later.
  ///
  /// - Throws: ``CommandFailure`` for a no, and where there is nobody to ask.
  func confirm(_ stake: [String], later command: NextCommand) throws(CommandFailure) {
    if options.yes { return }
    guard context.inputIsTerminal, context.errorIsTerminal else {
      throw CommandFailure(
        status: .refused,
        message: "there is no terminal to ask at; add --yes to go ahead without being asked")
    }
    let lines = stake.flatMap { line in
      let indent = line.hasPrefix("  ") ? "  " : ""
      let parts = TextLayout.brokenBetweenWords(
        TextLayout.visible(String(line.dropFirst(indent.count))), width: context.errorWidth - 4)
      return parts.enumerated().map { ($0.offset == 0 ? indent : "    ") + $0.element }
    }
    context.writeError(lines.map { $0 + "\n" }.joined())
    context.writeError("Go ahead? [y/N] ")
    let answer = context.readLine().map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    guard answer == "y" || answer == "yes" else {
      throw CommandFailure(
        status: .refused,
        message: "not confirmed; nothing was changed; to do it later: \"\(command)\"")
    }
  }

  /// Does the work of a run, with Ctrl-C as a wish to stop: once, and the run ends before its next
  /// step; twice, and helm is asked to end as well; three times, and it is killed.
  func heedingSignals(_ work: () async -> RunDocument) async -> RunDocument {
    let (stop, children, write) = (stop, children, context.writeError)
    let count = Mutex(0)
    let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let times = count.withLock { count in
          count += 1
          return count
        }
        if times == 1 {
          stop.make()
          write("\nstopping after this step; once more also ends the program that runs\n")
        } else {
          children.terminate(killing: times > 2)
        }
      }
      source.resume()
      return source
    }
    let run = await work()
    for source in sources { source.cancel() }
    return run
  }

  /// Whether whoever reads the answer saw the steps of the run as they happened.
  private var hasShownSteps: Bool {
    context.outputIsTerminal && context.errorIsTerminal && !global.quiet
  }

  /// Shows a run, and says how the process ends.
  func show(_ run: RunDocument, _ failure: RunFailure.Kind?) throws -> ExitStatus {
    context.writeOutput(
      try run.text(as: options.output, listsSteps: !hasShownSteps, global.layout(context)))
    return ExitStatus(run.state, failure)
  }
}

extension ExitStatus {
  /// How the process of a run ends: by the state that the run came to, and why it was not done.
  init(_ state: RunDocument.State, _ failure: RunFailure.Kind?) {
    self =
      switch (state, failure) {
      case (.done, _), (.previewed, _), (.running, _): .done
      case (.differs, _): .differs
      case (.interrupted, _), (.failed, .interrupted): .interrupted
      case (.failed, .refused): .refused
      case (.rolledBack, _), (.failed, .failed), (.failed, .overtaken), (.failed, nil): .failed
      }
  }
}

extension GlobalOptions {
  /// The options by which a next command reaches the same release.
  var place: String {
    [("--namespace", namespace), ("--kube-context", kubeContext), ("--kubeconfig", kubeconfig)]
      .compactMap { name, value in value.map { " \(name) \($0.shellQuoted)" } }.joined()
  }
}
