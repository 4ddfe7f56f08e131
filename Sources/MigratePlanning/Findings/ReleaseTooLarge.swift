/// The release may grow beyond what a Secret can hold.
///
/// Meaning: the upgrade fails when helm stores the new revision, after it has rendered everything.
///
/// Why: helm stores each revision, with chart, values and manifest, in one Secret of at most
/// 1,048,576 bytes. The size is an estimate from the current revision's, so it may be wrong by a
/// little.
///
/// Resolve: move large values, such as certificates or scripts, into ConfigMaps or Secrets of their
/// own, and mount them. If you trust that it fits, go on:
///
///     backbone-migrate plan web --adopt release-too-large
///
/// Severity: `breaking`.
package enum ReleaseTooLarge: ComparisonRule {
  package static let code = FindingCode.releaseTooLarge
  package static let dimension = Dimension.ownership

  /// What a Secret holds at most, in bytes.
  private static let limit = 1_048_576

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    guard let stored = snapshot.storedBytes else { return [] }
    func size(_ values: JSON, _ objects: Objects) -> Int {
      values.canonical.utf8.count + objects.all.reduce(0) { $0 + $1.canonical.utf8.count }
    }
    // Compressed text grows about as the text does; values stand in it twice.
    let before = size(snapshot.supplied, snapshot.manifest)
    let after = size(comparison.proposal.values, comparison.rendered)
    let estimate = stored + max(0, after - before)
    guard estimate > limit * 9 / 10 else { return [] }
    return [
      comparison.finding(
        self, .breaking,
        "the release takes \(stored) bytes now and may take \(estimate); a Secret holds \(limit)",
        remedy: "move large values into a ConfigMap or Secret of their own",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    ]
  }
}
