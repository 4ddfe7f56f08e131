/// To which backup a rollback of a release goes, which was named by its name alone.
package enum BackupDecision: Hashable, Sendable {
  /// The one that the journal in its lock names.
  case named(String)
  /// The newest one.
  case latest
  /// The newest one; the last run changed nothing, and says so where there is no backup.
  case latestBefore(ReleaseLock.Journal)
  /// The last run changed nothing, and the state before it is not meant.
  case nothingChanged(by: ReleaseLock.Journal)
  /// The release was rolled back already.
  case rolledBackAlready(by: ReleaseLock.Journal)

  /// Decides by the journal in the release's lock; nil where there is none.
  package init(_ journal: ReleaseLock.Journal?, isInstalled: Bool) {
    guard let journal else {
      self = .latest
      return
    }
    let isBack = journal.kind == .rollback && journal.state == .done
    if isInstalled, isBack || journal.state == .rolledBack {
      self = .rolledBackAlready(by: journal)
    } else if let backup = journal.backup {
      self = .named(backup)
    } else {
      // A rollback that changed nothing left the apply before it as it was.
      self = journal.kind == .rollback ? .latestBefore(journal) : .nothingChanged(by: journal)
    }
  }
}
