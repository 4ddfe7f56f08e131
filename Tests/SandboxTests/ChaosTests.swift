import Foundation
import Testing

/// Commands that are killed, cut off and refused at any moment, and what becomes of the release.
///
/// `make chaos` draws many points (`CHAOS_POINTS`, `CHAOS_SEED`); here are some of the hardest.
@Suite("Chaos")
struct ChaosTests {
  @Test("nothing is lost, and the way on is said")
  func points() async throws {
    let settings = ChaosSettings.current
    let results = await settings.results()
    for result in results where !result.defects.isEmpty { Issue.record("\(result.line)") }
    #expect(results.count == settings.points.count)
  }
}

/// Which points are tried, by the variables of the environment.
struct ChaosSettings: Sendable {
  let points: [ChaosPoint]
  let seed: UInt64
  let report: String?
  let command: String

  static var current: ChaosSettings {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["CHAOS_SEED"].flatMap(UInt64.init) ?? 1
    guard let count = environment["CHAOS_POINTS"].flatMap(Int.init) else {
      // Every second one where not every helm is asked.
      let points = ChaosPoint.hardest.filter { HelmVersion.isEvery || $0.index.isMultiple(of: 2) }
      return ChaosSettings(points: points, seed: seed, report: nil, command: "")
    }
    let only = (environment["CHAOS_ONLY"] ?? "").split(separator: ",").compactMap { Int($0) }
    return ChaosSettings(
      points: ChaosPoint.drawn(max(count, only.max() ?? 1), seed: seed).filter {
        only.isEmpty || only.contains($0.index)
      },
      seed: seed, report: environment["CHAOS_REPORT"].flatMap { $0.isEmpty ? nil : $0 },
      command: "make chaos CHAOS_POINTS=\(count) CHAOS_SEED=\(seed)")
  }

  /// Tries all points, some releases side by side, and says how far it has come.
  func results() async -> [ChaosResult] {
    // Helm's history gets longer with each point: a release is used for a few.
    let batches = Dictionary(grouping: points, by: \.mode).values.flatMap { points in
      stride(from: 0, to: points.count, by: 8).map { Array(points[$0..<min($0 + 8, points.count)]) }
    }
    let progress = ChaosProgress(of: self)
    return await withTaskGroup(of: [ChaosResult].self) { group in
      for batch in batches.sorted(by: { ($0.first?.index ?? 0) < ($1.first?.index ?? 0) }) {
        group.addTask { await Self.results(of: batch, progress) }
      }
      return await group.reduce(into: []) { $0 += $1 }.sorted { $0.point.index < $1.point.index }
    }
  }

  private static func results(
    of batch: [ChaosPoint], _ progress: ChaosProgress
  ) async -> [ChaosResult] {
    var results: [ChaosResult] = []
    // What a defect leaves behind is no ground for the next point.
    while results.count < batch.count {
      let rest = Array(batch[results.count...])
      do {
        results += try await lane(for: rest, progress)
      } catch {
        var result = ChaosResult(point: rest[0])
        result.defects.append("the release could not be made: \(error)")
        results.append(result)
      }
    }
    return results
  }

  /// Tries points until there is a defect.
  private static func lane(
    for points: [ChaosPoint], _ progress: ChaosProgress
  ) async throws -> [ChaosResult] {
    let collected = Collected()
    try await Workbench.with(points[0].mode) { bench in
      try await ChaosLane.prepare(bench)
    } _: { bench in
      try await Faults.with(bench) { faults in
        var lane = try await ChaosLane(bench, faults, points[0].mode)
        for point in points {
          let result = await lane.run(point)
          await progress.show(result)
          await collected.add(result)
          if !result.defects.isEmpty { return }
        }
      }
    }
    return await collected.results
  }

  private actor Collected {
    private(set) var results: [ChaosResult] = []
    func add(_ result: ChaosResult) { results.append(result) }
  }
}

/// Says how far a run has come, and keeps its report up to date.
actor ChaosProgress {
  private let settings: ChaosSettings
  private let began = Date()
  private var results: [ChaosResult] = []

  init(of settings: ChaosSettings) { self.settings = settings }

  func show(_ result: ChaosResult) {
    results.append(result)
    FileHandle.standardError.write(
      Data("\(results.count)/\(settings.points.count) \(result.line)\n".utf8))
    guard let path = settings.report else { return }
    let report = ChaosReport(
      of: results.sorted { $0.point.index < $1.point.index }, among: settings.points.count,
      command: settings.command, began: began, ended: Date())
    do {
      try report.markdown.write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      Issue.record("the report cannot be written: \(error)")
    }
  }
}

extension ChaosPoint {
  /// Some that are hard, two or so of each kind, for every day.
  static let hardest: [ChaosPoint] = [
    hard(1, .helm3, .inPlace, .apply, .kill(.all, .afterWrite), "apply.helm", 2),
    hard(2, .helm4, .inPlace, .apply, .kill(.tool, .beforeWrite), "apply.helm", 2),
    hard(3, .helm4AfterHelm3, .renamed, .apply, .kill(.all, .afterWrite), "apply.prepare", 2),
    hard(4, .helm4, .renamed, .rollback, .kill(.all, .beforeHelm), "rollback.helm", 1),
    hard(5, .helm3, .renamed, .wayBack, .kill(.tool, .afterHelm), "rollback.helm", 1),
    hard(
      6, .helm4AfterHelm3, .secretReference, .resume, .kill(.helm, .beforeWrite), "apply.helm", 2),
    hard(7, .helm4, .newClaim, .apply, .answer(.resetAfter), "apply.resume", 2),
    hard(8, .helm3, .newClaim, .rollback, .kill(.all, .beforeWrite), "rollback.restore", 2),
    hard(9, .helm4AfterHelm3, .inPlace, .apply, .answer(.goneForAWhile), "apply.helm", 2),
    hard(10, .helm3, .secretReference, .apply, .answer(.unauthorized), "apply.resume", 1),
    hard(11, .helm4, .newClaim, .rollback, .kill(.all, .beforeWrite), "rollback.-", 2),
    hard(12, .helm4, .newClaim, .wayBack, .meddle(.edits), "rollback.wait", 1),
    hard(13, .helm3, .inPlace, .apply, .removeFolder, "apply.helm", 3),
    hard(14, .helm4, .inPlace, .apply, .kill(.proxy, .afterWrite), "apply.prepare", 2),
  ]

  private static func hard(
    _ index: Int, _ mode: ReleaseMode, _ shape: Shape, _ command: Command, _ mishap: Mishap,
    _ stage: String, _ number: Int
  ) -> ChaosPoint {
    ChaosPoint(
      index: index, mode: mode, shape: shape, command: command, mishap: mishap,
      place: .stage(stage, number), finishesByGoingOn: index.isMultiple(of: 2))
  }
}
