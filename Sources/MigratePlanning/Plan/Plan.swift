/// The whole answer for one release. It holds the release's secrets: what leaves the process is
/// ``PlanDocument``.
package struct Plan: Sendable {
  package enum Verdict: String, Sendable, Codable, CaseIterable {
    case ready, attention, blocked
  }

  package let comparison: Comparison
  package let findings: [Finding]
  package let unchecked: [Unchecked]
  package let objects: [ObjectChange]
  package let interruption: Interruption

  /// Judges a comparison: every rule's findings, what could not be checked, what becomes of each
  /// object.
  package init(_ comparison: Comparison) {
    self.comparison = comparison
    let situation = comparison.situation
    findings = Rules.all.flatMap { $0.findings(in: comparison) }
      .sorted { ($0.order, $0.code.rawValue) < ($1.order, $1.code.rawValue) }
    unchecked =
      situation.snapshot.hidden + comparison.answers.unasked + comparison.unknown
    objects = ObjectChange.changes(
      from: situation.snapshot.manifest, live: situation.snapshot.live, to: comparison.rendered,
      namespace: situation.snapshot.release.namespace,
      replacing: comparison.replacesWorkload ? situation.subject : nil)
    interruption = Interruption(comparison)
  }

  /// Any open blocker blocks; any open breaking finding, or anything unchecked that could be one,
  /// needs attention.
  package var verdict: Verdict {
    let open = findings.filter(\.isOpen)
    if open.contains(where: { $0.severity == .blocker }) { return .blocked }
    if open.contains(where: { $0.severity == .breaking }) || !unchecked.isEmpty {
      return .attention
    }
    return .ready
  }

  /// What must not be shown.
  package var sensitivity: Sensitivity { comparison.situation.sensitivity }

  /// The values for helm, secrets included.
  package var values: JSON { comparison.proposal.values }
}

extension Finding {
  /// Open ones first, the heaviest first.
  fileprivate var order: Int {
    (isOpen ? 0 : 10) + (Severity.allCases.firstIndex(of: severity) ?? 0)
  }
}
