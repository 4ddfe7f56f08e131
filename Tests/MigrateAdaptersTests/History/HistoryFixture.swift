import MigratePlanning
import Foundation
import GRDB
import MigrateAdapters

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

/// The migrations of the repository, as the binary embeds them.
func repositoryMigrations() throws -> [(path: String, text: String)] {
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
