extension ClientError {
  /// Why the call failed; nil where a program did not run, or printed something that cannot be
  /// read.
  package var reason: Reason? {
    switch self {
    case .failed(_, _, let reason, _), .unreachable(_, let reason, _): reason
    case .releaseNotFound: .releaseNotFound
    case .command, .unreadable: nil
    }
  }

  /// Whether the object exists already.
  package var isAlreadyExists: Bool { reason == .alreadyExists }

  /// Whether somebody else changed the object since it was read.
  package var isConflict: Bool { reason == .conflict }

  /// Whether there is no such object, or no such kind of object.
  package var isNotFound: Bool { reason == .notFound }

  /// Whether the user may not do it.
  package var isForbidden: Bool {
    if case .forbidden = reason { true } else { false }
  }

  /// Whether the API server refuses a Deployment for what it says; a failed test of a patch, or
  /// what an admission webhook says, is something else.
  package var isInvalidDeployment: Bool { reason == .invalid(kind: "Deployment") }

  /// Whether another Service has the address by now.
  package var isAddressTaken: Bool { reason == .addressTaken }

  /// Whether helm met an object that is in the cluster and not in the release's last manifest.
  package var isNotInRelease: Bool { reason == .notInRelease }

  /// Whether the cluster answers, but its live objects cannot be read: kubectl is missing, or they
  /// may not be read.
  var hidesLiveObjects: Bool {
    // A kubectl that was named and is not there is a mistake, not a machine without one.
    if case .command(.notFound(let executable)) = self { return !executable.contains("/") }
    return isForbidden
  }

  /// Whether the same question may well have an answer in a moment: the cluster was away, or too
  /// busy.
  package var mayPass: Bool {
    switch self {
    case .command(.notEnded): true
    case .command, .unreadable, .releaseNotFound: false
    case .failed(_, _, let reason, _), .unreachable(_, let reason, _): reason.mayPass
    }
  }

  /// Whether nothing of what was sent can have arrived.
  var hasSurelyChangedNothing: Bool {
    switch reason {
    case .tooManyRequests, .noConnection(mayHaveArrived: false, _): true
    default: false
    }
  }

  /// Whether a change may have been made all the same: there was no answer, or one that does not
  /// say.
  package var leavesOpen: Bool {
    switch self {
    case .command(.notEnded), .command(.tooMuchOutput), .unreadable: true
    case .command(.notFound), .command(.notRun), .releaseNotFound: false
    case .failed(_, _, let reason, _), .unreachable(_, let reason, _): reason.leavesOpen
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

  fileprivate var leavesOpen: Bool {
    switch self {
    case .alreadyExists, .conflict, .forbidden, .notFound, .unauthorized, .invalid, .addressTaken,
      .unknown, .tooManyRequests:
      false
    case .noConnection(let mayHaveArrived, _): mayHaveArrived
    case .serviceUnavailable, .internalError, .timeout, .serverTimeout, .connectionLost,
      .noCredentials, .timedOut, .releaseNotFound, .notInRelease, .schemaRefused, .other:
      true
    }
  }
}
