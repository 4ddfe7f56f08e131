import Foundation

/// Which helm made a release, and which one goes on with it.
enum ReleaseMode: String, CaseIterable, Sendable, CustomStringConvertible {
  case helm3 = "Helm 3"
  case helm4 = "Helm 4"
  /// Helm 4 stays with the client-side way of the release that it found.
  case helm4AfterHelm3 = "Helm 4 after Helm 3"

  var description: String { rawValue }

  /// Some of the modes, for what does not hang on them; all of them when
  /// `BACKBONE_SANDBOX_EVERY_MODE` is set, which takes a while.
  static func only(_ modes: ReleaseMode...) -> [ReleaseMode] { isEvery ? allCases : modes }

  /// One of some modes, of all when none are named, so that no test takes long every day; all of
  /// those when `BACKBONE_SANDBOX_EVERY_HELM` is set, as by `.ci/run`. The tests take turns.
  static func one(_ mode: ReleaseMode, of modes: ReleaseMode...) -> [ReleaseMode] {
    if isEvery { return allCases }
    return HelmVersion.isEvery ? (modes.isEmpty ? allCases : modes) : [mode]
  }

  /// Each mode with another one of some cases; every mode with all of them as above.
  static func taking<Case>(turnsWith cases: [Case]) -> [(mode: ReleaseMode, turn: Case)] {
    if isEvery { return allCases.flatMap { mode in cases.map { (mode, $0) } } }
    return cases.enumerated().map { (allCases[$0 % allCases.count], $1) }
  }

  static let isEvery =
    ProcessInfo.processInfo.environment["BACKBONE_SANDBOX_EVERY_MODE"]?.isEmpty == false

  /// Whether helm applies on the server.
  var isServerSide: Bool { self == .helm4 }

  fileprivate var maker: HelmVersion { self == .helm4 ? .helm4 : .helm3 }
  fileprivate var successor: HelmVersion { self == .helm3 ? .helm3 : .helm4 }
}

extension Workbench {
  /// Does a test's work on a release that one helm made, with what was then done to it by hand, and
  /// another helm may go on with.
  static func with(
    _ mode: ReleaseMode, prepare: nonisolated(nonsending) (Workbench) async throws -> Void,
    _ work: nonisolated(nonsending) (Workbench) async throws -> Void
  ) async throws {
    try await with(mode.maker) { bench in
      try await prepare(bench)
      var successor = bench
      successor.helmVersion = mode.successor
      try successor.link("bin/helm", to: bench.sandbox.helm(mode.successor))
      try await successor.settle()
      try await work(successor)
    }
  }
}
