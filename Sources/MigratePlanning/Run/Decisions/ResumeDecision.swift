/// Whether an apply can go on with an earlier one: it has to be what happened last to the release,
/// and not have come to its end; else this one would undo what was done since.
package enum ResumeDecision: Hashable, Sendable {
  case goOn
  /// The journal in the lock tells of another run, or of one that is over; nil where there is none.
  case overtaken(by: ReleaseLock.Journal?)
  /// The Deployment is neither as the plan saw it nor as the earlier run left it.
  case changedSince

  /// Decides by the journal in the lock, for the run that the operator named and the one that made
  /// the backup.
  package init(_ journal: ReleaseLock.Journal?, run: String, backup: String) {
    guard let journal, journal.run == run || journal.backup == backup, journal.kind == .apply,
      journal.state.needsHelp
    else {
      self = .overtaken(by: journal)
      return
    }
    self = .goOn
  }

  /// Decides by the live Deployment, which rolls out: its Pod template is the old one, or the one
  /// that pausing it would give it.
  package init(live: Deployment, planned: Deployment, paused: Deployment) {
    self =
      live.template == planned.template || live.template == paused.template
      ? .goOn : .changedSince
  }
}
