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
/// Severity: `breaking`.
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
    return evidence.outlooks.flatMap { outlook in
      outlook.unclaimed(in: comparison).filter(\.isByAdmission).map {
        FieldChanged.finding(
          self, $0.difference, of: outlook.reference,
          because: ": something in the cluster changes it as it is written\(suspects)",
          remedy: "except the release from that, or accept it", comparison)
      }
    }
  }
}
