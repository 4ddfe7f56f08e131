/// What an operator accepted by name before an apply: `CODE` or `CODE=KIND/NAME`.
package struct Acceptance: Hashable, Sendable {
  package let code: String
  /// Nil for every object.
  package let object: String?

  /// Reads what stands after `--accept`.
  package init(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    code = String(parts[0])
    object = parts.count == 2 ? String(parts[1]) : nil
  }

  /// Whether such a finding exists at all.
  package var isKnown: Bool { FindingCode(rawValue: code) != nil }

  /// Whether it is about a finding.
  package func covers(_ finding: PlanDocument.FindingEntry) -> Bool {
    code == finding.code.rawValue
      && (object == nil || object == "\(finding.subject.kind)/\(finding.subject.name)")
  }

  fileprivate func covers(_ entry: Unchecked) -> Bool { code == entry.code && object == nil }
}

extension PlanDocument {
  /// What stands in the way of an apply, and cannot be accepted.
  package var blockers: [FindingEntry] { findings.filter { $0.isOpen && $0.severity == .blocker } }

  /// The codes that an apply needs the operator to accept, each once: open breaking findings, and
  /// what could not be judged.
  package func codesToAccept(beyond acceptances: [Acceptance]) -> [String] {
    let open =
      findings.filter { finding in
        finding.isOpen && finding.severity == .breaking
          && !acceptances.contains { $0.covers(finding) }
      }.map(\.code.rawValue)
      + unchecked.filter { entry in !acceptances.contains { $0.covers(entry) } }.map(\.code)
    var codes: [String] = []
    for code in open where !codes.contains(code) { codes.append(code) }
    return codes
  }

  /// The acceptances that are about nothing in this plan.
  package func idle(_ acceptances: [Acceptance]) -> [Acceptance] {
    acceptances.filter { acceptance in
      !findings.contains { $0.isOpen && acceptance.covers($0) }
        && !unchecked.contains { acceptance.covers($0) }
    }
  }
}
