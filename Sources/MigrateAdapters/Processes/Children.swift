import Foundation
import Synchronization

/// Programs that run in process groups of their own, so that Ctrl-C at the terminal does not reach
/// them: what helm or kubectl is changing is brought to its end, and only stopped on purpose.
package final class Children: Sendable {
  private let running = Mutex<Set<Int32>>([])
  /// The run that starts them, which they carry as ``RunningChild/mark``; nil for none.
  let run: String?

  package init(of run: String? = nil) { self.run = run }

  /// Runs a program to its end; the task's cancellation does not end it.
  package var runner: CommandRunner {
    { command throws(CommandError) in
      let work = Task { () -> Result<CommandResult, CommandError> in
        await Result(awaiting: { () async throws(CommandError) in
          try await Subprocesses.run(command, apart: self)
        })
      }
      return try await work.value.get()
    }
  }

  /// Asks every program that runs to end; helm then marks its release as failed. One that does not
  /// listen can be killed.
  package func terminate(killing isKilled: Bool = false) {
    for process in running.withLock({ $0 }) { _ = kill(-process, isKilled ? SIGKILL : SIGTERM) }
  }

  func began(_ process: Int32) { _ = running.withLock { $0.insert(process) } }
  func ended(_ process: Int32) { _ = running.withLock { $0.remove(process) } }
}
