import MigrateAdapters

/// What a program left when it ended.
struct Outcome: Sendable {
  let command: String
  let status: Int
  let output: [UInt8]
  let errorText: String

  var text: String { String(decoding: output, as: UTF8.self) }

  /// Runs a program to its end, five minutes at most, in a folder, with variables over those of
  /// this process; nil takes one away.
  static func of(
    _ executable: String, _ arguments: [String], input: String? = nil,
    environment: [String: String?] = [:], in folder: String
  ) async throws -> Outcome {
    let removed = environment.filter { $0.value == nil }.keys.flatMap { ["-u", $0] }
    let set = environment.compactMap { name, value in value.map { "\(name)=\($0)" } }
    let result = try await Subprocesses.run(
      Command(
        "/usr/bin/timeout",
        ["--kill-after=5", "300", "/usr/bin/env", "-C", folder] + removed + set
          + [executable] + arguments,
        input: input.map { Array($0.utf8) }))
    return Outcome(
      command: ([executable] + arguments).joined(separator: " "), status: result.status,
      output: result.output, errorText: result.errorText)
  }

  /// The outcome, if it is a success.
  ///
  /// - Throws: ``Failure``.
  func succeeded() throws -> Outcome {
    guard status == 0 else { throw Failure(outcome: self) }
    return self
  }

  /// A program that was expected to succeed and did not.
  struct Failure: Error, CustomStringConvertible {
    let outcome: Outcome

    var description: String {
      "\"\(outcome.command)\" ended with status \(outcome.status): \(outcome.errorText)\n"
        + outcome.text.suffix(2000)
    }
  }
}
