package import ArgumentParser
import MigratePlanning

/// The command that a user types.
package struct BackboneMigrate: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "backbone-migrate",
    abstract: "Brings a hand-configured Backbone release from chart 0.1.0 to 0.2.0.",
    discussion: """
      Reads the release with everything that was set by hand, maps it onto the values of chart \
      0.2.0, warns of every default that breaks, and proves by rendering that the broker will see \
      what it saw before.

      EXAMPLES
        backbone-migrate plan web --namespace mqtt
        backbone-migrate apply plan-x7k2m9qa --dry-run
        backbone-migrate rollback web --namespace mqtt
        backbone-migrate status web --namespace mqtt
        backbone-migrate doctor web --namespace mqtt

      EXIT CODES
        0    ready or done
        1    it failed
        2    your acceptance is missing
        3    blocked or refused
        4    done, but something is otherwise than planned
        64   wrong usage
        130  interrupted
      """,
    version: version,
    subcommands: [
      PlanCommand.self, ApplyCommand.self, RollbackCommand.self, StatusCommand.self,
      HistoryCommand.self, ExportCommand.self, ExplainCommand.self,
      DoctorCommand.self, ChartCommand.self,
    ])

  /// This program's version.
  static let version = "0.1.0"

  package init() {}

  /// What is wrong with a command's name; nil for one that there is, and where none is given.
  package static func mistake(in arguments: [String]) -> String? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = arguments.first, !word.hasPrefix("-"), !(names + ["help"]).contains(word)
    else {
      return nil
    }
    return "\"\(TextLayout.message(word))\" is no command; "
      + (Suggestions.question(Suggestions.near(word, among: names))
        ?? "there are \(names.joined(separator: ", "))")
  }
}
