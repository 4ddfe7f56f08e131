import MigratePlanning

/// Takes the lock on the release, after the user's permissions for everything ahead were asked.
struct TakeLock: RunStep {
  let name = RunDocument.StepName.lock
  let release: String
  let context: RunContext
  let recorder: RunRecorder
  let options: RunOptions
  /// The run whose backup holds the state from before; nil where this one has to make it.
  let backup: String?
  /// What the run and the way back from it need.
  let permissions: @Sendable () async throws -> [Permission]

  func preview() async throws -> String? {
    try await context.require(permissions())
    try await LockKeeper.requireFree(release, but: options.takeOverLock, with: context)
    return nil
  }

  func perform() async throws -> String? {
    try await context.require(permissions())
    try await recorder.lock(pushingAside: options.takeOverLock)
    if let backup { try await recorder.goOn(from: backup) }
    return "for \(ReleaseLock.duration) s, and renewed"
  }
}
