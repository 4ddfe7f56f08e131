/// Somebody else owns a field that the upgrade would change.
///
/// Helm 4 applies a release that it installed itself on the server, and the server refuses to change
/// a field that another manager set: `kubectl set env`, `kubectl edit`. `--force-conflicts` passes,
/// for all conflicts at once. Conflicts over variables that the plan accounts for are expected;
/// any other would overwrite what somebody set on purpose.
///
/// Resolve it by setting the target's value to what is live, or by giving the field up.
package enum FieldConflict: FindingRule {
  package static let code = FindingCode.fieldConflict
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.answers.conflicts.map { conflict in
      let row = comparison.environment.first { row in
        conflict.field.contains(".env[name=\"\(row.name)\"]")
      }
      let isExpected = row.map { $0.state == .same || $0.explanation != nil } ?? false
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
}
