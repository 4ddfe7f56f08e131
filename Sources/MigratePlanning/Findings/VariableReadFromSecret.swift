/// A variable comes from a Secret, and stays there.
///
/// Meaning: the container reads the variable from a key of a Secret. The plan carries the reference
/// and never the value; the Secret is not part of the release and is not touched. Where a `--set`
/// would turn a text into such a reference, the plan is blocked: helm cannot do that in place.
///
/// Why: the reference is on the live Deployment. A text cannot become one on the way, since the API
/// server refuses what helm's merge makes of both (`may not be specified when value is not empty`).
///
/// Resolve: for a reference that is there already, see that the Secret has the key; a Pod that
/// refers to a missing one does not start (`CreateContainerConfigError`). The first command shows
/// the keys and not what they hold. To turn a text into a reference, leave out the `--set`, change
/// the live Deployment first, which restarts the broker, and plan again:
///
///     kubectl describe secret web-credentials --namespace mqtt
///     kubectl set env deployment/web --namespace mqtt \
///       --from=secret/web-credentials --keys=ADMIN_TOKEN
///
/// Severity: `info` when it stays; `blocker` when a text would become a reference.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum VariableReadFromSecret: FindingRule {
  package static let code = FindingCode.variableReadFromSecret
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.compactMap { row in
      let isMoved = row.explanation == code
      guard case .reference(let reference) = isMoved ? row.after : row.before,
        reference.kind == .secretKeyRef,
        comparison.situation.before.fromSource[row.name] == nil,
        row.explanation != .variableUnmapped
      else { return nil }
      let secret = reference.selector["name"]?.string ?? ""
      return comparison.finding(
        self, isMoved ? .blocker : .info,
        isMoved
          ? "variable \"\(row.name)\" would be read from Secret \"\(secret)\", and helm cannot turn a "
            + "text into a reference in place"
          : "variable \"\(row.name)\" is read from Secret \"\(secret)\", which stays",
        subject: ObjectReference(
          kind: "Secret", name: secret, namespace: comparison.situation.snapshot.release.namespace),
        after: row.after,
        remedy: isMoved
          ? "do it first, then plan again: kubectl set env deployment/\(comparison.situation.live.name) "
            + "--from=secret/\(secret) --keys=\(row.name)" : nil,
        isResolved: !isMoved && row.expected.agrees(with: row.after))
    }
  }
}
