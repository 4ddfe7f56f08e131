/// What an apply has to do with the old Deployment before helm.
package enum PrepareDecision: Hashable, Sendable {
  /// Pause the live one with its new Pod template.
  case pause(Deployment)
  /// Delete the live one with its Pods: it cannot be changed in place.
  case delete(Deployment)
  /// An earlier try deleted it.
  case alreadyGone
  /// An earlier try had it replaced under the same name.
  case alreadyReplaced
  /// Somebody changed it since the plan was made.
  case changedSincePlan
  /// Somebody deleted it.
  case deletedBySomebody

  /// Decides by what there is now, nil when it is gone, by what the plan saw, and by what it is to
  /// be: under the same name or another one. An apply that goes on with an earlier one meets what
  /// that has changed.
  package init(
    live: Deployment?, planned: Deployment, target: Deployment, keepsName: Bool,
    replacesWorkload: Bool, isResumed: Bool
  ) {
    if !isResumed, live.map(planned.isSameVersion) != true {
      self = .changedSincePlan
    } else if let live {
      guard replacesWorkload else {
        self = .pause(live)
        return
      }
      let isReplaced = keepsName && live.selector == target.selector && !live.isBeingDeleted
      self = isReplaced ? .alreadyReplaced : .delete(live)
    } else {
      self = replacesWorkload ? .alreadyGone : .deletedBySomebody
    }
  }
}

/// What became of a patch that was to pause a Deployment, when its answer was lost.
package enum LostPauseDecision: Hashable, Sendable {
  /// It did not arrive.
  case sendAgain(Deployment)
  /// It arrived.
  case paused(Deployment)
  case deletedBySomebody
  case changedBySomebody

  /// Decides by what there was when it was sent, and what there is now.
  package init(sent: Deployment, now: Deployment?, manager: String) {
    if let now, now.uid == sent.uid {
      self =
        now.generation == sent.generation
        ? .sendAgain(now) : now.isPaused(by: manager) ? .paused(now) : .changedBySomebody
    } else {
      self = .deletedBySomebody
    }
  }
}

/// What a rollback has to do with a Deployment of the backup before helm.
package enum ReturnDecision: Hashable, Sendable {
  /// Pause it with its old Pod template, where the API server takes that; else replace it.
  case pause(Deployment)
  /// Delete what is there, and make the old one again.
  case replace(Deployment)
  /// Make the old one again.
  case create

  /// Decides by the Deployment of the backup and the live one of its name; nil when that is gone.
  package init(_ old: Deployment, live: Deployment?) {
    if let live {
      self = live.isBeingDeleted || live.selector != old.selector ? .replace(live) : .pause(live)
    } else {
      self = .create
    }
  }
}
