/// Roles bound to the old ServiceAccount do not hold for the new one.
///
/// Meaning: RoleBindings and ClusterRoleBindings name a ServiceAccount. They would grant the broker
/// nothing any more, and what it does with the Kubernetes API would be refused.
///
/// Why: the broker would run as another ServiceAccount, because you chose so, and somebody bound
/// roles to the old one by hand.
///
/// Resolve: leave out what renames the ServiceAccount, or bind the role to the new one as well
/// before the upgrade:
///
///     kubectl create rolebinding web-broker --namespace mqtt \
///       --role=web --serviceaccount=mqtt:web-broker
///
/// Severity: `breaking`.
package enum RoleBindingLeftBehind: ComparisonRule {
  package static let code = FindingCode.roleBindingLeftBehind
  package static let dimension = Dimension.identity

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let namespace = snapshot.release.namespace
    let before = WorkloadObserver.serviceAccountName(of: comparison.situation.live)
    let after = WorkloadObserver.serviceAccountName(of: comparison.target)
    guard before != after else { return [] }
    return ["RoleBinding", "ClusterRoleBinding"].flatMap { snapshot.related.all(kind: $0) }
      .filter {
        $0.binds(serviceAccount: before, in: namespace)
          && !$0.binds(serviceAccount: after, in: namespace)
      }
      .map { binding in
        let reference = binding.objectReference(defaultNamespace: namespace)
        return comparison.finding(
          self, .breaking,
          "\(reference) grants its role to ServiceAccount \"\(before)\" and not to \"\(after)\"",
          subject: reference,
          remedy: "keep the ServiceAccount, or bind the role to \"\(after)\" as well",
          acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
      }
  }
}

extension JSON {
  /// Whether a binding grants its role to a ServiceAccount.
  func binds(serviceAccount name: String, in namespace: String) -> Bool {
    (self["subjects"]?.elements ?? []).contains { subject in
      subject["kind"]?.string == "ServiceAccount" && subject["name"]?.string == name
        && (subject["namespace"]?.string ?? self["metadata"]?["namespace"]?.string) == namespace
    }
  }
}
