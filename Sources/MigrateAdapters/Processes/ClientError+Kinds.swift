extension ClientError {
  /// Why the call failed; nil where a program did not run, or printed something that cannot be
  /// read.
  package var reason: Reason? {
    switch self {
    case .failed(_, _, let reason, _), .unreachable(_, let reason, _): reason
    case .releaseNotFound: .releaseNotFound
    case .command, .unreadable, .releaseUninstalled: nil
    }
  }

  /// Whether the object exists already.
  package var isAlreadyExists: Bool { reason == .alreadyExists }

  /// Whether there is no such object, or no such kind of object.
  package var isNotFound: Bool { reason == .notFound }

  /// Whether the user may not do it.
  package var isForbidden: Bool {
    if case .forbidden = reason { true } else { false }
  }

  /// Whether the API server does not take what an object says.
  package var isInvalid: Bool {
    if case .invalid = reason { true } else { false }
  }

  /// Whether helm met an object that is in the cluster and not in the release's last manifest.
  package var isNotInRelease: Bool { reason == .notInRelease }

  /// Whether the cluster answers, but its live objects cannot be read: kubectl is missing, or they
  /// may not be read.
  package var hidesLiveObjects: Bool {
    // A kubectl that was named and is not there is a mistake, not a machine without one.
    if case .command(.notFound(let executable)) = self { return !executable.contains("/") }
    return isForbidden
  }

  /// Whether the same question may well have an answer in a moment: the cluster was away, or too
  /// busy.
  package var mayPass: Bool {
    switch self {
    case .command(.notEnded): true
    case .command, .unreadable, .releaseNotFound, .releaseUninstalled: false
    case .failed(_, _, let reason, _), .unreachable(_, let reason, _): reason.mayPass
    }
  }

  /// Whether a program could not log in.
  var lacksLogin: Bool {
    if case .noConnection(_, lacksCredentials: true) = reason { true } else { false }
  }

  /// Whether nothing of what was sent can have arrived.
  package var hasSurelyChangedNothing: Bool {
    switch reason {
    case .tooManyRequests, .noConnection(mayHaveArrived: false, _): true
    default: false
    }
  }
}

extension ClientError.Reason {
  /// The permission that the user lacks, when that is why the API server refused; nil when it
  /// looked at the object.
  package var missingPermission: String? {
    if case .forbidden(let missing) = self { missing } else { nil }
  }

  fileprivate var mayPass: Bool {
    switch self {
    case .tooManyRequests, .serviceUnavailable, .internalError, .timeout, .serverTimeout,
      .noConnection, .connectionLost:
      true
    default: false
    }
  }
}
