import ArgumentParser
import Foundation
import MigrateAdapters
import MigratePlanning

/// Writes a release as one file.
struct ExportCommand: ConnectedCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a release with its live objects as one file that plan --from reads.",
    discussion: """
      Secrets are left out. A plan from such a file says the same as one from the cluster, but its \
      values lack the secrets; --with-secrets writes them too, to a pipe or file only.

      EXAMPLES
        backbone-migrate export web --namespace mqtt > web.json
        backbone-migrate plan --from web.json
      """)

  @Argument(help: "The release.")
  var release: ReleaseName

  @Flag(help: "Write secrets in clear; to standard output only, never to a terminal.")
  var withSecrets = false

  @OptionGroup(title: "Global options")
  var global: GlobalOptions

  func run() async throws {
    let context = CommandContext.live
    try await perform(in: context) { try await $0.export(in: context) }
  }

  /// Reads the release and writes it.
  func export(in context: CommandContext) async throws -> ExitStatus {
    if withSecrets { try context.refuseSecretsOnTerminal() }
    let reader = ReleaseReader(
      releases: global.releases(context, namespace: nil),
      cluster: { global.cluster(context, namespace: $0) },
      context: global.kubeContext)
    var snapshot = try await reader.read(release.text, withRoleBindings: true)
    if !withSecrets {
      let recipe = try RecipeFile.embedded()
      snapshot = snapshot.redacted(context.hideSecrets(of: snapshot, recipe), recipe)
    }
    context.writeOutput(snapshot.exported.pretty + "\n")
    for entry in snapshot.hidden { context.warn(entry.reason) }
    return .done
  }
}
