/// The broker may not be able to open a port below 1024 as its new user.
///
/// Meaning: the listener fails with `permission denied`, and the broker with it, unless the node
/// lets everybody open such ports.
///
/// Why: you chose that the broker runs as another user than root, and `HTTP_PORT` or `TCP_PORT` is
/// below 1024. Some container runtimes allow it to everybody, others do not.
///
/// Resolve: take a port from 1024 up, Services follow it; allow it to the Pod; or leave the user as
/// it is:
///
///     backbone-migrate plan web --adopt runs-as-non-root \
///       --set config.httpPort=8080
///     backbone-migrate plan web --adopt runs-as-non-root --set \
///       'podSecurityContext={sysctls:
///       [{name: net.ipv4.ip_unprivileged_port_start, value: "0"}]}'
///
/// Severity: `breaking`.
package enum PrivilegedPort: ComparisonRule {
  package static let code = FindingCode.privilegedPort
  package static let dimension = Dimension.security

  package static func findings(in comparison: Comparison) -> [Finding] {
    let before = SecurityContexts(comparison.situation.live)
    let after = SecurityContexts(comparison.target)
    guard after.excludesRoot, !isAllowed(after) else { return [] }
    let known = Set(comparison.situation.listeners.filter { $0.isOn == true }.compactMap(\.port))
    return comparison.listeners.compactMap { listener in
      guard listener.isOn == true, let port = listener.port, port < 1024,
        !before.excludesRoot || !known.contains(port)
      else { return nil }
      return comparison.finding(
        self, .breaking,
        "listener \"\(listener.name)\" has port \(port), which a user other than root may not open",
        remedy: "take a port from 1024 up; --adopt \(code) says that the nodes allow it",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    }
  }

  /// Whether the Pod allows it to everybody itself.
  private static func isAllowed(_ contexts: SecurityContexts) -> Bool {
    (contexts.pod["sysctls"]?.elements ?? []).contains {
      $0["name"] == "net.ipv4.ip_unprivileged_port_start" && $0["value"] == "0"
    }
  }
}
