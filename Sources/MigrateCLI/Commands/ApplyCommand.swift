import ArgumentParser
import Foundation
import MigrateAdapters
import MigrateExecution
import MigratePlanning

/// Carries a plan out.
struct ApplyCommand: ConnectedCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Carries a plan out: backup, upgrade with helm, and proof that it came true.",
    discussion: """
      The release is read and planned again first; a plan that no longer holds is refused, with \
      what changed. Before anything is changed, the state from before is kept in Secrets of the \
      release's namespace: "backbone-migrate rollback" brings it back from any machine.

      A failed apply rolls itself back. Ctrl-C once ends it between two steps, and names the \
      command to go on with.

      EXAMPLES
        backbone-migrate apply plan-x7k2m9qa --dry-run
        backbone-migrate apply plan-x7k2m9qa --accept runs-as-non-root
        backbone-migrate apply web --namespace mqtt --adopt k8s.enabled --yes
        backbone-migrate apply --plan plan.json
        backbone-migrate apply --resume run-4tq8wzcn --namespace mqtt

      EXIT CODES
        0    done
        1    it failed, also when it was rolled back cleanly
        2    your acceptance is missing
        3    blocked or refused
        4    done, but something is otherwise than planned
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "A plan's id, or a release to plan and apply at once.")
  var planOrRelease: String?

  @Option(help: ArgumentHelp("A plan in a file, as plan -o json writes it.", valueName: "file"))
  var plan: String?

  @Option(help: ArgumentHelp("Go on with a run that was interrupted.", valueName: "run-id"))
  var resume: String?

  @Option(
    help: ArgumentHelp(
      "Accept what a finding says, everywhere or for one object; may be repeated.",
      valueName: "code[=kind/name]"))
  var accept: [String] = []

  @Flag(help: "Leave everything as it is when the apply fails half-way.")
  var noRollbackOnFailure = false

  @OptionGroup(title: "Run options")
  var run: RunOptionGroup

  @OptionGroup(title: "Plan options")
  var planOptions: PlanOptions

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  mutating func validate() throws {
    let given = [planOrRelease, plan, resume].compactMap { $0 }
    guard given.count == 1 else {
      throw ValidationError(
        "name one thing to apply: a plan's id, a release, --plan FILE or --resume RUN-ID")
    }
    if resume != nil, !planOptions.isEmpty || !accept.isEmpty {
      throw ValidationError(
        "--resume goes on with what was planned and accepted; leave options out")
    }
    if planOptions.from != nil {
      throw ValidationError(
        "--from names a file, and apply needs the release in its cluster; plan it there")
    }
    if let resume, !resume.hasPrefix("run-") {
      throw ValidationError(
        "\"\(resume)\" is no run's id"
          + (resume.isID(of: "plan") ? ", but a plan's" : "")
          + "; see \"\(NextCommand(.history))\"")
    }
    for text in accept {
      let acceptance = Acceptance(text)
      if acceptance.isBlind, planOrRelease?.isID(of: "plan") != true, plan == nil {
        throw ValidationError(
          "--accept \(text) accepts whatever changes; name the plan that you read, or one field: "
            + "--accept \(acceptance.code)=KIND/NAME:PATH")
      }
      guard !acceptance.isKnown else { continue }
      throw ValidationError(
        "--accept \"\(acceptance.code)\" is no finding; "
          + (Suggestions.question(
            Suggestions.near(
              acceptance.code,
              among: FindingCode.allCases.map(\.rawValue)))
            ?? "see \"\(NextCommand(.explain))\""))
    }
  }

  func run() async throws {
    let context = CommandContext.live
    try await perform(in: context) { try await $0.apply(in: context) }
  }

  /// Plans again, asks, and carries the plan out.
  func apply(in context: CommandContext) async throws -> ExitStatus {
    if let resume { return try await goOn(with: resume, in: context) }
    try planOptions.refuseMarks()
    let expected = try expectedPlan(in: context)
    let (global, options) = try connection(to: expected, in: context)
    let session = RunSession(context, global, run)
    let name = expected?.release.name ?? planOrRelease ?? ""
    guard ReleaseName(name) != nil else {
      throw CommandFailure(
        status: .wrongUsage, message: "\"\(name)\" is neither a plan's id nor a release's name")
    }
    return try await TemporaryFolder.with { folder in
      let maker = PlanMaker(context: session.context, global: global, options: options)
      let made = try await maker.make(name, in: folder)
      if let expected { try check(made.document, made.plan, against: expected, in: session) }
      return try await apply(made, as: expected?.id, in: session)
    }
  }

  /// The options that lead to the release of a plan that was made before, and those it was made
  /// with.
  private func connection(
    to expected: PlanDocument?, in context: CommandContext
  ) throws -> (GlobalOptions, PlanOptions) {
    guard let expected else { return (global, planOptions) }
    guard planOptions.isEmpty else {
      throw CommandFailure(
        status: .wrongUsage,
        message: "plan \"\(expected.id)\" has its options already; leave them out, or name the "
          + "release to plan it with others")
    }
    var global = global
    try global.require(expected.release.namespace, of: "plan \"\(expected.id)\"", in: context)
    global.namespace = expected.release.namespace
    global.kubeContext = global.kubeContext ?? expected.release.context
    return (global, try self.options(of: expected))
  }

  /// Carries out a plan that holds, under the id by which it was named; one that has none yet is
  /// kept first.
  private func apply(
    _ made: PlanMaker.Made, as known: String?, in session: RunSession
  ) async throws -> ExitStatus {
    let document = made.document
    let runContext = session.runContext(namespace: document.release.namespace)
    try await check(document, made.plan, runContext)
    let missing = try missingAcceptances(document, in: session.context)
    let reference = RunDocument.PlanReference(
      id: known ?? document.id, digest: document.digest)
    if known == nil {
      let store = try session.openHistory()
      try store.keep(made)
      store.close()
    }
    if !missing.isEmpty, !run.dryRun {
      try await requireNobodyAtIt(document, runContext)
      return acceptanceMissing(missing, reference.id, session.context)
    }
    let recorder = try session.recorder(
      RunDocument(
        id: session.id, kind: .apply, dryRun: run.dryRun, startedAt: session.timestamp(),
        release: RunDocument.Release(document.release), plan: reference),
      runContext, needsHistory: true)
    await recorder.note(findings: document.findings.filter(\.isOpen))
    let apply = Apply(
      made.plan, reference, planOptions: made.options, chart: made.chart.path,
      options: runOptions, context: runContext, recorder: recorder)
    let subject =
      plan.map { NextCommand(.apply, "--plan", $0) } ?? NextCommand(.apply, reference.id)
    let command = self.command(
      subject.adding(accept.map { " --accept \($0.shellQuoted)" }.joined()), runContext.place)
    let status = try await RunLauncher(session: session, recorder: recorder, command: command)
      .launch(
        apply, stake: stake(document, reference.id, runContext.place), leadsOn: missing.isEmpty)
    // Only a dry run comes here without all that is to be accepted.
    return missing.isEmpty || status != .done
      ? status : acceptanceMissing(missing, reference.id, session.context)
  }

  /// The command that does this for real, or once more.
  private func command(_ command: NextCommand, _ place: String) -> NextCommand {
    run.adding(
      to: command.adding(noRollbackOnFailure ? " --no-rollback-on-failure" : ""), place, global)
  }

  private var runOptions: RunOptions {
    RunOptions(
      timeout: run.timeout.duration, waits: !run.noWait, rollsBackOnFailure: !noRollbackOnFailure,
      takeOverLock: run.takeOverLock)
  }

  /// Goes on with an apply that did not come to its end, from its backup.
  private func goOn(with id: String, in context: CommandContext) async throws -> ExitStatus {
    // What is not in the history, or cannot be read of it, is in the cluster.
    let known = try? global.knownRun(id, in: context)
    var global = global
    global.kubeContext = global.kubeContext ?? known?.release.context
    if let known { try global.require(known.release.namespace, of: known.id, in: context) }
    global.namespace = known?.release.namespace ?? global.namespace
    let session = RunSession(context, global, run)
    let backup = try await self.backup(of: id, known, session)
    let release = backup.snapshot.release
    global.namespace = release.namespace
    let runContext = session.runContext(namespace: release.namespace)
    let options = try PlanOptions.parse(backup.options)
    return try await TemporaryFolder.with { folder in
      let maker = PlanMaker(context: session.context, global: global, options: options)
      let made = try await maker.make(release.name, in: folder, from: backup.snapshot)
      guard made.plan.values == backup.values,
        made.chart.target.digest == backup.chartDigest
      else {
        throw CommandFailure(
          status: .refused,
          message: "the chart or this program is another one than when \(id) began; go back with "
            + "\"\(NextCommand(.rollback, release.name, options: runContext.place))\", "
            + "and plan again")
      }
      let recorder = try session.recorder(
        RunDocument(
          id: session.id, kind: .apply, dryRun: run.dryRun, startedAt: session.timestamp(),
          release: RunDocument.Release(made.document.release), plan: backup.plan),
        runContext, needsHistory: false)
      let apply = Apply(
        made.plan, backup.plan, planOptions: backup.options, chart: made.chart.path,
        options: runOptions, context: runContext, recorder: recorder, resuming: backup)
      try await apply.requireResumable(id)
      return try await RunLauncher(
        session: session, recorder: recorder,
        command: command(NextCommand(.apply, "--resume", id), runContext.place)
      ).launch(
        apply,
        stake: ["go on with \(backup.plan.id) of release \"\(release.name)\" where \(id) stopped"])
    }
  }

  /// The backup that an earlier run made, or went on from.
  private func backup(
    of id: String, _ known: RunDocument?, _ session: RunSession
  ) async throws -> Backup {
    do {
      return try await BackupStore.read(
        run: known?.backup ?? id,
        with: session.runContext(namespace: session.global.namespace).cluster)
    } catch {
      guard let known, known.state.isOver, known.backup == nil, let plan = known.plan?.id else {
        throw error
      }
      throw CommandFailure(
        status: .refused,
        message: "\(id) ended before it changed anything; apply its plan again with "
          + "\"\(NextCommand(.apply, plan))\"")
    }
  }

  // MARK: The plan

  /// The plan that was made before; nil when a release was named.
  private func expectedPlan(in context: CommandContext) throws -> PlanDocument? {
    if let plan { return try planDocument(at: plan) }
    guard let id = planOrRelease else { return nil }
    let store = try HistoryStore.openForReading(
      at: global.historyPath(context.environment),
      schema: try HistorySchema.embedded(version: BackboneMigrate.version))
    defer { store.close() }
    if let record = try store.plan(id: id) { return try record.read() }
    if id.isID(of: "run") {
      throw CommandFailure(
        status: .wrongUsage,
        message: "\"\(id)\" is a run's id, and a plan is applied; to go on with a run that was "
          + "interrupted: \"\(NextCommand(.apply, "--resume", id))\"")
    }
    guard id.hasPrefix("plan-") else { return nil }
    throw store.missing(id, "plan")
  }

  /// The plan in a file. Its names get into arguments and into commands that are shown, so they are
  /// looked at first.
  private func planDocument(at path: String) throws -> PlanDocument {
    func refusal(_ reason: String) -> CommandFailure {
      CommandFailure(
        status: .failed,
        message: "\"\(path)\" is no plan as \"plan -o json\" writes it: \(reason)")
    }
    do {
      let document = try PlanDocument(text: try InputFile.text(at: path))
      try ReleaseIdentity.check(
        name: document.release.name, namespace: document.release.namespace)
      return document
    } catch let error as DocumentError {
      throw refusal(error.description)
    } catch let error as ExportError {
      throw refusal(error.reason)
    }
  }

  /// The options that a plan was made with.
  private func options(of plan: PlanDocument) throws -> PlanOptions {
    guard let arguments = plan.options else {
      throw CommandFailure(
        status: .refused,
        message: "plan \"\(plan.id)\" does not say with which options it was made; plan again")
    }
    if let secret = arguments.first(where: { $0.contains(Sensitivity.redacted) }) {
      throw CommandFailure(
        status: .refused,
        message: "plan \"\(plan.id)\" was made with --set \(secret), and secrets are not kept; "
          + "apply the release by its name, with the same options")
    }
    let options = try PlanOptions.parse(arguments)
    if options.from != nil {
      throw CommandFailure(
        status: .refused,
        message: "plan \"\(plan.id)\" was made from a file; plan the release in its cluster")
    }
    return options
  }

  /// Requires that a plan still holds.
  private func check(
    _ now: PlanDocument, _ plan: Plan, against expected: PlanDocument, in session: RunSession
  ) throws {
    if expected.release.clusterID != now.release.clusterID {
      throw CommandFailure(
        status: .refused,
        message: "plan \"\(expected.id)\" was made for another cluster; "
          + "choose its context with --kube-context, or plan again")
    }
    let store = try session.openHistory()
    defer { store.close() }
    // Secrets have no part in the digest.
    let secrets = try store.changedSecrets(since: expected.id, in: plan)
    guard expected.digest != now.digest || !secrets.isEmpty else { return }
    let (name, namespace) = (expected.release.name, expected.release.namespace)
    if let run = try store.latestRun(release: name, namespace: namespace)?.read(),
      run.plan?.id == expected.id, run.kind == .apply, run.hasChangedObjects
    {
      let words: String? =
        switch run.state {
        case .done, .differs: "has applied"
        case .running, .interrupted: "began to apply"
        case .failed, .rolledBack, .previewed: nil
        }
      if let words {
        throw CommandFailure(
          status: .refused,
          message: "\(run.id) \(words) plan \"\(expected.id)\" already; see "
            + "\"\(NextCommand(.status, name, "--namespace", namespace))\"")
      }
    }
    let changes = now.changes(since: expected, secrets: secrets)
    let again = NextCommand(.plan, now.release.name, "--namespace", now.release.namespace)
      .adding((now.options ?? []).map { " \($0.shellQuoted)" }.joined())
    throw CommandFailure(
      status: .refused,
      message: "plan \"\(expected.id)\" no longer holds: \(changes.joined(separator: "; ")); "
        + "plan again with \"\(again)\"")
  }

  /// Refuses what must not be applied, whatever was accepted.
  private func check(_ document: PlanDocument, _ plan: Plan, _ runContext: RunContext) async throws
  {
    if Deployment(plan.comparison.situation.live.deployment).isPaused {
      // By a run that is at it, most likely.
      try await LockKeeper.requireFree(
        document.release.name, but: run.takeOverLock, with: runContext)
      let name = plan.comparison.situation.live.name
      let status = NextCommand(
        .status, document.release.name, "--namespace", document.release.namespace)
      throw CommandFailure(
        status: .refused,
        message: "Deployment \"\(name)\" is paused: by a run that stopped half-way, which "
          + "\"\(status)\" knows, or by somebody on purpose; then \"kubectl "
          + "rollout resume "
          + "deployment/\(name) --namespace \(document.release.namespace)\" lets it go")
    }
    let blockers = document.blockers
    if !blockers.isEmpty {
      try await requireNobodyAtIt(document, runContext)
      throw CommandFailure(
        status: .refused,
        message: "the plan is blocked: "
          + blockers.map { "\($0.code.rawValue): \($0.message)" }.joined(separator: "; "))
    }
    if document.isBlind {
      throw CommandFailure(
        status: .refused,
        message: "the live objects cannot be read, so what was set by hand would be lost: "
          + document.unchecked.map(\.reason).joined(separator: "; "))
    }
  }

  /// Requires that no other run is at the release: what a plan lists then is of a state half-way.
  /// Where that cannot be read, it hinders nothing.
  private func requireNobodyAtIt(
    _ document: PlanDocument, _ runContext: RunContext
  ) async throws(RunFailure) {
    do {
      try await LockKeeper.requireFree(
        document.release.name, but: run.takeOverLock, with: runContext)
    } catch let failure as RunFailure {
      throw failure
    } catch {}
  }

  private func missingAcceptances(
    _ document: PlanDocument, in context: CommandContext
  ) throws -> [String] {
    let acceptances = accept.map { Acceptance($0) }
    for idle in document.idle(acceptances) {
      context.writeError("warning: the plan has no open \"\(idle.code)\" to accept\n")
    }
    return document.codesToAccept(beyond: acceptances)
  }

  private func acceptanceMissing(
    _ codes: [String], _ id: String, _ context: CommandContext
  ) -> ExitStatus {
    let flags = codes.map { "--accept \($0.shellQuoted)" }.joined(separator: " ")
    context.writeError(
      "error: your acceptance is missing; read \"\(NextCommand(.history, id))\", then add: "
        + "\(flags)\n")
    return .acceptanceMissing
  }

  /// What is at stake, for the question.
  private func stake(_ document: PlanDocument, _ id: String, _ place: String) -> [String] {
    let changes = document.objectChanges.map { kind, names in
      "  \(kind.rawValue) \(names.joined(separator: ", "))"
    }
    let (release, target) = (document.release, document.target.chart)
    let open = document.findings.filter { $0.isOpen && $0.severity != .info }
      .map { "  \($0.severity.rawValue) \($0.code.rawValue): \($0.message)" }
    return [
      "apply \(id) to release \"\(release.name)\" in namespace \"\(release.namespace)\""
        + (release.context.map { " of context \"\($0)\"" } ?? ""),
      "  chart \(release.chartText) → \(target.name) \(target.version)",
    ] + changes + ["  \(document.interruption.words)"] + open
      + (accept.isEmpty ? [] : ["  accepted: \(accept.joined(separator: ", "))"])
      + [
        "  what is there now is kept in Secrets of the namespace; \""
          + "\(NextCommand(.rollback, release.name, options: place))\" brings it back"
      ]
  }
}

extension RunDocument.Release {
  /// The release of a plan, before its run.
  init(_ release: PlanDocument.Release) {
    self.init(
      name: release.name, namespace: release.namespace, clusterID: release.clusterID,
      context: release.context, fromRevision: release.revision)
  }
}
