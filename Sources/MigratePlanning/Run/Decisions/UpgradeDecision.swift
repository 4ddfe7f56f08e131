/// What an apply has to do with helm, by the revisions that helm has.
///
/// Source: helm upgrades only from a revision that it finished, and names each revision by the
/// description that it was given; see docs/measured.md.
package enum UpgradeDecision: Hashable, Sendable {
  /// An earlier try made the revision.
  case done(revision: Int)
  case upgrade
  /// An earlier try was ended within helm: the release has to go back to its deployed revision
  /// first.
  case rollBackFirst
  /// The same, with the Deployment already deleted: there is nothing to go back to in place.
  case stuckWithoutDeployment
  /// Somebody made a revision meanwhile.
  case overtaken(by: HelmRevision)

  /// Decides by the revisions that helm has, the oldest first, for an apply that has helm write a
  /// description beside its own; one that is resumed goes on with an earlier try.
  package init(
    _ history: [HelmRevision], description: String, release: ReleaseIdentity, isResumed: Bool,
    replacesWorkload: Bool
  ) {
    guard let last = history.last else {
      self = .upgrade
      return
    }
    if last.isDeployed, last.description == description {
      self = .done(revision: last.number)
    } else if isResumed, last.isPending {
      self = replacesWorkload ? .stuckWithoutDeployment : .rollBackFirst
    } else if last.number == release.revision
      || isResumed && (last.isRollback(to: release.deployedRevision) || last.isFailed)
    {
      self = .upgrade
    } else {
      self = .overtaken(by: last)
    }
  }
}
