import MigratePlanning

/// The way from the first step of a run to its end.
struct Run {
  let steps: [any RunStep]
  let recorder: RunRecorder

  /// Does the steps, one after the other.
  ///
  /// - Throws: `RunFailure` of the first that fails; those after it are not begun.
  func perform() async throws(RunFailure) {
    for step in steps { try await go(through: step, .performance) }
  }

  /// Looks what the steps would do.
  ///
  /// - Throws: `RunFailure` of the first that would fail.
  func preview() async throws(RunFailure) {
    for step in steps { try await go(through: step, .preview) }
  }

  private func go(through step: any RunStep, _ mode: RecordedStep) async throws(RunFailure) {
    let work = { @Sendable in
      try await mode == .preview ? step.preview() : step.perform()
    }
    if !step.records.contains(mode) {
      do { _ = try await work() } catch { throw RunFailure(error) }
    } else if let skipped = step as? SkippedStep {
      await recorder.skip(skipped.name, because: skipped.reason)
    } else {
      try await recorder.step(step.name, work)
    }
  }
}
