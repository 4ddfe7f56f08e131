/// What a run came to.
package enum RunOutcome: Hashable, Sendable {
  // A dry run.
  case previewed
  /// That of an apply which goes on with an earlier one.
  case resumptionPreviewed
  case previewFailed(RunFailure)

  /// It ended before it changed anything.
  case nothingChanged(RunFailure)

  // An apply that had begun to change.
  /// With what is to be said of it.
  case applied(String)
  case appliedOtherwise
  case notVerified(RunFailure)
  /// The operator stopped it, and the broker stands as these words say.
  case applyStopped(RunFailure, broker: String)
  /// It failed, and is left as it is.
  case applyFailed(RunFailure)
  /// It failed, and everything was brought back.
  case rolledBack(after: RunFailure)
  case rolledBackOtherwise(after: RunFailure)
  /// The way back was stopped, or failed as well.
  case wayBackStopped(after: RunFailure, broker: String)
  case wayBackFailed(after: RunFailure, RunFailure, broker: String?)

  // A rollback that had begun to change.
  case wentBack
  case wentBackOtherwise
  case rollbackStopped(RunFailure, broker: String)
  case rollbackFailed(RunFailure, broker: String?)
}

/// What a run is about, and the commands by which an operator goes on from it.
package struct RunSubject: Hashable, Sendable {
  package var release: String
  /// The run whose backup holds the state from before.
  package var backup: String
  /// The options by which a command reaches the release, such as ` --namespace mqtt`.
  package var place: String
  /// The options that the plan was made with, without secrets.
  package var planOptions: [String]

  package init(release: String, backup: String, place: String, planOptions: [String] = []) {
    self.release = release
    self.backup = backup
    self.place = place
    self.planOptions = planOptions
  }

  /// Rolls the release back.
  package var rollback: NextCommand { NextCommand(.rollback, release, options: place) }
  /// Takes this very run back, also when others came after it.
  package var back: NextCommand { NextCommand(.rollback, backup, options: place) }
  /// Goes on with an apply.
  package var resume: NextCommand { NextCommand(.apply, "--resume", backup, options: place) }
  /// Makes the plan again.
  package var plan: NextCommand {
    NextCommand(
      .plan, release, options: place + planOptions.map { " \($0.shellQuoted)" }.joined())
  }
}

/// The last word of a run: its state, one sentence, and the commands that lead on from it.
package struct RunEnding: Hashable, Sendable {
  package var state: RunDocument.State
  package var message: String
  /// The one command to go on with; nil when nothing is left to do.
  package var next: NextCommand?
  /// The command that takes the run back, where that is not the next one.
  package var back: NextCommand?
  /// Why it was not done; nil where it was.
  package var failure: RunFailure.Kind?

  /// Every ending that a run can have, in one table.
  package init(_ outcome: RunOutcome, of run: RunSubject) {
    switch outcome {
    case .previewed:
      self.init(.previewed, "nothing was changed")
    case .resumptionPreviewed:
      self.init(.previewed, "it would go on where it stopped; nothing was changed")
    case .previewFailed(let failure):
      self.init(.failed, "\(failure); the real run would end here", failure: failure.kind)
    case .nothingChanged(let failure):
      self.init(
        failure.kind == .interrupted ? .interrupted : .failed, "\(failure); nothing was changed",
        failure: failure.kind)

    case .applied(let words):
      self.init(.done, words, back: run.back)
    case .appliedOtherwise:
      self.init(
        .differs, "the upgrade is done, and something is otherwise than planned",
        next: run.rollback)
    case .notVerified(let failure):
      // The broker runs; not being able to look at it is no reason to take it down.
      self.init(
        .differs, "the upgrade is done, and could not be verified: \(failure)",
        next: run.rollback)
    case .applyStopped(let failure, let broker):
      self.init(
        .interrupted, "\(failure); \(broker)", next: run.resume, back: run.back,
        failure: .interrupted)
    case .applyFailed(let failure):
      // Whoever came between may have a run of their own: the backup is named, not the release.
      self.init(
        .failed, failure.description,
        next: failure.kind == .overtaken ? run.back : run.rollback, failure: .failed)
    case .rolledBack(let failure):
      self.init(
        .rolledBack,
        "\(failure); everything is as it was before. When that is mended: \"\(run.plan)\"")
    case .rolledBackOtherwise(let failure):
      self.init(
        .failed, "\(failure); it was rolled back, and what is listed is otherwise than before",
        next: run.rollback, failure: .failed)
    case .wayBackStopped(let failure, let broker):
      self.init(
        .interrupted, "\(failure); rolling back was stopped; \(broker)", next: run.rollback,
        failure: .interrupted)
    case .wayBackFailed(let failure, let second, let broker):
      self.init(
        .failed, "\(failure); rolling back failed, too: \(second.words(with: broker))",
        next: run.rollback, failure: second.kind)

    case .wentBack:
      self.init(.done, "release \"\(run.release)\" is as it was before \(run.backup)")
    case .wentBackOtherwise:
      self.init(.differs, "the rollback is done, and something is otherwise than it was")
    case .rollbackStopped(let failure, let broker):
      self.init(
        .interrupted, "\(failure); \(broker)", next: run.rollback, failure: .interrupted)
    case .rollbackFailed(let failure, let broker):
      self.init(
        .failed, failure.words(with: broker), next: run.rollback, failure: failure.kind)
    }
  }

  private init(
    _ state: RunDocument.State, _ message: String, next: NextCommand? = nil,
    back: NextCommand? = nil,
    failure: RunFailure.Kind? = nil
  ) {
    self.state = state
    self.message = message
    self.next = next
    self.back = back
    self.failure = failure
  }
}

extension RunFailure {
  /// The failure, with how the broker stands where there is something to say of it.
  fileprivate func words(with broker: String?) -> String {
    broker.map { "\(self); \($0)" } ?? description
  }
}
