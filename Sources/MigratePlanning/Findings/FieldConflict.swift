/// Somebody else owns a field that the upgrade would change.
///
/// Meaning: the upgrade stops with `conflict with "kubectl-set"`. For what the broker's Deployment
/// and the Services say, this is expected: the plan carries it, or has a finding of its own for it,
/// and helm needs `--force-conflicts`. Any other conflict is about something that somebody set on
/// purpose and the upgrade would overwrite.
///
/// Why: Helm 4 applies a release that it installed itself on the server, and the server lets no
/// manager change a field that another one set, such as with `kubectl set env` or `kubectl edit`.
///
/// Resolve: give the target's value what is live, so that both agree, or take the field back, and
/// plan again. Mind that `--force-conflicts` overrides all conflicts at once, those that you did
/// not read included, and that a rollback after it can leave variables empty that the upgrade had
/// changed. Who owns which field:
///
///     kubectl get deployment web --namespace mqtt --output yaml \
///       --show-managed-fields
///
/// Severity: `warning`, taken care of, for what the plan accounts for; `blocker` otherwise.
///
/// Source: measured on Helm 4.3, see docs/measured.md.
package enum FieldConflict: FindingRule {
  package static let code = FindingCode.fieldConflict
  package static let dimension = Dimension.ownership

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    return (evidence.answers?.conflicts ?? []).map { conflict in
      let row = comparison.environment.first { row in
        conflict.field.contains(".env[name=\"\(row.name)\"]")
      }
      let isExpected =
        row.map { $0.state == .same || $0.explanation != nil } ?? isJudged(conflict, comparison)
      return comparison.finding(
        self, isExpected ? .warning : .blocker,
        "\(conflict.field) of \(conflict.object) belongs to \"\(conflict.manager)\"",
        subject: conflict.object,
        remedy: isExpected
          ? "the plan accounts for it; helm needs --force-conflicts"
          : "set the target's value to what is live, or take the field back from "
            + "\"\(conflict.manager)\"; then plan again",
        isResolved: isExpected,
        acceptedBy: nil)
    }
  }

  /// Whether somebody set a field by hand of which facts and their findings speak: all that the
  /// broker's Deployment and the Services say of how they work.
  private static func isJudged(
    _ conflict: ServerAnswers.FieldConflict, _ comparison: Comparison
  ) -> Bool {
    // A program that writes a field will write it again.
    guard conflict.manager.hasPrefix("kubectl"), conflict.field.hasPrefix(".spec.") else {
      return false
    }
    return conflict.object.kind == "Service"
      || conflict.object.kind == "Deployment"
        && conflict.object.name == comparison.situation.live.name
  }
}
