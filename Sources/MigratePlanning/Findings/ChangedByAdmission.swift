/// A field of an object comes out otherwise than it is sent: something in the cluster changes
/// objects as they are written.
///
/// Meaning: the upgraded object has the field as the cluster wants it, whatever the chart says. The
/// broker runs with another value than before, and a rollback does not bring the old one back: it
/// is written, and changed again.
///
/// Why: a mutating webhook or policy came after the release was made, or goes by something that the
/// new object has. Those that look at such objects are named where they may be listed.
///
/// Resolve: except the release from it, where the old value is needed. Where the new one is sound,
/// accept it, field by field:
///
///     backbone-migrate apply web \
///       --accept changed-by-admission=Service/web:spec.externalIPs
///
/// Without a path, `--accept changed-by-admission` accepts all of a plan that is named by its id.
/// The apply then leaves what was foretold, and a rollback is done when nothing but such fields
/// differs.
///
/// Severity: `breaking`; `warning` for a field that the upgrade leaves alone, and that a rollback
/// would bring back otherwise.
///
/// Source: Kubernetes' admission control; measured, see docs/measured.md.
package enum ChangedByAdmission: FindingRule {
  package static let code = FindingCode.changedByAdmission
  package static let dimension = Dimension.ownership

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let mutators = evidence.answers?.mutators ?? []
    let suspects =
      mutators.isEmpty ? "" : ", perhaps \(mutators.joined(separator: " or "))"
    let there = evidence.outlooks.flatMap { outlook in
      outlook.unclaimed(in: comparison).filter(\.isByAdmission).map {
        FieldChanged.finding(
          self, $0.difference, of: outlook.reference,
          because: ": something in the cluster changes it as it is written\(suspects)",
          remedy: "except the release from that, or accept it", comparison)
      }
    }
    let known = Set(there.map { "\($0.subject) \($0.path ?? "")" })
    return there + back(evidence).filter { !known.contains("\($0.subject) \($0.path ?? "")") }
  }

  /// The fields of the objects of now that would not come back as they are.
  private static func back(_ evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    let snapshot = comparison.situation.snapshot
    let answers = evidence.answers?.backAgain ?? [:]
    return answers.sorted { $0.key < $1.key }.flatMap { reference, answer -> [Finding] in
      guard let live = snapshot.live.object(reference, in: snapshot.release.namespace) else {
        return []
      }
      return FieldCoverage.changes(onTheWayOf: live, to: answer).map { difference in
        let path = difference.pathText
        var finding = comparison.finding(
          self, .warning,
          "a rollback would bring \(path) of \(reference) back otherwise: something in the cluster "
            + "changes it as it is written", subject: reference,
          remedy: "except the release from that, where the old value is needed")
        finding.path = path
        return finding
      }
    }
  }
}
