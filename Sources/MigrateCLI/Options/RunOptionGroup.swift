import ArgumentParser
import MigrateExecution
import MigratePlanning

/// Options of what changes a release.
struct RunOptionGroup: ParsableArguments {
  @Flag(help: "Say what would happen, object by object, and change nothing.")
  var dryRun = false

  @Flag(name: .shortAndLong, help: "Go ahead without asking; accepts nothing.")
  var yes = false

  @Option(
    help: ArgumentHelp(
      "How long to wait for the broker's Pods, such as 90s, 5m or 1h30m.", valueName: "duration"))
  var timeout = WaitTime(seconds: 300)

  @Flag(help: "Do not wait for the broker's Pods.")
  var noWait = false

  @Option(
    help: ArgumentHelp(
      "Push aside the holder of the lock, named as the refusal names it; "
        + "only when it is surely gone.",
      valueName: "holder"))
  var takeOverLock: String?

  @Option(name: .shortAndLong, help: "How to show the run.")
  var output: RunFormat = .table

  /// The command that does something for real, or once more, with these options.
  func adding(to command: NextCommand, _ place: String, _ global: GlobalOptions) -> NextCommand {
    command.adding(
      (timeout == WaitTime(seconds: 300) ? "" : " --timeout \(timeout)")
        + (noWait ? " --no-wait" : "")
        + (takeOverLock.map { " --take-over-lock \($0.shellQuoted)" } ?? "") + place + global.means)
  }
}

extension RunDocument {
  /// The run with the command that does what it previewed, or what it was kept from beginning.
  func leading(to command: NextCommand?) -> RunDocument {
    var run = self
    if state == .previewed || state == .interrupted && next == nil {
      run.next = command
    }
    return run
  }
}

/// The formats of a run.
enum RunFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, html
}

/// A span of time as helm takes it: `90s`, `5m`, `1h30m`.
struct WaitTime: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
  let seconds: Int

  var description: String { "\(seconds)s" }

  init(seconds: Int) { self.seconds = seconds }

  init?(argument: String) {
    guard let match = argument.wholeMatch(of: /(?:(\d{1,4})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?/),
      !argument.isEmpty
    else { return nil }
    func number(_ text: Substring?) -> Int { text.flatMap { Int($0) } ?? 0 }
    seconds = number(match.1) * 3600 + number(match.2) * 60 + number(match.3)
    guard seconds > 0 else { return nil }
  }

  var defaultValueDescription: String { "\(seconds / 60)m" }

  var duration: Duration { .seconds(seconds) }
}
