import ArgumentParser

extension ExitStatus {
  /// The status as argument-parser takes it.
  var exitCode: ExitCode { ExitCode(rawValue) }
}
