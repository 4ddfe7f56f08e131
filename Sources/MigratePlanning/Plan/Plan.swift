/// The whole answer for one release. It holds the release's secrets: what leaves the process is
/// ``PlanDocument``.
package struct Plan: Sendable {
  package enum Verdict: String, Sendable, Codable, CaseIterable {
    case ready, attention, blocked
  }

  package let evidence: Evidence
  package let findings: [Finding]
  package let unchecked: [Unchecked]
  package let objects: [ObjectChange]
  package let interruption: Interruption

  /// Judges the evidence: every rule's findings, what could not be checked, what becomes of each
  /// object.
  init(_ evidence: Evidence) {
    self.evidence = evidence
    let comparison = evidence.comparison
    let situation = comparison.situation
    findings = Rules.all.flatMap { $0.findings(in: evidence) }
      .sorted { ($0.order, $0.code.rawValue) < ($1.order, $1.code.rawValue) }
    unchecked = evidence.unchecked
    objects = ObjectChange.changes(
      from: situation.snapshot.manifest, live: situation.snapshot.live, to: comparison.rendered,
      namespace: situation.snapshot.release.namespace,
      replacing: comparison.replacesWorkload ? situation.subject : nil)
    interruption = Interruption(evidence)
  }

  /// What was compared.
  package var comparison: Comparison { evidence.comparison }

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
