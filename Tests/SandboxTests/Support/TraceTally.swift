import Foundation
import Synchronization

/// What was recorded of many commands, and found in it.
struct TraceTally: Sendable {
  var commands = 0
  var processes = 0
  var executions = 0
  var arguments = 0
  var variables = 0
  var names = 0
  var files = 0
  var fileBytes = 0
  var reportBytes = 0
  var otherBytes = 0
  var inputBytes = 0
  var requestBytes = 0
  var answerBytes = 0
  var childErrorBytes = 0
  /// Secrets where they must not be.
  var leaks: [String] = []
  /// The places of the secrets that went to helm on standard input, or to the API server through
  /// the proxy's socket.
  var given: Set<String> = []
  /// The places of the secrets that helm printed as errors, or that were in what the API server
  /// answered, and that were not shown.
  var withheld: Set<String> = []

  /// Adds a command.
  mutating func add(_ trace: Trace, _ search: SecretSearch) {
    commands += 1
    processes += trace.processes
    executions += trace.executions
    arguments += trace.passages(.argument)
    variables += trace.passages(.environment)
    names += trace.passages(.name)
    files += trace.passages(.file)
    fileBytes += trace.count(.file)
    reportBytes += trace.count(.output, .errors)
    otherBytes += trace.count(.other)
    inputBytes += trace.count(.childInput)
    requestBytes += trace.count(.request)
    answerBytes += trace.count(.answer)
    childErrorBytes += trace.count(.childErrors)
    given.formUnion(trace.found(search, in: .childInput, .request))
    withheld.formUnion(trace.found(search, in: .childErrors, .answer))
  }

  /// Adds another tally.
  mutating func add(_ other: TraceTally) {
    for path in [
      \TraceTally.commands, \.processes, \.executions, \.arguments, \.variables, \.names, \.files,
      \.fileBytes, \.reportBytes, \.otherBytes, \.inputBytes, \.requestBytes, \.answerBytes,
      \.childErrorBytes,
    ] as [WritableKeyPath<TraceTally, Int>] {
      self[keyPath: path] += other[keyPath: path]
    }
    leaks += other.leaks
    given.formUnion(other.given)
    withheld.formUnion(other.withheld)
  }
}

/// The page that `make tracer` writes, where `BACKBONE_TRACER_REPORT` says.
enum TracerReport {
  private static let tallies = Mutex<[ReleaseMode: TraceTally]>([:])

  /// The file to write; nil where only a short record is wanted.
  static let path = ProcessInfo.processInfo.environment["BACKBONE_TRACER_REPORT"]
    .flatMap { $0.isEmpty ? nil : $0 }

  /// Takes what was recorded of a release, and writes the page with all that there is so far.
  static func add(_ tally: TraceTally, of mode: ReleaseMode, planted: Int) throws {
    guard let path else { return }
    let text = tallies.withLock { tallies in
      tallies[mode] = tally
      return page(tallies, planted: planted)
    }
    try Data(text.utf8).write(to: URL(filePath: path))
  }

  private static func page(_ tallies: [ReleaseMode: TraceTally], planted: Int) -> String {
    let modes = ReleaseMode.allCases.filter { tallies[$0] != nil }
    var all = TraceTally()
    for tally in tallies.values { all.add(tally) }
    let columns = modes.compactMap { tallies[$0] } + [all]
    let rows: [(String, (TraceTally) -> String)] = [
      ("commands of the tool", { "\($0.commands)" }),
      ("processes", { "\($0.processes)" }),
      ("programs started (`execve`)", { "\($0.executions)" }),
      ("words of command lines", { "\($0.arguments)" }),
      ("environment variables", { "\($0.variables)" }),
      ("names of files and folders that were made", { "\($0.names)" }),
      ("files written to", { "\($0.files)" }),
      ("bytes written to files", { "\($0.fileBytes)" }),
      ("bytes of reports, progress and errors", { "\($0.reportBytes)" }),
      ("bytes to other sockets and further pipes", { "\($0.otherBytes)" }),
      ("**secrets found in any of these**", { "**\($0.leaks.count)**" }),
      ("bytes given to helm on standard input", { "\($0.inputBytes)" }),
      ("bytes given to kubectl's proxy through its socket", { "\($0.requestBytes)" }),
      ("– secrets that went these ways, as they should", { "\($0.given.count)" }),
      ("bytes that the proxy answered", { "\($0.answerBytes)" }),
      ("bytes of errors that helm printed to the tool", { "\($0.childErrorBytes)" }),
      ("– secrets in these, all withheld", { "\($0.withheld.count)" }),
    ]
    let head = [""] + modes.map(\.description) + ["all"]
    let lines =
      [head, head.indices.map { $0 == 0 ? "---" : "---:" }]
      + rows.map { row in [row.0] + columns.map(row.1) }
    return """
      # Where secrets went

      Written by `make tracer`; do not edit. strace followed the tool, helm, kubectl and everything
      that they start, with \(planted) secrets planted in each release. What is looked for, \
      and how, is in
      [reliability.md](../reliability.md).

      \(lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n"))

      """
  }
}
