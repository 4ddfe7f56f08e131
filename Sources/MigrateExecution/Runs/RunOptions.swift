import MigratePlanning

/// What decides how a run goes, beside the plan.
package struct RunOptions: Sendable {
  /// How long to wait for Pods.
  package var timeout: Duration
  package var waits: Bool
  package var rollsBackOnFailure: Bool
  /// The holder of a lock that is to be pushed aside.
  package var takeOverLock: String?

  package init(
    timeout: Duration, waits: Bool, rollsBackOnFailure: Bool, takeOverLock: String? = nil
  ) {
    self.timeout = timeout
    self.waits = waits
    self.rollsBackOnFailure = rollsBackOnFailure
    self.takeOverLock = takeOverLock
  }

  /// The seconds to wait for the end of an object: a Deployment's Pods have no less to end in than
  /// they ask for.
  func seconds(toEnd object: JSON) -> Int {
    max(
      Int(timeout.components.seconds), Deployment(object).terminationGracePeriodSeconds + 30)
  }
}
