import MigrateExecution
import MigratePlanning

/// A run that can be tried without changing anything.
protocol LaunchableRun: Sendable {
  /// Carries the run out.
  func perform() async -> RunDocument
  /// Tells what the run would do.
  func preview() async -> RunDocument
}

extension Apply: LaunchableRun {}
extension Rollback: LaunchableRun {}

/// What every command that changes a release does in the end: show a dry run, or ask, carry the run
/// out with Ctrl-C as a wish to stop, and show what came of it.
struct RunLauncher {
  let session: RunSession
  let recorder: RunRecorder
  /// The command that does this for real, or once more.
  let command: NextCommand

  /// Previews a run, or asks whether to go ahead, with what is at stake, and performs it. The
  /// command does not follow a dry run while something is missing for it: then it does not lead on.
  ///
  /// - Throws: ``CommandFailure`` for a no, and where there is nobody to ask.
  func launch(
    _ run: some LaunchableRun, stake: @autoclosure () -> [String], leadsOn: Bool = true
  ) async throws -> ExitStatus {
    guard !session.options.dryRun else {
      return try await show(await run.preview(), leadingTo: leadsOn ? command : nil)
    }
    try session.confirm(stake(), later: command)
    return try await show(
      await session.heedingSignals { await run.perform() }, leadingTo: command)
  }

  private func show(_ run: RunDocument, leadingTo command: NextCommand?) async throws -> ExitStatus
  {
    try session.show(run.leading(to: command), await recorder.failure)
  }
}
