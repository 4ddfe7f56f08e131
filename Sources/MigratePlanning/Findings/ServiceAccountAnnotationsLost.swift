/// Annotations of the ServiceAccount would not come over.
///
/// Meaning: such annotations often grant access to a cloud: an IAM role, a workload identity. The
/// broker would start, and be refused when it uses that access.
///
/// Why: the broker would run as another ServiceAccount, because you chose so. The plan gives the
/// new one the annotations of the old one, where the target chart makes it and has a value for
/// them.
///
/// Resolve: leave out what renames the ServiceAccount, give the new one other annotations, or let
/// them go:
///
///     kubectl get serviceaccount web --namespace mqtt --output yaml
///     backbone-migrate plan web \
///       --set 'serviceAccount.annotations={eks.amazonaws.com/role-arn: "arn:…"}'
///     backbone-migrate plan web --adopt service-account-annotations-lost
///
/// Severity: `breaking`, taken care of when they come along.
package enum ServiceAccountAnnotationsLost: ComparisonRule {
  package static let code = FindingCode.serviceAccountAnnotationsLost
  package static let dimension = Dimension.identity

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let before = WorkloadObserver.serviceAccountName(of: comparison.situation.live)
    let after = WorkloadObserver.serviceAccountName(of: comparison.target)
    let account = [snapshot.related, comparison.situation.liveHere].lazy
      .compactMap { $0.object(kind: "ServiceAccount", name: before) }.first
    let rendered = comparison.renderedHere.object(kind: "ServiceAccount", name: after)
    guard let account, before != after else { return [] }
    let kept = rendered?["metadata"]?["annotations"]?.members ?? [:]
    let lost = (account["metadata"]?["annotations"]?.members ?? [:]).filter { key, value in
      !key.hasPrefix("meta.helm.sh/") && !key.hasPrefix("kubectl.kubernetes.io/")
        && kept[key] != value
    }.keys.sorted()
    guard !lost.isEmpty else {
      let setting = comparison.setting(WorkloadObserver.serviceAccountAnnotations)
      guard let setting, case .value = setting.carrier, setting.consent == nil else { return [] }
      return [
        comparison.finding(
          self, .breaking,
          "the annotations of ServiceAccount \"\(before)\" come along to \"\(after)\"",
          subject: ObjectReference(
            kind: "ServiceAccount", name: after, namespace: snapshot.release.namespace),
          remedy: "nothing to do; --adopt \(setting.home.home) leaves them away",
          isResolved: true)
      ]
    }
    return [
      comparison.finding(
        self, .breaking,
        "ServiceAccount \"\(after)\" lacks annotations of \"\(before)\": "
          + lost.joined(separator: ", "),
        subject: ObjectReference(
          kind: "ServiceAccount", name: before, namespace: snapshot.release.namespace),
        remedy: "keep the ServiceAccount, or give the new one the same with "
          + "--set serviceAccount.annotations=…",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    ]
  }
}
