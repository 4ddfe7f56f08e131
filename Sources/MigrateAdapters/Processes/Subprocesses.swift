import Subprocess
import Synchronization
import SystemPackage

/// Runs programs as child processes.
package enum Subprocesses {
  /// The most that a program may print, in bytes.
  package static let outputLimit = 256 << 20

  /// Runs a program to its end, in this process's environment.
  package static let run: CommandRunner = { command throws(CommandError) in
    try await run(command, apart: nil)
  }

  private static let mark = Environment.Key(stringLiteral: RunningChild.mark)

  /// Runs a program, in a process group of its own when somebody keeps track of it.
  static func run(
    _ command: Command, apart children: Children?
  ) async throws(CommandError) -> CommandResult {
    let executable: Executable =
      command.executable.contains("/")
      ? .path(FilePath(command.executable)) : .name(command.executable)
    var options = PlatformOptions()
    if children != nil { options.processGroupID = 0 }
    let environment = children?.run.map { Environment.inherit.updating([mark: $0]) }
    let process = Mutex<Int32?>(nil)
    let deadline = Deadline(command.limit, endsGroup: children != nil)
    defer {
      deadline.end()
      process.withLock { $0 }.map { children?.ended($0) }
    }
    do {
      let result = try await Subprocess.run(
        executable, arguments: Arguments(command.arguments), environment: environment ?? .inherit,
        platformOptions: options,
        input: .fileDescriptor(
          try InputPipe.reading(command.input ?? []), closeAfterSpawningProcess: true),
        output: .bytes(limit: outputLimit), error: .bytes(limit: 1 << 20)
      ) { execution in
        process.withLock { $0 = execution.processIdentifier.value }
        children?.began(execution.processIdentifier.value)
        deadline.begin(execution.processIdentifier.value)
      }
      if deadline.isOver, let limit = command.limit {
        throw CommandError.notEnded(
          executable: command.executable, seconds: Int(limit.components.seconds))
      }
      let status: Int =
        switch result.terminationStatus {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
      return CommandResult(
        status: status, output: result.standardOutput,
        errorText: String(decoding: result.standardError, as: UTF8.self))
    } catch let error as CommandError {
      throw error
    } catch let error as SubprocessError {
      switch error.code {
      case .executableNotFound: throw .notFound(executable: command.executable)
      case .outputLimitExceeded:
        throw .tooMuchOutput(executable: command.executable, limit: outputLimit)
      default: throw .notRun(executable: command.executable, reason: error.description)
      }
    } catch {
      throw .notRun(executable: command.executable, reason: "\(error)")
    }
  }
}
