import ArgumentParser
import MigrateAdapters
import MigrateExecution
import MigratePlanning

/// Says where migrations stand.
struct StatusCommand: ConnectedCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Says where a migration stands, and the one next command.",
    discussion: """
      Asks the cluster, not this machine: a run that another machine began shows as well. Beside \
      what the run left on record stands what there is now: helm's last revision, Deployments that \
      are held still, programs of the run that are still at it on this machine.

      EXAMPLES
        backbone-migrate status web --namespace mqtt
        backbone-migrate status --namespace mqtt -o json | jq -r .runs[].next
        backbone-migrate status web --namespace mqtt -o html > web.html
      """)

  @Argument(help: "The release; else all releases of the namespace.")
  var release: ReleaseName?

  @Option(name: .shortAndLong, help: "How to show it.")
  var output: RunFormat = .table

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() async throws {
    let context = CommandContext.live
    try await perform(in: context) { try await $0.status(in: context) }
  }

  /// Reads the journals and shows them.
  func status(in context: CommandContext) async throws -> ExitStatus {
    let leases = try await global.cluster(context, namespace: nil).list(
      "leases.coordination.k8s.io",
      Cluster.Selection(labels: "app.kubernetes.io/managed-by=backbone-migrate"))
    let locks = leases.all.compactMap(ReleaseLock.init(lease:)).filter {
      release == nil || $0.release == release?.text
    }.sorted { $0.release < $1.release }
    var runs: [RunDocument] = []
    for lock in locks {
      // Without the history, the cluster still says where a run stands.
      let known = try? global.knownRun(lock.journal.run, in: context)
      var place = global
      place.namespace = lock.namespace
      let present = await self.present(lock, in: context)
      runs.append(
        RunDocument(
          lock, known: known, now: present, place: place.place, at: Timestamp(context.now())))
    }
    switch output {
    case .json:
      let document: JSON =
        if release != nil, let run = runs.first { try run.json } else {
          [
            "schema": "backbone-migrate/status/v1",
            "runs": .array(try runs.map { try $0.json }),
          ]
        }
      context.writeOutput(document.pretty + "\n")
    case .html:
      let title =
        runs.isEmpty
        ? "No run has touched \(subject)"
        : release == nil ? "Migrations of this namespace" : "The migration of \(subject)"
      context.writeOutput(try ReportPage.text(Report(runs, title: title)))
    case .table:
      guard !runs.isEmpty else {
        let next = NextCommand(.plan, release?.text ?? "RELEASE", options: global.place)
        let advice = await self.advice(in: context) ?? "next: \(next)"
        context.writeOutput("no run has touched \(subject)\n\(TextLayout.visible(advice))\n")
        return .done
      }
      let table = RunTable(
        width: global.width(context), usesColor: global.usesColor(context),
        isPlain: global.isPlain(context))
      context.writeOutput(runs.map { table.text($0) }.joined(separator: "\n"))
    }
    return .done
  }

  /// Which release may have been meant, when the one that was named is not there; nil when it is,
  /// and where that cannot be seen.
  private func advice(in context: CommandContext) async -> String? {
    guard let name = release?.text else { return nil }
    let releases = global.releases(context, namespace: nil)
    do {
      if try await releases.installed(name) != nil { return nil }
      return Self.notFound(name, in: global.namespace, among: try await releases.releases())
    } catch {
      return nil
    }
  }

  /// What was asked about.
  private var subject: String {
    release.map { "release \"\($0.text)\"" } ?? "any release of this namespace"
  }

  /// What there is now of a release; nil when it cannot be seen.
  private func present(_ lock: ReleaseLock, in context: CommandContext) async -> RunDocument.Now? {
    let programs = RunningChild.all(of: lock.journal.run).map(\.description)
    let cluster = global.cluster(context, namespace: lock.namespace)
    do {
      let status = try await global.releases(context, namespace: lock.namespace)
        .installed(lock.release)
      var deployments = try Objects(YAMLReader().manifestDocuments(status?.manifest ?? ""))
        .all(kind: "Deployment")
      var backup: Backup?
      if let run = lock.journal.backup {
        backup = try? await BackupStore.read(run: run, with: cluster)
      }
      // A way back may hold one still that helm's last revision does not have, under an older name.
      if let backup {
        let there = Set(deployments.map(\.objectName))
        deployments += backup.snapshot.live.all(kind: "Deployment").filter {
          !there.contains($0.objectName)
        }
      }
      // By their names: the version in which the manifest has them may not be served any more.
      var live: [JSON] = []
      for deployment in deployments {
        let reference = deployment.objectReference(defaultNamespace: lock.namespace)
        if let found = try await cluster.get(reference) { live.append(found) }
      }
      return RunDocument.Now(
        revision: status?.revision, status: status?.status,
        heldStill: live.filter { Deployment($0).isPaused }.map {
          "\($0.objectReference(defaultNamespace: lock.namespace))"
        }, programs: programs,
        differences: try? await differences(of: lock.journal, backup, cluster, in: context))
    } catch {
      return nil
    }
  }

  /// What is otherwise than a run left it; nil where that is not known.
  private func differences(
    of journal: ReleaseLock.Journal, _ backup: Backup?, _ cluster: Cluster,
    in context: CommandContext
  ) async throws -> [RunDocument.Difference]? {
    guard journal.state == .done, let backup else { return nil }
    let sensitivity = context.hideSecrets(of: backup.snapshot, try backup.recipe())
    guard journal.kind == .apply else {
      return backup.differences(from: try await cluster.get(backup.objects), hiding: sensitivity)
    }
    guard let foretold = backup.foretold else { return nil }
    return foretold.differences(
      from: try await cluster.get(foretold.objects), in: backup.snapshot.release.namespace,
      hiding: sensitivity)
  }
}

extension Backup {
  /// The plan's own recipe, which knows its secrets; it may not be on this machine.
  ///
  /// - Throws: when neither recipe can be read.
  func recipe() throws -> Recipe {
    try (try? PlanOptions.parse(options).readRecipe()) ?? RecipeFile.embedded()
  }
}
