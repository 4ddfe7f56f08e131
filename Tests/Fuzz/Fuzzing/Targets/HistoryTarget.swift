import Foundation
import MigrateAdapters
import MigratePlanning

/// The history's file: everything that is read of it, by a store for reading and one for writing.
enum HistoryTarget: FuzzTarget {
  static let name = "history"
  static let share = 5

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    guard var bytes = random.one(of: seeds) else { return [] }
    switch random.below(8) {
    case 0: bytes.removeSubrange(random.below(bytes.count)...)
    case 1: return Mutation.bytes(bytes, &random)
    default:
      // Bytes stay in their places, so that pages are found and hold nonsense; often in their
      // heads.
      for _ in 0..<(1 + random.below(6)) where !bytes.isEmpty {
        let page = random.below(max(1, bytes.count / 4096)) * 4096
        let place = min(
          bytes.count - 1, page + random.below(random.happens(oneIn: 2) ? 110 : 4096))
        bytes[place] = random.happens(oneIn: 2) ? UInt8(random.below(256)) : bytes[place] ^ 0x80
      }
    }
    return bytes
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let memory = URL(filePath: "/dev/shm")
    let place =
      FileManager.default.isWritableFile(atPath: memory.path())
      ? memory : FileManager.default.temporaryDirectory
    let folder = place.appending(path: "fuzz-history-\(getpid())-\(UUID().uuidString)")
    let file = folder.appending(path: "history.sqlite")
    do {
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(input).write(to: file)
    } catch {
      throw Violation("the history cannot be put down: \(error)")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    var refusal: (any Error)?
    do {
      try read(file.path())
    } catch let error as HistoryError {
      refusal = error
    }
    if let refusal {
      // What is refused is left as it is.
      if case .damaged = refusal as? HistoryError {
        return .refused(refusal)
      }
      let after = (try? Data(contentsOf: file)).map { [UInt8]($0) }
      guard after == input || input.count >= 512 else {
        throw Violation("a history that was refused is another one now")
      }
      return .refused(refusal)
    }
    return .accepted
  }

  private static func read(_ path: String) throws {
    let schema = try HistorySchema.embedded(version: "fuzz")
    let reader = try HistoryStore.openForReading(at: path, schema: schema)
    defer { reader.close() }
    for plan in try reader.plans(limit: 20) {
      guard let record = try reader.plan(id: plan.id) else { continue }
      _ = try record.read()
      _ = try reader.marks(ofPlan: plan.id)
    }
    for run in try reader.runs(limit: 20) {
      guard let record = try reader.run(id: run.id) else { continue }
      _ = try record.read()
    }
    _ = try reader.suggestions(for: "plan-xxxxxxxx")
    _ = try reader.integrity()
    reader.close()
    let writer = try HistoryStore.open(at: path, schema: schema)
    defer { writer.close() }
    _ = try writer.marks(of: ["A": "b"])
    _ = try writer.prune(
      olderThan: Timestamp(Date(timeIntervalSince1970: 4_000_000_000)),
      keepingLatestPerRelease: 0, dryRun: false)
  }
}
