import Foundation
import MigrateAdapters
import MigratePlanning

@testable import MigrateCLI

/// The plan of examples/hand-configured.yaml, rendered by the real helm.
enum ExamplePlan {
  /// The clone's root.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  struct Trouble: Error, CustomStringConvertible { let description: String }

  private static let pending = Task { try await make() }

  /// The document; made once.
  static func document() async throws -> PlanDocument { try await pending.value }

  private static func make() async throws -> PlanDocument {
    let snapshot = try ReleaseFile.snapshot(
      from: try ReleaseFile.bytes(at: root.appending(path: "examples/hand-configured.yaml").path()),
      named: "examples/hand-configured.yaml")
    let recipe = try RecipeFile.embedded()
    let helm = Helm(
      executable: try helmPath(), connection: ClusterConnection(), redactor: Redactor(),
      run: Subprocesses.run)
    return try await TemporaryFolder.with { folder in
      let chart = try Chart.unpackEmbedded(into: folder + "/chart")
      let release = snapshot.release
      let plan = try await Planner.plan(
        snapshot, onto: chart.target, recipe: recipe, choices: Choices(),
        render: { values in
          try await helm.template(
            release: release.name, namespace: release.namespace, chart: chart.path, values: values)
        }, ask: nil)
      return try PlanDocument(
        plan,
        PlanDocument.Circumstances(
          id: "plan-x7k2m9qa", createdAt: "2026-07-01T03:00:00.000Z", helmVersion: "4.3.1",
          commands: ["backbone-migrate chart ./backbone-0.2.0"]))
    }
  }

  /// The helm that `make test` names, else the one in the cache; a missing one is an error.
  private static func helmPath() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    if let path = environment.nonEmpty("BACKBONE_SANDBOX_HELM4") { return path }
    let cache =
      environment.nonEmpty("BACKBONE_MIGRATE_CACHE")
      ?? (environment.nonEmpty("XDG_CACHE_HOME") ?? NSHomeDirectory() + "/.cache")
      + "/backbone-migrate"
    let path = "\(cache)/helm/4.3.1/helm"
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw Trouble(description: "helm 4.3.1 is missing; run \"sandbox/setup tools\"")
    }
    return path
  }
}
