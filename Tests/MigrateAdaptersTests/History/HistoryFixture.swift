import Foundation
import GRDB
import MigrateAdapters
import MigratePlanning

/// A folder for one test, removed with it.
final class HistoryFolder: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("history-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String = "history.sqlite") -> String { path + "/" + name }

  /// The names in the folder, sorted.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }
}

/// The permission bits of a file or folder.
func permissionBits(_ path: String) throws -> Int? {
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  return (attributes[.posixPermissions] as? NSNumber)?.intValue
}

func fileBytes(_ path: String) throws -> Data {
  try Data(contentsOf: URL(fileURLWithPath: path))
}

/// Runs SQL on a file past the store, as another program would.
func executeSQL(_ sql: String, on path: String) throws {
  let connection = try DatabaseQueue(path: path)
  try connection.writeWithoutTransaction { try $0.execute(sql: sql) }
  try connection.close()
}

/// The migrations of the repository, as the binary embeds them; read once, since whoever becomes
/// somebody else may not be able to.
func repositoryMigrations() throws -> [(path: String, text: String)] { try migrations.get() }

private let migrations = Result<[(path: String, text: String)], any Error> {
  let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("migrations/history")
  return try FileManager.default.contentsOfDirectory(atPath: folder.path)
    .filter { $0.hasSuffix(".sql") }
    .map { name in
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      return ("migrations/history/" + name, text)
    }
}

/// The repository's schema, followed by further migrations.
func historySchema(
  adding more: [(path: String, text: String)] = [], version: String = "1.0.0"
) throws -> HistorySchema {
  try HistorySchema(
    files: try repositoryMigrations() + more, version: version, checksum: standInChecksum)
}

/// The schema as it was when the history knew plans only.
func firstHistorySchema() throws -> HistorySchema {
  try HistorySchema(
    files: try repositoryMigrations().filter { $0.path.contains("V0001__") }, version: "0.1.0",
    checksum: standInChecksum)
}

/// FNV-1a, 64 bits: tells texts apart, which is all that the store asks of a checksum.
func standInChecksum(_ text: String) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text.utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
  return "fnv:" + String(hash, radix: 16)
}

func timestamp(_ text: String) -> Timestamp {
  Timestamp(text: text) ?? Timestamp(Date(timeIntervalSince1970: 0))
}

/// A plan that is complete; tests name what matters to them.
func samplePlanRecord(
  id: String = "plan-1", createdAt: String = "2026-05-04T03:02:01.007Z", release: String = "web",
  namespace: String = "default", context: String? = "kind", clusterID: String? = "uid-1",
  verdict: Plan.Verdict = .ready, document: String = "{}"
) -> PlanRecord {
  PlanRecord(
    summary: PlanSummary(
      id: id, digest: "sha256:abc", createdAt: timestamp(createdAt), release: release,
      namespace: namespace, revision: 3, context: context, clusterID: clusterID,
      target: PlanSummary.Target(chart: "backbone", version: "0.2.0", digest: "sha256:def"),
      verdict: verdict),
    document: document)
}

/// A run that is complete; tests name what matters to them.
func sampleRunRecord(
  id: String = "run-1", planID: String? = "plan-1", kind: RunDocument.Kind = .apply,
  dryRun: Bool = false, state: RunDocument.State = .done, release: String = "web",
  namespace: String = "default", clusterID: String? = "uid-1", context: String? = "kind",
  fromRevision: Int = 3, toRevision: Int? = 4, startedAt: String = "2026-05-04T03:02:01.007Z",
  finishedAt: String? = "2026-05-04T03:02:09.123Z", document: String = "{}"
) -> RunRecord {
  RunRecord(
    summary: RunSummary(
      id: id, planID: planID, kind: kind, dryRun: dryRun, state: state, release: release,
      namespace: namespace, clusterID: clusterID, context: context, fromRevision: fromRevision,
      toRevision: toRevision, startedAt: timestamp(startedAt),
      finishedAt: finishedAt.map(timestamp)),
    document: document)
}
