/// A secret is written as plain text into the Deployment.
///
/// Meaning: everyone who may read the Deployment can read the secret. The plan keeps it as it is,
/// which also writes it into the values that helm stores with the release. Reports and the history
/// show `<redacted>` in its place.
///
/// Why: `kubectl set env` and `kubectl edit` write plain text unless told otherwise, and chart
/// 0.1.0 had no other way. A variable counts as secret when the broker treats it so, when its name
/// looks so (TOKEN, PASSWORD, KEY …), or when its value does (a URL with a password).
///
/// Resolve: put it into a Secret under the variable's name, from a file without a line break at its
/// end, have the live Deployment read it from there, which restarts the broker, and plan again: the
/// plan carries the reference. Best replace the secret by a new one on that occasion:
///
///     kubectl create secret generic web-credentials --namespace mqtt \
///       --from-file=ADMIN_TOKEN
///     kubectl set env deployment/web --namespace mqtt \
///       --from=secret/web-credentials --keys=ADMIN_TOKEN
///
/// Severity: `warning`, open until the secret has moved.
package enum SecretInPlainText: ComparisonRule {
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
          + "deployment/\(situation.live.name) --from=secret/SECRET --keys=\(row.name.shellQuoted)",
        isResolved: false)
    }
  }
}
