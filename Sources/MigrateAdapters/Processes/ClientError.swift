import MigratePlanning

/// What went wrong with helm or kubectl, fit to be shown.
package enum ClientError: Error, Hashable, CustomStringConvertible {
  case command(CommandError)
  /// The release is not there.
  case releaseNotFound(String, namespace: String?)
  /// The release was uninstalled, and helm kept its history.
  case releaseUninstalled(String, namespace: String, revision: Int)
  /// The cluster was not reached: how so, and the program's own words without secrets.
  case unreachable(program: String, reason: Reason, detail: String)
  /// It ended with an error: what was being done, why, and its own words without secrets.
  case failed(action: String, status: Int, reason: Reason, detail: String)
  /// It printed something that cannot be read.
  case unreadable(action: String, reason: String)

  package var description: String {
    switch self {
    case .command(let error): error.description
    case .releaseNotFound(let name, let namespace):
      "release \"\(name)\" was not found in "
        + (namespace.map { "namespace \"\($0)\"" } ?? "the current namespace")
        + "; see what is there with \"helm list --all-namespaces\""
    case .releaseUninstalled(let name, let namespace, let revision):
      "release \"\(name)\" was uninstalled from namespace \"\(namespace)\", and only its history "
        + "is there; bring it back with \"helm rollback \(name) \(revision) --namespace "
        + "\(namespace)\", set again what was set by hand, then plan it"
    case .unreachable(let program, .noConnection(_, lacksCredentials: true), let detail):
      "\(program) cannot log in to the cluster; log in again, or check --kubeconfig and "
        + "--kube-context (\(Self.shortened(detail)))"
    case .unreachable(let program, _, let detail):
      "\(program) cannot reach the cluster; check --kubeconfig and --kube-context "
        + "(\(Self.shortened(detail)))"
    case .failed(let action, _, .unauthorized, let detail):
      "\(action): the API server does not take your credentials; log in again "
        + "(\(Self.shortened(detail)))"
    case .failed(let action, let status, _, let detail):
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

  /// The words of a program's error output, on one line, without secrets.
  init(
    _ action: String, _ command: Command, _ result: CommandResult, redactor: Redactor,
    connected isConnected: Bool = true
  ) {
    let reason = Reason(in: Self.oneLine(result.errorText), isConnected: isConnected)
      .redacted(by: redactor)
    // Before the lines are joined: a secret may have several.
    let detail = Self.oneLine(redactor.redacting(result.errorText))
    if case .noConnection = reason {
      let program = command.executable.split(separator: "/").last.map(String.init) ?? "helm"
      self = .unreachable(program: program, reason: reason, detail: detail)
    } else {
      self = .failed(action: action, status: result.status, reason: reason, detail: detail)
    }
  }

  private static func oneLine(_ errorText: String) -> String {
    let lines = errorText.split(separator: "\n").map {
      $0.trimmingPrefix("Error: ").trimmingPrefix("error: ")
    }.filter {
      // helm's advice is about options that this program does not have.
      !$0.isEmpty && !$0.hasPrefix("WARNING:") && !$0.hasPrefix("Use --debug flag")
    }
    // kubectl's log has, line for line, what it says in the end.
    let told = lines.filter { $0.prefixMatch(of: /[EWI]\d{4} \d\d:\d\d:\d\d\.\d+\s/) == nil }
    return (told.isEmpty ? lines : told).joined(separator: "; ")
  }
}
