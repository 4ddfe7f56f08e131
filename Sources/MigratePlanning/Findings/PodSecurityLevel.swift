/// The namespace does not let the broker's new Pods in.
///
/// Meaning: the label `pod-security.kubernetes.io/enforce` makes Kubernetes refuse Pods that ask
/// for too much. The Deployment is taken, and none of its Pods: the old one runs on until it ends
/// for some other reason, and the rollout never gets anywhere.
///
/// Why: the label is younger than the Pod that runs, or the new Pod asks for more than the old one.
///
/// Resolve: give the Pod what the level wants. This is enough for `restricted`:
///
///     backbone-migrate plan web --adopt runs-as-non-root --set \
///       'containerSecurityContext={allowPrivilegeEscalation: false,
///       seccompProfile: {type: RuntimeDefault}, capabilities: {drop: [ALL]}}'
///
/// Severity: `breaking`.
///
/// Source: the Pod Security Standards of Kubernetes.
package enum PodSecurityLevel: ComparisonRule {
  package static let code = FindingCode.podSecurityLevel
  package static let dimension = Dimension.security

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let name = situation.snapshot.release.namespace
    guard let level = level(of: situation.snapshot) else { return [] }
    let violations = PodSecurity.violations(of: comparison.target, level)
    guard !violations.isEmpty else { return [] }
    return [
      comparison.finding(
        self, .breaking,
        "namespace \"\(name)\" lets in Pods of level \(level.rawValue) only, and the new ones "
          + "break it: \(violations.joined(separator: ", "))",
        subject: ObjectReference(kind: "Namespace", name: name),
        remedy: "set the security context that the level wants",
        acceptedBy: situation.choices.consent(homes: [], code: code))
    ]
  }

  /// The level of Pods that the release's namespace lets in; nil where it lets in all.
  static func level(of snapshot: Snapshot) -> PodSecurity.Level? {
    snapshot.namespace?["metadata"]?["labels"]?[PodSecurity.label]?.string
      .flatMap(PodSecurity.Level.init(rawValue:))
  }
}
