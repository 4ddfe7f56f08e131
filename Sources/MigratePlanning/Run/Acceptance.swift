/// What an operator accepted by name before an apply: `CODE`, `CODE=KIND/NAME` or
/// `CODE=KIND/NAME:PATH`.
package struct Acceptance: Hashable, Sendable {
  package let code: String
  /// Nil for every object.
  package let object: String?
  /// The one field that is meant; nil for all.
  package let path: String?

  /// Reads what stands after `--accept`.
  package init(_ text: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    code = String(parts[0])
    let place = parts.count == 2 ? parts[1].split(separator: ":", maxSplits: 1) : []
    object = parts.count == 2 ? place.first.map(String.init) ?? "" : nil
    path = place.count == 2 ? String(place[1]) : nil
  }

  /// Whether such a finding exists at all.
  package var isKnown: Bool { FindingCode(rawValue: code) != nil }

  /// Whether it is about a finding.
  package func covers(_ finding: PlanDocument.FindingEntry) -> Bool {
    code == finding.code.rawValue
      && (object == nil || object == "\(finding.subject.kind)/\(finding.subject.name)")
      && (path == nil || path == finding.path)
  }

  /// Whether it is about whatever fields turn out to change: nobody knows them before a plan tells.
  package var isBlind: Bool {
    path == nil && [FindingCode.fieldChanged, .changedByAdmission].map(\.rawValue).contains(code)
  }

  fileprivate func covers(_ entry: Unchecked) -> Bool { code == entry.code && object == nil }
}

extension PlanDocument {
  /// What stands in the way of an apply, and cannot be accepted.
  package var blockers: [FindingEntry] { findings.filter { $0.isOpen && $0.severity == .blocker } }

  /// What an apply needs the operator to accept, each once and as it stands after `--accept`: open
  /// breaking findings by their codes, those about one field by its path as well, and what could
  /// not be judged.
  package func codesToAccept(beyond acceptances: [Acceptance]) -> [String] {
    let open =
      findings.filter { finding in
        finding.isOpen && finding.severity == .breaking
          && !acceptances.contains { $0.covers(finding) }
      }.map(\.accepted)
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

extension PlanDocument.FindingEntry {
  /// What accepts it.
  fileprivate var accepted: String {
    path.map { "\(code)=\(subject.kind)/\(subject.name):\($0)" } ?? code.rawValue
  }
}
