import MigratePlanning
import Synchronization
import Testing

@testable import MigrateExecution

/// The way through the steps of a run, dry and real.
@Suite struct RunTests {
  private final class Log: Sendable {
    let words = Mutex<[String]>([])
    func add(_ word: String) { words.withLock { $0.append(word) } }
  }

  private struct SampleStep: RunStep {
    let name: RunDocument.StepName
    var records: RecordedStep = .performance
    let log: Log
    var failure: RunFailure?

    func preview() async throws -> String? {
      log.add("preview \(name.rawValue)")
      return "would"
    }

    func perform() async throws -> String? {
      log.add("perform \(name.rawValue)")
      if let failure { throw failure }
      return "did"
    }
  }

  private let cluster = FakeCluster()
  private let log = Log()

  private func recorder() -> RunRecorder {
    RunRecorder(
      RunDocument(
        id: "run-one", kind: .apply, startedAt: "2026-03-01T10:00:00.000Z",
        release: RunDocument.Release(name: "web", namespace: "mqtt", fromRevision: 1)),
      context: cluster.context, timestamp: { "2026-03-01T10:00:00.000Z" }, save: { _ in },
      watch: { _ in }, warn: { _ in })
  }

  private func steps(failing: RunFailure? = nil) -> [any RunStep] {
    [
      SampleStep(name: .lock, log: log),
      SampleStep(name: .validate, records: [.preview, .performance], log: log),
      SkippedStep(name: .backup, reason: "there is one"),
      SampleStep(name: .prepare, records: .preview, log: log),
      SampleStep(name: .helm, log: log, failure: failing),
      SkippedStep(name: .wait, reason: "--no-wait", records: .performance),
      SampleStep(name: .verify, log: log),
    ]
  }

  private func recorded(_ recorder: RunRecorder) async -> [String] {
    await recorder.run.steps.map {
      "\($0.name.rawValue) \($0.state.rawValue): \($0.detail ?? "")"
    }
  }

  @Test func everyStepIsPerformedInItsOrder() async throws {
    let recorder = recorder()
    try await Run(steps: steps(), recorder: recorder).perform()
    #expect(
      log.words.withLock { $0 } == [
        "perform lock", "perform validate", "perform prepare", "perform helm", "perform verify",
      ])
    #expect(
      await recorded(recorder) == [
        "lock done: did", "validate done: did", "backup skipped: there is one", "helm done: did",
        "wait skipped: --no-wait", "verify done: did",
      ])
  }

  @Test func aDryRunIsThePreviewsOfTheSameSteps() async throws {
    let recorder = recorder()
    try await Run(steps: steps(), recorder: recorder).preview()
    #expect(
      log.words.withLock { $0 } == [
        "preview lock", "preview validate", "preview prepare", "preview helm", "preview verify",
      ])
    #expect(
      await recorded(recorder) == [
        "validate done: would", "backup skipped: there is one", "prepare done: would",
      ])
  }

  @Test func afterAStepThatFailsNoneIsBegun() async throws {
    let recorder = recorder()
    let failing = RunFailure(.failed, "helm is tired")
    let failure = await #expect(throws: RunFailure.self) {
      try await Run(steps: steps(failing: failing), recorder: recorder).perform()
    }
    #expect(failure == failing)
    #expect(log.words.withLock { $0.last } == "perform helm")
    #expect(await recorded(recorder).last == "helm failed: helm is tired")
  }
}
