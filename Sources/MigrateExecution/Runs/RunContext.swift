package import Foundation
package import MigrateAdapters
package import MigratePlanning
import Synchronization

/// Everything of the outside world that the steps of a run touch.
package struct RunContext: Sendable {
  package var helm: Helm
  /// The cluster, in the release's namespace.
  package var cluster: Cluster
  /// What helm knows of releases there.
  package var releases: ReleaseStore
  /// What helm, the cluster and the record of the run keep secrets away with.
  package var redactor: Redactor
  package var now: @Sendable () -> Date
  package var sleep: @Sendable (Duration) async -> Void
  /// Who runs this, as `USER@HOST`.
  package var user: String
  package var stop: StopRequest
  /// The options by which a next command reaches the same release, such as ` --namespace mqtt`.
  package var place: String
  /// The programs of a run that are still at it on this machine.
  package var children: @Sendable (_ run: String) -> [RunningChild]
  /// How long to wait for such a program before a run refuses to begin beside it.
  package var childrenTimeout: Duration
  /// Says something to whoever watches, outside of any step.
  package var tell: @Sendable (String) -> Void

  package init(
    helm: Helm, cluster: Cluster, releases: ReleaseStore, redactor: Redactor,
    now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async -> Void, user: String, stop: StopRequest,
    place: String, children: @escaping @Sendable (_ run: String) -> [RunningChild],
    childrenTimeout: Duration, tell: @escaping @Sendable (String) -> Void
  ) {
    self.place = place
    self.children = children
    self.childrenTimeout = childrenTimeout
    self.tell = tell
    self.helm = helm
    self.cluster = cluster
    self.releases = releases
    self.redactor = redactor
    self.now = now
    self.sleep = sleep
    self.user = user
    self.stop = stop
  }
}

/// The operator's wish to stop, which a run heeds between its steps and while it waits.
package final class StopRequest: Sendable {
  private let wish = Mutex(false)

  package init() {}

  package var isMade: Bool { wish.withLock { $0 } }
  package func make() { wish.withLock { $0 = true } }

  /// Ends the work when the operator wants to stop.
  func heed() throws(RunFailure) {
    if isMade { throw RunFailure(.interrupted, "stopped on request") }
  }
}
