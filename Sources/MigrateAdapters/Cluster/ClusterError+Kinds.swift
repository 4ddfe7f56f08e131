import MigratePlanning

extension ClusterError {
  /// The server's reason; unknown where it gave none, or no answer.
  package var reason: Reason { refusal?.reason ?? .unknown }

  /// The causes that the server names.
  package var causes: [Cause] { refusal?.causes ?? [] }

  /// How long the server asks to wait before the next try.
  package var retryAfterSeconds: Int? { refusal?.retryAfterSeconds }

  /// Whether the object exists already.
  package var isAlreadyExists: Bool { reason == .alreadyExists }

  /// Whether somebody else changed the object since it was read, or it is otherwise than a JSON
  /// patch's `test` requires. The fields of others in server-side apply are ``fieldConflicts``.
  package var isConflict: Bool { reason == .conflict && fieldConflicts.isEmpty || isFailedTest }

  /// Whether there is no such object, or no such kind of object.
  package var isNotFound: Bool {
    if case .notServed = problem { return true }
    return refusal?.code == 404
  }

  /// Whether the cluster has no such kind of objects.
  package var isNotServed: Bool {
    if case .notServed = problem { return true }
    return false
  }

  /// Whether the user may not do it, or admission does not want it.
  package var isForbidden: Bool { refusal?.code == 403 }

  /// Whether the API server does not know who asks, or does not any more.
  package var isUnauthorized: Bool { refusal?.code == 401 }

  /// Whether the API server refuses a Deployment for what it says; a failed test of a patch, or
  /// what an admission webhook says, is something else.
  package var isInvalidDeployment: Bool {
    reason == .invalid && !isFailedTest && refusal?.kind == "Deployment"
  }

  /// Whether another Service has the address by now.
  package var isAddressTaken: Bool { ClientError(self).reason == .addressTaken }

  /// Whether the resource version to go on from is too old.
  package var isExpired: Bool { refusal?.code == 410 }

  /// Whether the API server looked at what it was sent and said no; not when it was away or busy.
  package var isRefusal: Bool { refusal != nil && !mayPass && !isUnauthorized }

  /// Whether the API server failed over what it was sent, as over a variable that stands twice: 500
  /// without a reason. What etcd says to it comes in the same way.
  private var isFailureOverObject: Bool {
    guard let refusal, refusal.isStatus, refusal.code == 500, refusal.reason == .unknown else {
      return false
    }
    return !["etcdserver", "rpc error", "deadline exceeded", "timed out", "connection"].contains(
      where: refusal.message.contains)
  }

  /// The admission webhook that answers no dry runs, so that the API server refuses those without
  /// asking it; nil where that is not why it refused.
  ///
  /// Source: `NewDryRunUnsupportedErr` of the API server's admission webhooks.
  package var webhookWithoutDryRuns: String? {
    guard let refusal, refusal.code == 400,
      let match = refusal.message.firstMatch(
        of: /admission webhook "([^"]+)" does not support dry run/)
    else { return nil }
    return String(match.1)
  }

  /// Whether a quota has no room; that another object goes first may make some.
  package var isQuotaExceeded: Bool {
    isForbidden && refusal?.message.contains("exceeded quota:") == true
  }

  /// Whether a dry run was refused for what says nothing of the object: a webhook that answers
  /// none, or a permission that is missing.
  package var leavesUnsaid: Bool { webhookWithoutDryRuns != nil || missingPermission != nil }

  /// Whether the same question may well have an answer in a moment: the cluster was away, or too
  /// busy.
  package var mayPass: Bool {
    switch problem {
    case .noAnswer: true
    case .refused(let refusal):
      refusal.code == 429 || refusal.code >= 500 && refusal.code != 501 && !isFailureOverObject
    default: false
    }
  }

  /// Whether nothing of what was sent can have arrived, so that even a change can be sent again.
  package var hasSurelyChangedNothing: Bool {
    switch problem {
    case .noAnswer(let silence): !silence.wasSent
    case .refused(let refusal): refusal.code == 429
    case .noProgram, .noProxy, .notServed, .noName: true
    case .unreadable, .notGone, .cancelled: false
    }
  }

  /// Whether a change may have been made all the same: there was no answer, or one that does not
  /// say.
  package var leavesOpen: Bool {
    switch problem {
    case .noAnswer, .unreadable, .cancelled: !hasSurelyChangedNothing
    case .refused(let refusal):
      refusal.code >= 500 && refusal.code != 501 && !hasSurelyChangedNothing
    case .noProgram, .noProxy, .notServed, .noName, .notGone: false
    }
  }

  /// What the user may not do, such as `patch deployments`, when that is why the API server
  /// refused; nil when it looked at the object. A quota and a webhook forbid as well, in other
  /// words.
  package var missingPermission: String? {
    guard isForbidden, let refusal else { return nil }
    return ClientError.Reason.missingPermission(in: refusal.message)
  }

  /// Fields that others own, of an object that was to be applied on the server.
  package var fieldConflicts: [(manager: String, field: String)] {
    causes.compactMap { cause in
      guard cause.reason == "FieldManagerConflict" else { return nil }
      return (Self.manager(in: cause.message), cause.field)
    }
  }

  /// The manager in `conflict with "kubectl-set" using apps/v1`.
  private static func manager(in message: String) -> String {
    guard let match = message.firstMatch(of: /conflicts? with ("(?:[^"\\]|\\.)*")/) else {
      return message
    }
    return (try? JSONReader().value(String(match.1)))?.string ?? String(match.1)
  }

  /// The API server has a JSON patch's failed `test` for an error in its own request.
  private var isFailedTest: Bool {
    guard let refusal, refusal.reason == .invalid else { return false }
    return refusal.message.hasPrefix("the server rejected our request due to an error")
  }
}
