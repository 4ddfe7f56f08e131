package import Foundation
import Synchronization

/// How long a run goes on asking a cluster that has answered before and does not answer now.
///
/// A question is asked again whatever kept its answer away. A change is only sent again where it
/// surely did not arrive: what became of one without an answer is for the run to look at.
package final class Patience: Sendable {
  private let limit: Duration
  private let now: @Sendable () -> Date
  private let sleep: @Sendable (Duration) async -> Void
  private let isStopped: @Sendable () -> Bool
  private let tell: @Sendable (String) -> Void
  private let hasAnswered = Mutex(false)

  /// Takes how long to go on, and what it needs of the world: whether the operator wants to stop,
  /// and whom to tell of an outage.
  package init(
    limit: Duration, now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async -> Void,
    isStopped: @escaping @Sendable () -> Bool, tell: @escaping @Sendable (String) -> Void
  ) {
    self.limit = limit
    self.now = now
    self.sleep = sleep
    self.isStopped = isStopped
    self.tell = tell
  }

  /// Does what one program call does, again and again while the cluster is away.
  ///
  /// - Throws: the last error.
  func asking<Value, Problem: PassingError>(
    isQuestion: Bool, _ work: () async throws(Problem) -> Value
  ) async throws(Problem) -> Value {
    var end: Date?
    while true {
      let problem: Problem
      do {
        let value = try await work()
        hasAnswered.withLock { $0 = true }
        return value
      } catch {
        problem = error
      }
      let passes = isQuestion ? problem.mayPass : problem.hasSurelyChangedNothing
      if problem.isAnswer { hasAnswered.withLock { $0 = true } }
      let moment = now()
      let last = end ?? moment.addingTimeInterval(TimeInterval(limit.components.seconds))
      guard passes, hasAnswered.withLock({ $0 }), moment < last, !isStopped() else {
        throw problem
      }
      if end == nil {
        tell("\(problem); asking again, for \(limit.components.seconds) s at most")
      }
      end = last
      let rest = max(Int(last.timeIntervalSince(moment).rounded(.up)), 1)
      await sleep(.seconds(min(max(problem.retryAfterSeconds ?? 1, 1), Self.longestPause, rest)))
    }
  }

  /// The most seconds that a server may ask to wait for at once.
  private static let longestPause = 30

  /// The seconds after which a login that failed is tried again: it may open a browser, or ask its
  /// user.
  static let loginPause = 15
}

/// An error of talking to a cluster, which may be over in a moment.
package protocol PassingError: Error, CustomStringConvertible {
  /// Whether the same question may well have an answer in a moment.
  var mayPass: Bool { get }
  /// Whether it is an answer of the cluster, if none that one can go on with.
  var isAnswer: Bool { get }
  /// Whether the user may not do it.
  var isForbidden: Bool { get }
  /// Whether nothing of what was sent can have arrived.
  var hasSurelyChangedNothing: Bool { get }
  /// How long the server asks to wait; nil where it says nothing.
  var retryAfterSeconds: Int? { get }
}

extension ClientError: PassingError {
  package var isAnswer: Bool { !mayPass }
  package var retryAfterSeconds: Int? { lacksLogin ? Patience.loginPause : nil }
}

extension ClusterError: PassingError {
  package var isAnswer: Bool { refusal != nil || !mayPass }
}
