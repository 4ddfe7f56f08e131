/// A program to run: never through a shell, and with nothing secret among its arguments.
package struct Command: Hashable, Sendable {
  /// A path, or a name to be found on PATH.
  package var executable: String
  package var arguments: [String]
  /// What the program reads on standard input; nil for nothing.
  package var input: [UInt8]?
  /// How long it may take until it is ended; nil for as long as it likes.
  package var limit: Duration?

  package init(
    _ executable: String, _ arguments: [String], input: [UInt8]? = nil, limit: Duration? = nil
  ) {
    self.executable = executable
    self.arguments = arguments
    self.input = input
    self.limit = limit
  }

  /// The command as a reader would type it, without its input.
  package var line: String { ([executable] + arguments).joined(separator: " ") }
}

/// What a program left when it ended.
package struct CommandResult: Hashable, Sendable {
  /// The exit status; 128 and the signal's number when a signal ended it.
  package var status: Int
  package var output: [UInt8]
  package var errorText: String

  package init(status: Int, output: [UInt8], errorText: String = "") {
    self.status = status
    self.output = output
    self.errorText = errorText
  }

  package var isSuccess: Bool { status == 0 }
}

/// Runs programs. Helm and kubectl are the only ones, and only their clients run them.
package typealias CommandRunner = @Sendable (Command) async throws(CommandError) -> CommandResult

/// A program that could not be run.
package enum CommandError: Error, Hashable, CustomStringConvertible {
  case notFound(executable: String)
  case notRun(executable: String, reason: String)
  /// It printed more than the limit, in bytes.
  case tooMuchOutput(executable: String, limit: Int)
  /// It took longer than it may, and was ended.
  case notEnded(executable: String, seconds: Int)

  package var description: String {
    switch self {
    case .notFound(let executable):
      "\"\(executable)\" was not found; install it, or name it with --helm or --kubectl"
    case .notRun(let executable, let reason):
      "\"\(executable)\" could not be run: \(reason)"
    case .tooMuchOutput(let executable, let limit):
      "\"\(executable)\" printed more than \(limit >> 20) MiB"
    case .notEnded(let executable, let seconds):
      "\"\(executable)\" did not end within \(seconds) s and was stopped; "
        + "does the API server answer? --request-timeout gives it longer"
    }
  }
}
