import ArgumentParser
import MigrateAdapters
import MigrateExecution
import MigratePlanning

/// Takes a release back to what it was before an apply.
struct RollbackCommand: ConnectedCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Takes a release back to exactly what it was before an apply.",
    discussion: """
      The state from before lies in Secrets of the release's namespace, so this works from any \
      machine, after a failed apply, and after a crash. What the apply created is deleted, claims \
      excepted: what the broker wrote is kept.

      EXAMPLES
        backbone-migrate rollback web --namespace mqtt --dry-run
        backbone-migrate rollback web --namespace mqtt
        backbone-migrate rollback run-4tq8wzcn --yes

      EXIT CODES
        0    done
        1    it failed
        3    refused
        4    done, but something is otherwise than it was
        64   wrong usage
        130  interrupted
      """)

  @Argument(help: "The release, or the id of an apply's run.")
  var releaseOrRun: String

  @OptionGroup(title: "Run options")
  var run: RunOptionGroup

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  mutating func validate() throws {
    if releaseOrRun.isID(of: "plan") {
      throw ValidationError(
        "\"\(releaseOrRun)\" is a plan's id; name the release, or the run that applied the plan")
    }
  }

  func run() async throws {
    let context = CommandContext.live
    try await perform(in: context) { try await $0.rollback(in: context) }
  }

  /// Finds the backup, asks, and goes back.
  func rollback(in context: CommandContext) async throws -> ExitStatus {
    // What is not in the history, or cannot be read of it, is in the cluster.
    let known =
      releaseOrRun.hasPrefix("run-") ? try? global.knownRun(releaseOrRun, in: context) : nil
    var global = global
    global.kubeContext = global.kubeContext ?? known?.release.context
    if let known { try global.require(known.release.namespace, of: known.id, in: context) }
    global.namespace = known?.release.namespace ?? global.namespace
    let session = RunSession(context, global, run)
    let backup = try await backup(session, known, global)
    let release = backup.snapshot.release
    let runContext = session.runContext(namespace: release.namespace)
    let sensitivity = context.hideSecrets(of: backup.snapshot, try backup.recipe())
    let started = RunDocument(
      id: session.id, kind: .rollback, dryRun: run.dryRun, startedAt: session.timestamp(),
      release: RunDocument.Release(
        name: release.name, namespace: release.namespace, clusterID: release.clusterID,
        context: global.kubeContext,
        fromRevision: try await runContext.releases.installed(release.name)?.revision ?? 0),
      plan: backup.plan)
    let recorder = try session.recorder(started, runContext, needsHistory: false)
    let rollback = Rollback(
      backup, sensitivity: sensitivity,
      options: RunOptions(
        timeout: run.timeout.duration, waits: !run.noWait, rollsBackOnFailure: false,
        takeOverLock: run.takeOverLock),
      context: runContext, recorder: recorder)
    let stake = [
      "take release \"\(release.name)\" in namespace \"\(release.namespace)\""
        + (global.kubeContext.map { " of context \"\($0)\"" } ?? "") + " back to revision "
        + "\(release.deployedRevision), chart \(release.chartVersion), as \(backup.run) found it "
        + "on "
        + "\(backup.createdAt.minute)",
      "  what was changed since is lost, but for claims and what is in them",
    ]
    return try await RunLauncher(
      session: session, recorder: recorder,
      command: run.adding(
        to: NextCommand(.rollback, releaseOrRun), runContext.place, global)
    ).launch(rollback, stake: stake)
  }

  /// The backup of the run that was named, or of the release's last apply.
  private func backup(
    _ session: RunSession, _ known: RunDocument?, _ global: GlobalOptions
  ) async throws -> Backup {
    if releaseOrRun.hasPrefix("run-") {
      return try await BackupStore.read(
        run: known?.backup ?? releaseOrRun,
        with: session.runContext(namespace: global.namespace).cluster)
    }
    guard ReleaseName(releaseOrRun) != nil else {
      throw CommandFailure(
        status: .wrongUsage,
        message: "\"\(releaseOrRun)\" is neither a release's name nor a run's id")
    }
    let releases = global.releases(session.context, namespace: nil)
    // Without the release, what is left of it is looked for where the operator points.
    let installed = try await releases.installed(releaseOrRun)
    let namespace = installed?.namespace ?? global.namespace
    let runContext = session.runContext(namespace: namespace)
    let cluster = runContext.cluster
    let journal = try await LockKeeper.read(releaseOrRun, with: cluster)?.journal
    func latest() async throws -> Backup? {
      try await BackupStore.latest(of: releaseOrRun, with: cluster)
    }
    switch BackupDecision(journal, isInstalled: installed != nil) {
    case .named(let run): return try await BackupStore.read(run: run, with: cluster)
    case .latest:
      if let backup = try await latest() { return backup }
      let others = installed == nil ? try? await releases.releases() : nil
      let advice = others.flatMap { Self.advice(on: releaseOrRun, in: namespace, among: $0) }
      throw BackupStore.missing(of: "release \"\(releaseOrRun)\"", advice: advice)
    case .latestBefore(let journal):
      if let backup = try await latest() { return backup }
      throw nothingChanged(by: journal)
    case .nothingChanged(let journal): throw nothingChanged(by: journal)
    case .rolledBackAlready(let journal):
      let again = NextCommand(
        .rollback, journal.backup ?? "RUN-ID", options: runContext.place)
      throw CommandFailure(
        status: .refused,
        message:
          "release \"\(releaseOrRun)\" was rolled back by \(journal.run) already; to go back "
          + "to that state once more, name its backup: \"\(again)\"")
    }
  }

  private func nothingChanged(by journal: ReleaseLock.Journal) -> CommandFailure {
    CommandFailure(
      status: .refused,
      message:
        "\(journal.run), the last run of release \"\(releaseOrRun)\", changed nothing; "
        + "to go further back, name a run that \"\(NextCommand(.history))\" lists")
  }
}
