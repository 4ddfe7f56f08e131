/// What a person types before a command of this program.
package enum ProgramName: String, Sendable {
  /// The program is on the `PATH`.
  case standalone = "backbone-migrate"
  /// It is a plugin of helm, and nowhere on the `PATH`.
  case helmPlugin = "helm backbone-migrate"

  /// Prose for a person, in which every ``NextCommand`` is written as it can be typed.
  ///
  /// This is the one place that changes words which are made already. It has to be there for what
  /// is stored as text: messages and details of runs, remedies of findings, pages of the catalogue,
  /// shell lines of a plan. All of them have the name of the program that is on the `PATH`, on
  /// whatever machine they are read.
  package func naming(commandsIn prose: String) -> String {
    guard self != .standalone else { return prose }
    return prose.replacing(/backbone-migrate ([a-z]+)(?![-\w])/) { match in
      NextCommand.Verb(rawValue: String(match.1)) == nil
        ? String(match.0) : "\(rawValue) \(match.1)"
    }
  }
}
