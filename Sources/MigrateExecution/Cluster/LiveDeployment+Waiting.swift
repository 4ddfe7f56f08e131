import Foundation
import MigrateAdapters
import MigratePlanning

extension LiveDeployment {
  /// Waits until the Deployment has only new Pods and all of them are available, and tells
  /// meanwhile what it waits for.
  ///
  /// - Throws: `RunFailure` with the reasons when it gets stuck or the time is over.
  func wait(
    atMost limit: Duration, telling tell: (String) async -> Void
  ) async throws -> String {
    var waiting = Waiting(since: context.now(), atMost: limit)
    let watch = ObjectWatch(reference, in: context.cluster) { [context] in
      await context.sleep(.seconds(1))
    }
    while true {
      try context.stop.heed()
      guard let deployment = try await next(from: watch, waiting, tell) else { continue }
      let isLate = context.now() >= waiting.end
      switch Rollout(deployment: deployment.object, among: Objects([])) {
      case .complete:
        let seconds = Int(context.now().timeIntervalSince(waiting.begin))
        return "every Pod is new and available after \(seconds) s"
      case .progressing(let words) where !isLate:
        await report(words, of: deployment, &waiting, tell)
      case .progressing, .stuck:
        if let failure = await failure(of: deployment, waiting) { throw failure }
      }
    }
  }

  /// One wait for a rollout.
  private struct Waiting {
    let begin: Date
    let end: Date
    let limit: Duration
    /// When its Pods were looked at last, and why they do not come up.
    var lookedAt: Date
    var reasons: [String] = []

    init(since begin: Date, atMost limit: Duration) {
      self.begin = begin
      self.limit = limit
      end = begin.addingTimeInterval(TimeInterval(limit.components.seconds))
      lookedAt = begin
    }
  }

  /// The Deployment as it is now; nil when no answer came and there is time to ask again.
  private func next(
    from watch: ObjectWatch, _ waiting: Waiting, _ tell: (String) async -> Void
  ) async throws -> Deployment? {
    do {
      guard let live = try await watch.next() else {
        throw RunFailure(.failed, "\(reference) is gone; somebody deleted it")
      }
      return Deployment(live)
    } catch let error as ClusterError {
      // One question without an answer says nothing of the broker.
      guard context.now() < waiting.end else { throw error }
      await tell("the cluster does not answer: \(error)")
      return nil
    }
  }

  /// Tells how far the rollout has come, and looks why its Pods do not come up.
  private func report(
    _ words: String, of deployment: Deployment, _ waiting: inout Waiting,
    _ tell: (String) async -> Void
  ) async {
    // The Deployment's own are among the words already.
    let more = waiting.reasons.filter { !words.contains($0) }.map { "; \($0)" }.joined()
    await tell(context.redactor.redacting(words + more))
    // Not each second: most Pods come up meanwhile.
    guard context.now() >= waiting.lookedAt.addingTimeInterval(5) else { return }
    waiting.lookedAt = context.now()
    let objects = (try? await pods(of: deployment)) ?? Objects([])
    waiting.reasons = Rollout.reasons(deployment.object, objects)
  }

  /// Why the wait is over, in the words of Pods and events; nil where it is not.
  private func failure(of deployment: Deployment, _ waiting: Waiting) async -> RunFailure? {
    // Without its Pods there is less to say, and no other end.
    var (objects, hidden) = (Objects([]), "")
    do {
      objects = try await pods(of: deployment)
    } catch {
      hidden = "; its Pods cannot be read: \(error)"
    }
    let (opening, words): (String, String)
    switch Rollout(deployment: deployment.object, among: objects) {
    case .complete: return nil
    case .progressing where context.now() < waiting.end: return nil
    case .progressing(let reasons):
      (opening, words) = ("is not ready after \(waiting.limit.components.seconds) s", reasons)
    case .stuck(let reasons): (opening, words) = ("does not come up", reasons)
    }
    let warnings = await warnings(since: waiting.begin, beyond: words)
    return RunFailure(
      .failed,
      "\(reference) \(opening): " + context.redactor.redacting(words + hidden + warnings))
  }

  /// What Kubernetes warned of since a moment beyond some words; nothing when the events may not be
  /// read.
  private func warnings(since moment: Date, beyond words: String) async -> String {
    guard
      let events = try? await context.cluster.list(
        "events", Cluster.Selection(fields: "type=Warning"))
    else { return "" }
    // Events have whole seconds.
    let since = moment.addingTimeInterval(-1).formatted(.iso8601)
    return Rollout.warnings(events, of: reference.name, since: since, beyond: words)
      .map { "; \($0)" }.joined()
  }
}
