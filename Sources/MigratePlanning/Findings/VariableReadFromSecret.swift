/// A variable comes from a Secret, and stays there.
///
/// Meaning: the container reads the variable from a key of a Secret. The plan carries the reference
/// and never the value; the Secret is not part of the release and is not touched. Where a `--set`
/// turns a text into such a reference, the broker gets what the Secret holds from then on.
///
/// Why: the reference is on the live Deployment, or you asked for it. Helm alone cannot turn a text
/// into one, since the API server refuses what its merge makes of both (`may not be specified when
/// value is not empty`); `backbone-migrate apply` can.
///
/// Resolve: see that the Secret has the key, and the value that is meant; a Pod that refers to a
/// missing one does not start (`CreateContainerConfigError`). The first command shows the keys and
/// not what they hold; the second moves a token into a Secret on the way:
///
///     kubectl describe secret web-credentials --namespace mqtt
///     backbone-migrate plan web --namespace mqtt \
///       --set config.adminTokenFrom.secretKeyRef.name=web-credentials \
///       --set config.adminTokenFrom.secretKeyRef.key=ADMIN_TOKEN
///
/// Severity: `info` when it stays; `breaking`, accepted by the `--set`, when a text becomes a
/// reference; `blocker` when the Secret, or its key, is not there.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum VariableReadFromSecret: FindingRule {
  package static let code = FindingCode.variableReadFromSecret
  package static let dimension = Dimension.environment

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    return comparison.environment.compactMap { row in
      let isMoved = row.explanation == code
      guard case .reference(let reference) = isMoved ? row.after : row.before,
        reference.kind == .secretKeyRef,
        comparison.situation.before.fromSource[row.name] == nil,
        row.explanation != .variableUnmapped
      else { return nil }
      let secret = reference.selector["name"]?.string ?? ""
      if isMoved, let missing = evidence.missing(reference) {
        return comparison.finding(
          self, .blocker,
          "\(missing), from which variable \"\(row.name)\" would be read: the new Pod would not "
            + "start",
          subject: ObjectReference(
            kind: "Secret", name: secret, namespace: comparison.situation.snapshot.release.namespace
          ),
          remedy: "create it with that key, then plan again")
      }
      return comparison.finding(
        self, isMoved ? .breaking : .info,
        isMoved
          ? "variable \"\(row.name)\" is read from Secret \"\(secret)\" from now on, and was a text"
          : "variable \"\(row.name)\" is read from Secret \"\(secret)\", which stays",
        subject: ObjectReference(
          kind: "Secret", name: secret, namespace: comparison.situation.snapshot.release.namespace),
        after: row.after,
        remedy: isMoved
          ? "see that the Secret holds what the variable has now: helm alone cannot make this "
            + "change, "
            + "backbone-migrate apply can" : nil,
        isResolved: !isMoved && row.expected.agrees(with: row.after),
        acceptedBy: isMoved ? row.consent : nil)
    }
  }
}

extension Comparison {
  /// The references to Secrets that the target has, and the live container has not.
  package var newSecrets: [EnvironmentSource.Identity] {
    let live = Set(situation.live.entries.values.compactMap(\.source.secretName))
    let new = Set(target.entries.values.compactMap(\.source.secretName)).subtracting(live)
    return new.sorted().map { EnvironmentSource.Identity(kind: .secret, name: $0) }
  }
}

extension Evidence {
  /// What a reference to a Secret leads to and is not there; nil when it is, or was not looked at.
  fileprivate func missing(_ reference: Reference) -> String? {
    guard let name = reference.selector["name"]?.string,
      let key = reference.selector["key"]?.string,
      reference.selector["optional"] != true
    else { return nil }
    switch answers?.sourceKeys[EnvironmentSource.Identity(kind: .secret, name: name)] {
    case .missing: return "Secret \"\(name)\" does not exist"
    case .keys(let keys) where !keys.contains(key):
      return "Secret \"\(name)\" has no key \"\(key)\""
    case .keys, .unreadable, nil: return nil
    }
  }
}

extension EnvironmentVariable.Source {
  /// The Secret that a reference leads to.
  fileprivate var secretName: String? {
    guard case .reference(let reference) = self, reference.kind == .secretKeyRef else { return nil }
    return reference.selector["name"]?.string
  }
}
