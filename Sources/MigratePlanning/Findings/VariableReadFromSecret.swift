/// A variable comes from a Secret, and stays there.
///
/// The plan carries the reference, never the value: the Secret is not part of the release and is
/// not touched.
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
        self, .info,
        isMoved
          ? "variable \"\(row.name)\" is read from Secret \"\(secret)\" from now on; the Secret must "
            + "hold the value that the variable had"
          : "variable \"\(row.name)\" is read from Secret \"\(secret)\", which stays",
        subject: ObjectReference(
          kind: "Secret", name: secret, namespace: comparison.situation.snapshot.release.namespace),
        after: row.after,
        isResolved: !isMoved && row.expected.agrees(with: row.after), acceptedBy: row.consent)
    }
  }
}
