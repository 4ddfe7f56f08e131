/// A secret is written as plain text into the Deployment.
///
/// Everyone who may read the Deployment can read it. The plan keeps it as it is, which also writes
/// it into the values that helm stores with the release.
///
/// Resolve it by a Secret: create one, let the live Deployment read the variable from it, and plan
/// again: the reference is carried.
package enum SecretInPlainText: FindingRule {
  package static let code = FindingCode.secretInPlainText
  package static let dimension = Dimension.environment

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let sensitivity = situation.sensitivity
    return comparison.environment.compactMap { row in
      guard sensitivity.isSensitive(row.name), let text = row.before.text, !text.isEmpty,
        row.explanation != .variableReadFromSecret
      else { return nil }
      return comparison.finding(
        self, .warning, "variable \"\(row.name)\" holds a secret as plain text in the Deployment",
        before: sensitivity.shown(row.before, of: row.name),
        after: sensitivity.shown(row.after, of: row.name),
        remedy: "put it into a Secret under the key \(row.name), then: kubectl set env "
          + "deployment/\(situation.live.name) --from=secret/SECRET --keys=\(row.name)",
        isResolved: false)
    }
  }
}
