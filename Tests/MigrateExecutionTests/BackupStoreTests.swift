import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateExecution

/// Backups as they lie in the cluster, finished or not.
@Suite struct BackupStoreTests {
  private let cluster = FakeCluster()

  private func backup(_ run: String, at moment: String) throws -> Backup {
    let release: JSON = [
      "schema": "backbone-migrate/export/v1",
      "release": [
        "name": "web", "namespace": "mqtt", "revision": 1, "status": "deployed",
        "chart": ["name": "backbone", "version": "0.1.0"],
      ],
      "manifest": [], "live": [],
    ]
    return Backup(
      run: run, plan: RunDocument.PlanReference(id: "plan-1", digest: "sha256:0"), options: [],
      values: ["note": .string(String(repeating: "x", count: Backup.partSize + 1))],
      chartDigest: "", user: "me@here", createdAt: DocumentTime(text: moment),
      snapshot: try Snapshot(exported: release), record: nil, created: [])
  }

  private var api: Cluster { cluster.context.cluster }

  @Test func theNewestThatIsWholeCounts() async throws {
    let old = try backup("run-old", at: "2026-03-01T10:00:00.000Z")
    #expect(try await BackupStore.write(old, with: api) == 2)
    let died = try backup("run-died", at: "2026-03-02T10:00:00.000Z")
    cluster.put(died.secrets[0])
    #expect(try await BackupStore.latest(of: "web", with: api)?.run == "run-old")
    let failure = await #expect(throws: RunFailure.self) {
      try await BackupStore.read(run: "run-died", with: api)
    }
    #expect(failure?.description.contains("backbone-migrate.web.run-died.1") == true)
    cluster.put(died.secrets[1])
    #expect(try await BackupStore.latest(of: "web", with: api)?.run == "run-died")
  }

  @Test func whatWasNotFinishedIsTakenAwayAndNothingElse() async throws {
    let old = try backup("run-old", at: "2026-03-01T10:00:00.000Z")
    _ = try await BackupStore.write(old, with: api)
    let died = try backup("run-died", at: "2026-03-02T10:00:00.000Z")
    cluster.put(died.secrets[0])
    try await BackupStore.sweep("run-died", with: api)
    #expect(cluster.object("Secret", "backbone-migrate.web.run-died.0") == nil)
    #expect(cluster.object("Secret", "backbone-migrate.web.run-old.0") != nil)
    #expect(try await BackupStore.latest(of: "web", with: api)?.run == "run-old")
  }
}
