/// A variable comes from a Secret, and stays there.
///
/// The plan carries the reference, never the value: the Secret is not part of the release and is
/// not touched.
package enum VariableReadFromSecret: FindingRule {
  package static let code = FindingCode.variableReadFromSecret
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    comparison.environment.compactMap { row in
      guard case .reference(let reference) = row.before, reference.kind == .secretKeyRef,
        comparison.situation.before.fromSource[row.name] == nil
      else { return nil }
      let secret = reference.selector["name"]?.string ?? ""
      return comparison.finding(
        self, .info, "variable \"\(row.name)\" is read from Secret \"\(secret)\", which stays",
        subject: ObjectReference(
          kind: "Secret", name: secret, namespace: comparison.situation.snapshot.release.namespace),
        before: row.before, after: row.after, isResolved: row.expected.agrees(with: row.after))
    }
  }
}
