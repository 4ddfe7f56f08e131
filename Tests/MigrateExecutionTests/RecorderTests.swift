import MigratePlanning
import Synchronization
import Testing

@testable import MigrateExecution

/// The record of a run: every step before and after it, whatever happens.
@Suite struct RecorderTests {
  private final class Notes: Sendable {
    let saved = Mutex<[RunDocument]>([])
    let warnings = Mutex<[String]>([])
    let isFull = Mutex(false)
  }

  private struct DiskFull: Error {}

  private let cluster = FakeCluster()
  private let notes = Notes()
  private let subject = RunSubject(release: "web", backup: "run-one", place: "")

  private func recorder() -> RunRecorder {
    let notes = notes
    return RunRecorder(
      RunDocument(
        id: "run-one", kind: .apply, startedAt: "2026-03-01T10:00:00.000Z",
        release: RunDocument.Release(name: "web", namespace: "mqtt", fromRevision: 1)),
      context: cluster.context, timestamp: { "2026-03-01T10:00:00.000Z" },
      save: { run in
        if notes.isFull.withLock({ $0 }) { throw DiskFull() }
        notes.saved.withLock { $0.append(run) }
      }, watch: { _ in }, warn: { text in notes.warnings.withLock { $0.append(text) } })
  }

  private var states: [String] {
    notes.saved.withLock { runs in
      runs.map { run in
        run.steps.map { "\($0.name.rawValue) \($0.state.rawValue)" }.joined(separator: ", ")
      }
    }
  }

  @Test func eachStepIsRecordedBeforeAndAfter() async throws {
    let recorder = recorder()
    try await recorder.step(.lock) { "for a while" }
    try await recorder.step(.backup) { nil }
    #expect(
      states == [
        "lock running", "lock done", "lock done, backup running", "lock done, backup done",
      ])
    #expect(await recorder.run.steps[0].detail == "for a while")
  }

  @Test func aStepThatFailsSaysWhy() async throws {
    let recorder = recorder()
    let failure = await #expect(throws: RunFailure.self) {
      try await recorder.step(.helm) { throw RunFailure(.failed, "helm is tired") }
    }
    #expect(failure?.description == "helm is tired")
    let run = await recorder.end(
      RunEnding(.applyFailed(RunFailure(.failed, "helm is tired")), of: subject))
    #expect(run.steps[0].state == .failed && run.steps[0].detail == "helm is tired")
    #expect(notes.saved.withLock { $0.last } == run)
    #expect(await recorder.failure == .failed)
  }

  @Test func aProgramThatWasAskedToEndWasStoppedOnRequest() async throws {
    let recorder = recorder()
    let failure = await #expect(throws: RunFailure.self) {
      try await recorder.step(.helm) {
        cluster.stop.make()
        throw RunFailure(.failed, "context canceled")
      }
    }
    #expect(
      failure == RunFailure(.interrupted, "stopped on request, within helm: context canceled"))
    let next = await #expect(throws: RunFailure.self) { try await recorder.step(.wait) { nil } }
    #expect(next == RunFailure(.interrupted, "stopped on request"))
    #expect(await recorder.run.steps.map(\.state) == [.failed])
  }

  @Test func noSecretIsRecorded() async throws {
    let recorder = recorder()
    cluster.redactor.learn(["sunflower-7041", "rose"])
    try await recorder.step(.prepare) {
      await recorder.progress("sunflower-7041 or rose")
      #expect(await recorder.run.steps[0].detail == "<redacted> or <redacted>")
      return "it is sunflower-7041"
    }
    await #expect(throws: RunFailure.self) {
      try await recorder.step(.helm) { throw RunFailure(.failed, "no sunflower-7041") }
    }
    let run = await recorder.end(
      RunEnding(.applyFailed(RunFailure(.failed, "no sunflower-7041")), of: subject))
    #expect(run.steps.map(\.detail) == ["it is <redacted>", "no <redacted>"])
    #expect(run.message == "no <redacted>")
    #expect(!notes.saved.withLock { "\($0)" }.contains("sunflower"))
  }

  @Test func withoutAHistoryNothingIsBegun() async throws {
    notes.isFull.withLock { $0 = true }
    let recorder = recorder()
    let begun = Mutex(false)
    let failure = await #expect(throws: RunFailure.self) {
      try await recorder.step(.lock) {
        begun.withLock { $0 = true }
        return nil
      }
    }
    #expect(failure?.kind == .refused)
    #expect(!begun.withLock { $0 })
  }

  @Test func aHistoryThatFailsLaterIsNoReasonToStopHalfWay() async throws {
    let recorder = recorder()
    try await recorder.step(.backup) { nil }
    await recorder.beginChanging()
    notes.isFull.withLock { $0 = true }
    try await recorder.step(.prepare) { nil }
    let run = await recorder.end(RunEnding(.wentBack, of: subject))
    #expect(run.steps.map(\.state) == [.done, .done])
    #expect(notes.warnings.withLock { $0.count } >= 2)
  }

  @Test func theWishToStopIsHeededBeforeTheNextStep() async throws {
    let recorder = recorder()
    try await recorder.step(.prepare) { [cluster] in
      cluster.stop.make()
      return nil
    }
    let failure = await #expect(throws: RunFailure.self) {
      try await recorder.step(.helm) { nil }
    }
    #expect(failure?.kind == .interrupted)
    #expect(await recorder.run.steps.map(\.name) == [.prepare])
  }
}
