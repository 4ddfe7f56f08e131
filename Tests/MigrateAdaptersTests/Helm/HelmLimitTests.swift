import MigratePlanning
import Synchronization
import Testing

@testable import MigrateAdapters

/// How long each call of helm may take until it is ended.
@Suite struct HelmLimitTests {
  private func limit(
    of call: (Helm) async throws -> Void
  ) async -> Duration? {
    let seen = Mutex<Duration?>(nil)
    let helm = Helm(
      executable: "helm", connection: ClusterConnection(requestTimeout: .seconds(7)),
      redactor: Redactor(),
      run: { command throws(CommandError) in
        seen.withLock { $0 = command.limit }
        return CommandResult(status: 1, output: [])
      })
    try? await call(helm)
    return seen.withLock { $0 }
  }

  @Test func whatNeedsNoNetworkHangsNobody() async {
    #expect(await limit { _ = try await $0.version() } == .seconds(7))
    let rendering = await limit {
      _ = try await $0.template(release: "web", namespace: "mqtt", chart: "x", values: [:])
    }
    #expect(rendering == .seconds(7))
    #expect(await limit { try await $0.package(chart: "x", into: "y") } == .seconds(7))
  }

  @Test func aChangeMayWaitForItsHooks() async {
    let limit = await limit {
      try await $0.upgrade(
        Helm.Upgrade(
          release: "web", chart: "x", values: [:], description: "d", keptRevisions: 10,
          applyMethod: .serverSide, timeout: .seconds(30)))
    }
    #expect(limit == .seconds(37))
  }

  @Test func aChartTakesAsLongAsItsRepository() async {
    #expect(await limit { try await $0.pull(try ChartReference("a/b"), into: "y") } == nil)
  }
}
