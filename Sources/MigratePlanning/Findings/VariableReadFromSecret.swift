/// A variable comes from a Secret, and stays there.
///
/// The plan carries the reference, never the value: the Secret is not part of the release and is
/// not touched.
///
/// A text cannot become a reference on the way: the API server refuses what helm's merge makes of
/// it ("may not be specified when value is not empty"). Set the reference on the live Deployment
/// first, and plan again.
package enum VariableReadFromSecret: FindingRule {
  package static let code = FindingCode.variableReadFromSecret
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.compactMap { row in
      let isMoved = row.explanation == code
      guard case .reference(let reference) = isMoved ? row.after : row.before,
        reference.kind == .secretKeyRef,
        comparison.situation.before.fromSource[row.name] == nil
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
