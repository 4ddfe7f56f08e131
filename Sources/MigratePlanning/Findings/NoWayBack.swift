/// The API server would not take an object back as it is now.
///
/// Meaning: the upgrade may well work, and a rollback would not: neither this program's, nor the
/// one that follows a failed upgrade by itself. It would be refused at this object.
///
/// Why: the rules of the cluster are younger than the object. A webhook, a policy or the
/// namespace's Pod Security level refuses whatever is written now, and lets be what was there
/// before. The server was asked by dry runs to write each object that the upgrade changes or
/// deletes as it is now.
///
/// Resolve: do what the message says to the release as it is, and plan again; or have the rule
/// except the namespace for the time of the upgrade. Whoever needs no way back accepts it:
///
///     backbone-migrate apply web --accept no-way-back
///
/// Severity: `breaking`. Where the user may not write such objects, or a webhook answers no dry
/// runs, it is listed as not judged.
///
/// Source: Kubernetes' admission control; measured, see docs/measured.md.
package enum NoWayBack: FindingRule {
  package static let code = FindingCode.noWayBack
  package static let dimension = Dimension.ownership

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let accepted = comparison.situation.choices.consent(homes: [], code: code)
    return (evidence.answers?.wayBack ?? []).map { rejection in
      comparison.finding(
        self, .breaking,
        "there would be no way back: the API server refuses \(rejection.object) as it is now: "
          + rejection.reason,
        subject: rejection.object, remedy: "mend what it says, then plan again",
        acceptedBy: accepted)
    } + podSecurity(in: comparison, accepted)
  }

  /// That the namespace would not let the old Pods in again.
  private static func podSecurity(in comparison: Comparison, _ accepted: String?) -> [Finding] {
    let situation = comparison.situation
    guard let level = PodSecurityLevel.level(of: situation.snapshot) else { return [] }
    let violations = PodSecurity.violations(of: situation.live, level)
    guard !violations.isEmpty else { return [] }
    return [
      comparison.finding(
        self, .breaking,
        "there would be no way back: namespace \"\(situation.snapshot.release.namespace)\" lets in "
          + "Pods of level \(level.rawValue) only, and those of now break it: "
          + violations.joined(separator: ", "),
        subject: situation.subject,
        remedy: "give the Pods what the level wants, then plan again", acceptedBy: accepted)
    ]
  }
}
