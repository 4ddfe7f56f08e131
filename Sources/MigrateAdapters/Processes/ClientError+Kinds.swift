extension ClientError {
  /// Whether the object exists already.
  package var isAlreadyExists: Bool { says("AlreadyExists", "already exists") }

  /// Whether somebody else changed the object since it was read.
  package var isConflict: Bool {
    says(
      "the object has been modified", "(Conflict)",
      "the server rejected our request due to an error in our request")
  }

  /// Whether there is no such object, or no such kind of object.
  package var isNotFound: Bool { says("(NotFound)", "not found") }

  /// Whether the user may not do it.
  package var isForbidden: Bool { says("(Forbidden)", "is forbidden") }

  /// Whether the API server does not know who asks, or does not any more.
  var isUnauthorized: Bool { says("(Unauthorized)", "must be logged in", "Unauthorized") }

  /// Whether the same question may well have an answer in a moment: the cluster was away, or too
  /// busy.
  package var mayPass: Bool {
    switch self {
    case .unreachable, .command(.notEnded): true
    default: says(Self.passing)
    }
  }

  /// Whether nothing of what was sent can have arrived.
  var hasSurelyChangedNothing: Bool {
    switch self {
    case .unreachable(_, let detail):
      // helm looks whether the cluster is there before it begins.
      ["connection refused", "was refused", "no such host", "cluster unreachable"].contains {
        detail.lowercased().contains($0)
      }
    default: says("(TooManyRequests)", "Too Many Requests")
    }
  }

  /// Whether a change may have been made all the same: there was no answer, or one that does not
  /// say.
  package var leavesOpen: Bool {
    switch self {
    case .unreachable, .command(.notEnded), .command(.tooMuchOutput), .unreadable:
      !hasSurelyChangedNothing
    case .command(.notFound), .command(.notRun), .releaseNotFound: false
    case .failed:
      mayPass
        ? !hasSurelyChangedNothing
        : !says("Error from server", "is invalid", "is forbidden") && !isUnauthorized
    }
  }

  /// What servers, and the libraries that talk to them, say of things that pass.
  private static let passing = [
    "(TooManyRequests)", "Too Many Requests", "(ServiceUnavailable)", "(InternalError)",
    "(Timeout)", "(ServerTimeout)", "etcdserver:", "the server is currently unable",
    "unable to return a response in the time allotted", "an error on the server",
    "Internal error occurred", "unexpected EOF", ": EOF", "connection reset by peer",
    "broken pipe", "TLS handshake timeout", "client connection lost", "GOAWAY",
    "context deadline exceeded", "Client.Timeout exceeded", "server closed",
  ]

  private func says(_ words: String...) -> Bool { says(words) }

  private func says(_ words: [String]) -> Bool {
    guard case .failed(_, _, let detail) = self else { return false }
    return words.contains { detail.contains($0) }
  }
}
