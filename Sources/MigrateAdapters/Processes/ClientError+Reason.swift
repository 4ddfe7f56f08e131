import MigratePlanning

extension ClientError {
  /// Why a call failed. It is found in a program's words once, when the error is made; whoever
  /// wants to know asks this. What the API server answers has its own name for it,
  /// `metav1.StatusReason`.
  package enum Reason: Hashable, Sendable {
    case alreadyExists
    /// Somebody else changed the object since it was read.
    case conflict
    /// The user may not do it: what, such as `patch deployments`, where that is said. A quota and a
    /// webhook forbid as well, and name no permission.
    case forbidden(missing: String?)
    case notFound
    /// The API server does not know who asks, or does not any more.
    case unauthorized
    /// It does not take an object for what that says; of which kind, where it names one.
    case invalid(kind: String?)
    /// Another Service has the address, or the port of the nodes, by now.
    case addressTaken
    /// It answered, and in words that mean nothing to us, such as those of a webhook.
    case unknown

    case tooManyRequests
    case serviceUnavailable
    case internalError
    case timeout
    case serverTimeout

    /// There was no way to the API server.
    case noConnection(mayHaveArrived: Bool, lacksCredentials: Bool)
    /// The way to it broke off before the answer.
    case connectionLost
    /// The program has no credentials to show, or they have run out.
    case noCredentials
    /// The program gave up waiting.
    case timedOut

    /// helm has no such release.
    case releaseNotFound
    /// helm met an object that is in the cluster and not in the release's last manifest.
    case notInRelease
    /// The chart's schema does not take the values.
    case schemaRefused

    case other
  }
}

extension ClientError.Reason {
  /// Finds the reason in what a program said. One that talks to no cluster, but perhaps to a chart
  /// repository, fails for other reasons than an unreachable cluster.
  init(in words: String, isConnected: Bool) {
    let lowercased = words.lowercased()
    func isSaid(_ marks: [String]) -> Bool { marks.contains(where: words.contains) }
    func isSaidSomehow(_ marks: [String]) -> Bool { marks.contains(where: lowercased.contains) }
    if isConnected, isSaidSomehow(Self.noWay) {
      self = .noConnection(
        mayHaveArrived: !isSaidSomehow(Self.nothingSent),
        lacksCredentials: isSaidSomehow(Self.credentials))
    } else if isSaid([" with the name \""]), words.contains(/no [A-Za-z]+ with the name "/) {
      self = .notInRelease
    } else if let row = Self.table.first(where: { isSaid($0.words) }) {
      self = row.reason.completed(by: words)
    } else if isSaidSomehow(Self.credentials) {
      self = .noCredentials
    } else if isSaid(["forbidden", "Forbidden"]) {
      self = .forbidden(missing: nil)
    } else if isSaidSomehow(["deadline exceeded", "timeout", "timed out", "tls handshake", "eof"]) {
      self = .timedOut
    } else {
      self = .other
    }
  }

  /// With what the words say of it: which permission is missing, or an object of which kind is
  /// invalid.
  private func completed(by words: String) -> Self {
    switch self {
    case .forbidden: return .forbidden(missing: Self.missingPermission(in: words))
    case .invalid:
      let match = words.firstMatch(of: /The ([A-Za-z]+) "[^"]*" is invalid/)
      return .invalid(kind: match.map { String($0.1) })
    default: return self
    }
  }

  /// What the user may not do, such as `patch deployments`, when a refusal says so.
  static func missingPermission(in words: String) -> String? {
    // A webhook may speak of permissions that are not the user's.
    guard !words.contains("admission webhook") else { return nil }
    let match = words.firstMatch(
      of: /is forbidden: User "(?:[^"\\]|\\.)*" cannot ([a-z]+) resource "([^"]+)"/)
    return match.map { "\($0.1) \($0.2)" }
  }

  /// The reason without secrets in what it says.
  func redacted(by redactor: Redactor) -> Self {
    switch self {
    case .forbidden(let missing): .forbidden(missing: missing.map(redactor.redacting))
    case .invalid(let kind): .invalid(kind: kind.map(redactor.redacting))
    default: self
    }
  }

  /// What helm says, and what it passes on of the API server's words, exactly so; the first row
  /// that fits counts.
  private static let table: [(words: [String], reason: Self)] = [
    (["specifications of the schema"], .schemaRefused),
    (["release: not found"], .releaseNotFound),
    (["provided IP", "provided port is already allocated"], .addressTaken),
    (["Unauthorized"], .unauthorized),
    (["already exists"], .alreadyExists),
    (
      // The second is the answer to a patch whose test does not hold.
      [
        "the object has been modified",
        "the server rejected our request due to an error in our request",
      ], .conflict
    ),
    (["is invalid"], .invalid(kind: nil)),
    (["is forbidden"], .forbidden(missing: nil)),
    (["Too Many Requests", "received too many requests"], .tooManyRequests),
    (["the server is currently unable"], .serviceUnavailable),
    (
      ["unable to return a response in the time allotted", "etcdserver: request timed out"],
      .timeout
    ),
    (["Internal error occurred", "an error on the server", "etcdserver:"], .internalError),
    (
      [
        "unexpected EOF", ": EOF", "connection reset by peer", "broken pipe",
        "TLS handshake timeout", "client connection lost", "GOAWAY", "context deadline exceeded",
        "Client.Timeout exceeded", "server closed",
      ], .connectionLost
    ),
  ]

  /// That the cluster cannot be reached, in whatever case.
  private static let noWay = [
    "cluster unreachable", "connection refused", "no such host", "i/o timeout",
    "unable to connect to the server", "connection to the server",
  ]

  /// Nothing can have been sent then: helm looks whether the cluster is there before it begins.
  private static let nothingSent = [
    "connection refused", "was refused", "no such host", "cluster unreachable",
  ]

  /// A program that is to get credentials for the kubeconfig may fail, and kubectl say that it
  /// cannot connect.
  private static let credentials = [
    "unauthorized", "provide credentials", "getting credentials",
    "token has expired", "certificate has expired",
  ]
}
