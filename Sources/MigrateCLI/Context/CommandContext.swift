import Foundation
import MigrateAdapters
import MigrateExecution
import MigratePlanning

/// Everything of the outside world that a command touches, so that tests can give it another one.
struct CommandContext: Sendable {
  /// The process's environment variables.
  var environment: [String: String]
  var run: CommandRunner
  /// Whether ``run`` starts real programs.
  var runsPrograms = false
  /// What keeps secrets out of all that helm and kubectl say.
  let redactor = Redactor()
  /// The way to the cluster in the place of `kubectl proxy`.
  var transport: (any ClusterTransport)?
  /// What everything that only asks goes through.
  let conversation = Conversation()
  var now: @Sendable () -> Date
  /// When the command began, for the times that `--verbose` shows.
  var start: ContinuousClock.Instant
  /// Random lower-case letters and digits for ids; the number of them is given.
  var randomText: @Sendable (Int) -> String
  var readInput: @Sendable () -> [UInt8]
  /// One line that a person typed; nil at the end.
  var readLine: @Sendable () -> String? = { nil }
  var inputIsTerminal = false
  /// Writes data for the reader's program.
  var writeOutput: @Sendable (String) -> Void
  /// Why not all of that could be written; nil when it could.
  var outputFailure: @Sendable () -> String? = { nil }
  /// Writes messages for the reader.
  var writeError: @Sendable (String) -> Void
  var outputIsTerminal: Bool
  var errorIsTerminal: Bool
  /// The terminal's width in columns.
  var width: Int
  /// That of the terminal where errors go.
  var errorWidth = 80

  /// Whether a line of progress can be taken back: not on a terminal that cannot move its cursor,
  /// nor in the log of a CI system, which shows each one.
  var redrawsLines: Bool {
    errorIsTerminal && !isDumb && environment.nonEmpty("CI") == nil
  }

  /// Whether nobody has asked for no colour.
  var allowsColor: Bool { environment.nonEmpty("NO_COLOR") == nil && !isDumb }

  /// Whether words are wanted in the place of signs and columns.
  var wantsWords: Bool { environment.nonEmpty("BACKBONE_MIGRATE_PLAIN") != nil }

  /// The columns of what is shown at a terminal; as good as all of them where lines are read aloud.
  func width(atMost most: Int, isPlain: Bool) -> Int { isPlain ? .max / 2 : min(width, most) }

  private var isDumb: Bool { environment.nonEmpty("TERM") == "dumb" }

  /// The world as it is.
  static var live: CommandContext {
    let output = StandardOutput()
    return CommandContext(
      environment: ProcessInfo.processInfo.environment, run: Subprocesses.run, runsPrograms: true,
      now: { Date() }, start: .now,
      randomText: { count in
        String((0..<count).compactMap { _ in "abcdefghjkmnpqrstvwxyz23456789".randomElement() })
      },
      readInput: { InputFile.standardInput() },
      readLine: { Swift.readLine() }, inputIsTerminal: Terminal.isTerminal(STDIN_FILENO),
      writeOutput: { output.write($0) }, outputFailure: { output.failure },
      writeError: { try? FileHandle.standardError.write(contentsOf: Data($0.utf8)) },
      outputIsTerminal: Terminal.isTerminal(STDOUT_FILENO),
      errorIsTerminal: Terminal.isTerminal(STDERR_FILENO),
      width: Terminal.width(STDOUT_FILENO) ?? 80, errorWidth: Terminal.width(STDERR_FILENO) ?? 80
    ).namingCommands
  }

  /// What a person types before a command: helm's name as well where this is its plugin, and the
  /// program could not be typed because it is nowhere on the PATH.
  private var program: ProgramName {
    let name = ProgramName.standalone.rawValue
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    guard environment.nonEmpty("HELM_PLUGIN_NAME") == name,
      !folders.contains(where: { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") })
    else { return .standalone }
    return .helmPlugin
  }

  /// The same, where a person reads commands as they can be typed. Output for other programs stays
  /// as it is.
  var namingCommands: CommandContext {
    let program = self.program
    guard program != .standalone else { return self }
    var context = self
    context.writeError = { [writeError] in writeError(program.naming(commandsIn: $0)) }
    if outputIsTerminal {
      context.writeOutput = { [writeOutput] in writeOutput(program.naming(commandsIn: $0)) }
    }
    return context
  }

  /// Refuses to go on when secrets would be written to a terminal.
  func refuseSecretsOnTerminal() throws(CommandFailure) {
    guard outputIsTerminal else { return }
    throw CommandFailure(
      status: .refused,
      message: "secrets are not written to a terminal; pipe the output where it is needed")
  }

  /// Writes an error, with nothing in it that could steer the terminal.
  private func report(_ message: String) {
    writeError(errorLines("error: \(TextLayout.message(message))"))
  }

  /// Writes a warning in the same manner.
  func warn(_ message: String) {
    writeError(errorLines("warning: \(TextLayout.visible(message))"))
  }

  /// A message as lines: on a terminal broken between words, and never within a command.
  private func errorLines(_ message: String) -> String {
    guard errorIsTerminal else { return message + "\n" }
    return TextLayout.brokenBetweenWords(message, width: errorWidth)
      .map { $0 + "\n" }.joined()
  }

  /// Runs a command's work and turns what it throws into a message and an exit code.
  func perform(_ work: () async throws -> ExitStatus) async throws {
    var status: ExitStatus
    do {
      status = try await work()
    } catch let error as CommandFailure {
      report(error.message)
      status = error.status
    } catch let error as RunFailure {
      report(error.description)
      status = error.kind == .refused ? .refused : .failed
    } catch let error as PlanError {
      report("\(error)")
      status = error.isWrongUsage ? .wrongUsage : .failed
    } catch let error as any PassingError where error.isForbidden {
      report("\(error); \"\(NextCommand(.doctor))\" lists what is missing")
      status = .failed
    } catch {
      report("\(error)")
      status = .failed
    }
    await conversation.end()
    if let failure = outputFailure() {
      report("not all of the output could be written: \(failure); make room, or write it elsewhere")
      // How a run ended matters more.
      if [.done, .acceptanceMissing, .refused].contains(status) { status = .failed }
    }
    if status != .done { throw status.exitCode }
  }
}

/// The exit codes of the contract.
enum ExitStatus: Int32, Sendable {
  case done = 0
  case failed = 1
  case acceptanceMissing = 2
  case refused = 3
  case differs = 4
  case wrongUsage = 64
  case interrupted = 130
}

/// A failure with an exit code of its own.
struct CommandFailure: LastingFailure {
  var status: ExitStatus
  var message: String
}
