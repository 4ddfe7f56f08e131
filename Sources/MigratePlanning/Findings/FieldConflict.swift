/// Somebody else owns a field that the upgrade would change.
///
/// Meaning: the upgrade stops with `conflict with "kubectl-set"`. For variables that the plan
/// accounts for this is expected, and helm needs `--force-conflicts`; so it is for an image, a
/// ServiceAccount or a strategy for which you chose a new one. Any other conflict is about something
/// that somebody set on purpose and the upgrade would overwrite.
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
/// Severity: `warning`, taken care of, for variables that the plan accounts for and for what you
/// chose; `blocker` otherwise.
///
/// Source: measured on Helm 4.3, see docs/measured.md.
package enum FieldConflict: FindingRule {
  package static let code = FindingCode.fieldConflict
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.answers.conflicts.map { conflict in
      let row = comparison.environment.first { row in
        conflict.field.contains(".env[name=\"\(row.name)\"]")
      }
      let isExpected =
        row.map { $0.state == .same || $0.explanation != nil } ?? isChosen(conflict, comparison)
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

  /// Fields of the Deployment that have findings of their own, in the server's words.
  private static let judged: [(field: String, code: FindingCode)] = [
    (".image", .imageChanged), (".imagePullPolicy", .imageChanged),
    (".serviceAccountName", .serviceAccountRenamed), (".serviceAccount", .serviceAccountRenamed),
    (".strategy.type", .strategyChanged),
  ]

  /// Whether the operator chose what the field would become.
  private static func isChosen(
    _ conflict: ServerAnswers.FieldConflict, _ comparison: Comparison
  ) -> Bool {
    let live = comparison.situation.live
    let template = ".spec.template.spec"
    let container = "\(template).containers[name=\"\(live.containerName)\"]"
    guard conflict.object.kind == "Deployment", conflict.object.name == live.name,
      let judged = judged.first(where: { judged in
        [container, template, ".spec"].contains { $0 + judged.field == conflict.field }
      })
    else { return false }
    return comparison.settings.contains {
      $0.home.code == judged.code && !$0.isKept && $0.consent != nil
    }
  }
}
