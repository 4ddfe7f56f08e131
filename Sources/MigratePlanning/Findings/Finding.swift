/// A difference or hazard that the operator must know of.
package struct Finding: Hashable, Sendable {
  /// How much a finding weighs.
  package enum Severity: String, Sendable, Codable, CaseIterable {
    /// The upgrade would fail or lose data.
    case blocker
    /// Behaviour changes.
    case breaking
    /// Nothing changes now, but it deserves a look.
    case warning
    /// Good to know.
    case info
  }

  package var code: FindingCode
  package var dimension: Dimension
  package var severity: Severity
  package var subject: ObjectReference
  /// One sentence that says what is, with the name of what it is about; holds no secret.
  package var message: String
  package var before: Observed
  package var after: Observed
  /// What to do about it; nil when nothing needs doing.
  package var remedy: String?
  /// Whether the plan itself takes care of it.
  package var isResolved: Bool
  /// The flag by which the operator accepted it; nil when nobody did.
  package var acceptedBy: String?
  /// The one field that it is about, as people write its path; nil when it is about more.
  package var path: String?

  package init(
    _ code: FindingCode, _ dimension: Dimension, _ severity: Severity, subject: ObjectReference,
    message: String, before: Observed = .absent, after: Observed = .absent, remedy: String? = nil,
    isResolved: Bool = false, acceptedBy: String? = nil
  ) {
    self.code = code
    self.dimension = dimension
    self.severity = severity
    self.subject = subject
    self.message = message
    self.before = before
    self.after = after
    self.remedy = remedy
    self.isResolved = isResolved
    // Blockers cannot be accepted (the contract, Consent).
    self.acceptedBy = severity == .blocker ? nil : acceptedBy
  }

  /// Whether the finding counts for the verdict.
  package var isOpen: Bool { !isResolved && acceptedBy == nil }
}

/// Something that could not be judged, and why.
package struct Unchecked: Hashable, Sendable, Codable {
  package var code: String
  package var reason: String

  package init(code: String, reason: String) {
    self.code = code
    self.reason = reason
  }
}

/// One kind of finding: looks at the evidence and says what it finds there.
///
/// The doc comment of each rule is its page in the catalogue of findings.
package protocol FindingRule: Sendable {
  static var code: FindingCode { get }
  static var dimension: Dimension { get }
  static func findings(in evidence: Evidence) -> [Finding]
}

/// A rule that goes by the comparison alone, whatever the API server says to it.
package protocol ComparisonRule: FindingRule {
  static func findings(in comparison: Comparison) -> [Finding]
}

extension ComparisonRule {
  package static func findings(in evidence: Evidence) -> [Finding] {
    findings(in: evidence.comparison)
  }
}
