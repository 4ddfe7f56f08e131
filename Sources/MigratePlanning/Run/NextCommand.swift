/// A command of this program for the operator to type: what a run goes on with, or what a message
/// says to look at. A document has it as its text.
package struct NextCommand: Hashable, Sendable {
  /// The commands of the program.
  package enum Verb: String, Sendable, CaseIterable {
    case plan, apply, rollback, status, history, export, explain, doctor, chart
  }

  /// Nil for the command of a document that is none of this program's, as far as it can be told.
  package let verb: Verb?
  /// What is typed after the verb, with the space before it; the whole text without a verb.
  private let rest: String

  /// A command with its words, each quoted where a shell needs it, and then options as they are
  /// typed, such as ` --namespace mqtt`.
  package init(_ verb: Verb, _ words: String..., options: String = "") {
    self.verb = verb
    rest = words.map { " \($0.shellQuoted)" }.joined() + options
  }

  /// A command as it was written.
  package init(text: String) {
    let name = ProgramName.standalone.rawValue + " "
    let found = Verb.allCases.first { verb in
      text == name + verb.rawValue || text.hasPrefix(name + verb.rawValue + " ")
    }
    verb = found
    rest = found.map { String(text.dropFirst(name.count + $0.rawValue.count)) } ?? text
  }

  private init(verb: Verb?, rest: String) {
    self.verb = verb
    self.rest = rest
  }

  /// The same with further options as they are typed, such as ` --dry-run`.
  package func adding(_ options: String) -> NextCommand {
    NextCommand(verb: verb, rest: rest + options)
  }

  /// The command as it is typed where the program has a name.
  package func text(as program: ProgramName) -> String {
    verb.map { "\(program.rawValue) \($0.rawValue)\(rest)" } ?? rest
  }

  /// The command as documents have it.
  package var text: String { text(as: .standalone) }
}

extension NextCommand: CustomStringConvertible {
  package var description: String { text }
}

extension NextCommand: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self.init(text: text) }
}

extension NextCommand: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(text: try decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
