/// Helm is about to forget old revisions of the release.
///
/// Meaning: the revision from before the upgrade is the way back. When helm has forgotten it, `helm
/// rollback` says `release has no 1 version`.
///
/// Why: helm keeps ten revisions by default, and removes the oldest when it makes a new one. A
/// night of attempts uses them up.
///
/// Resolve: `backbone-migrate apply` keeps as many as its way back needs. At every upgrade with
/// helm alone keep more of them until the migration is settled, and export the release now; the
/// file stays whatever helm forgets:
///
///     backbone-migrate export web --namespace mqtt > web.json
///     helm upgrade web ./backbone-0.2.0 --history-max 50 …
///
/// Severity: `breaking` when the current revision is gone already; `warning` when it is in danger.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum HistoryPruned: ComparisonRule {
  package static let code = FindingCode.historyPruned
  package static let dimension = Dimension.ownership

  /// How many revisions helm keeps by default.
  private static let kept = 10

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let release = snapshot.release
    guard !snapshot.revisions.isEmpty else { return [] }
    if !snapshot.revisions.contains(release.revision) {
      return [
        comparison.finding(
          self, .breaking,
          "helm has no revision \(release.revision) any more, "
            + "so \"helm rollback\" cannot lead there",
          remedy: "export the release first, and keep the file")
      ]
    }
    guard snapshot.revisions.count >= kept, let oldest = snapshot.revisions.min() else {
      return []
    }
    return [
      comparison.finding(
        self, .warning,
        "helm keeps \(kept) revisions by default: an upgrade with helm alone removes revision "
          + "\(oldest), and \(kept - 1) more remove revision \(release.revision), the way back",
        remedy: "nothing to do for apply, which keeps them; with helm alone give helm "
          + "--history-max 50 until the migration is settled")
    ]
  }
}
