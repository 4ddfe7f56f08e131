import MigratePlanning

/// What went wrong with helm or kubectl, fit to be shown.
package enum ClientError: Error, Hashable, CustomStringConvertible {
  case command(CommandError)
  /// The release is not there.
  case releaseNotFound(String, namespace: String?)
  case unreachable(program: String, detail: String)
  /// It ended with an error: what was being done, and its own words without secrets.
  case failed(action: String, status: Int, detail: String)
  /// It printed something that cannot be read.
  case unreadable(action: String, reason: String)

  package var description: String {
    switch self {
    case .command(let error): error.description
    case .releaseNotFound(let name, let namespace):
      "release \"\(name)\" was not found in "
        + (namespace.map { "namespace \"\($0)\"" } ?? "the current namespace")
        + "; see what is there with \"helm list --all-namespaces\""
    case .unreachable(let program, let detail):
      "\(program) cannot reach the cluster; check --kubeconfig and --kube-context "
        + "(\(Self.shortened(detail)))"
    case .failed(let action, _, let detail) where isUnauthorized:
      "\(action): the API server does not take your credentials; log in again "
        + "(\(Self.shortened(detail)))"
    case .failed(let action, let status, let detail):
      "\(action) failed with status \(status): "
        + (detail.isEmpty ? "no reason given" : Self.shortened(detail))
    case .unreadable(let action, let reason):
      "\(action) printed something unexpected: \(reason)"
    }
  }

  /// As much of what a program said as somebody will read.
  private static func shortened(_ detail: String) -> String {
    // By bytes: one character can have any number of them.
    let most = 3_000
    guard detail.utf8.count > most else { return detail }
    return String(decoding: detail.utf8.prefix(most), as: UTF8.self) + "…"
  }

  /// Whether the cluster answers, but its live objects cannot be read: kubectl is missing, or they
  /// may not be read.
  var hidesLiveObjects: Bool {
    switch self {
    // A kubectl that was named and is not there is a mistake, not a machine without one.
    case .command(.notFound(let executable)): !executable.contains("/")
    case .failed(_, _, let detail): detail.contains("forbidden") || detail.contains("Forbidden")
    default: false
    }
  }

  /// The words of a program's error output, on one line, without secrets. A program that talks to
  /// no cluster, but perhaps to a chart repository, fails for other reasons than an unreachable
  /// cluster.
  init(
    _ action: String, _ command: Command, _ result: CommandResult, secrets: [String],
    connected: Bool = true
  ) {
    // Before the lines are joined: a secret may have several.
    let lines = Sensitivity.redacting(result.errorText, secrets).split(separator: "\n").map {
      $0.trimmingPrefix("Error: ").trimmingPrefix("error: ")
    }.filter {
      // helm's advice is about options that this program does not have.
      !$0.isEmpty && !$0.hasPrefix("WARNING:") && !$0.hasPrefix("Use --debug flag")
    }
    // kubectl's log has, line for line, what it says in the end.
    let told = lines.filter { $0.prefixMatch(of: /[EWI]\d{4} \d\d:\d\d:\d\d\.\d+\s/) == nil }
    let detail = (told.isEmpty ? lines : told).joined(separator: "; ")
    let program = command.executable.split(separator: "/").last.map(String.init) ?? "helm"
    let marks = [
      "cluster unreachable", "connection refused", "no such host", "i/o timeout",
      "unable to connect to the server", "connection to the server",
    ]
    if connected, marks.contains(where: detail.lowercased().contains) {
      self = .unreachable(program: program, detail: detail)
    } else {
      self = .failed(action: action, status: result.status, detail: detail)
    }
  }
}
