/// The broker's ServiceAccount gets a Role of the chart's.
///
/// Meaning: the broker, and whoever gets into it, may read more of the namespace than before.
///
/// Why: where the broker talks to Kubernetes (`K8S_ENABLED=true`), chart 0.2.0 makes a Role and
/// binds it to the ServiceAccount. Chart 0.1.0 made none, so the broker has what somebody bound by
/// hand, or nothing.
///
/// Resolve: leave its permissions as they are:
///
///     backbone-migrate plan web --set rbac.create=false
///
/// or give it what it needs and no more, with `rbac.rules`.
///
/// Severity: `warning`.
package enum PermissionsAdded: ComparisonRule {
  package static let code = FindingCode.permissionsAdded
  package static let dimension = Dimension.security

  package static func findings(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    let account = WorkloadObserver.serviceAccountName(of: comparison.target)
    return ["RoleBinding", "ClusterRoleBinding"].flatMap { comparison.rendered.all(kind: $0) }
      .filter { binding in
        snapshot.manifest.counterpart(of: binding, in: snapshot.release.namespace) == nil
          && binding.binds(serviceAccount: account, in: snapshot.release.namespace)
      }
      .map { binding in
        let role = binding["roleRef"]
        let (kind, name) = (role?["kind"]?.string ?? "Role", role?["name"]?.string ?? "")
        let place = binding.objectReference(defaultNamespace: snapshot.release.namespace).namespace
        let there = ObjectReference(
          kind: kind, name: name,
          namespace: kind == "ClusterRole" ? nil : place ?? snapshot.release.namespace)
        let rules =
          comparison.rendered.object(there, in: snapshot.release.namespace)?["rules"]?.elements
          ?? []
        let resources = rules.flatMap { $0["resources"]?.elements ?? [] }.compactMap(\.string)
        let verbs = rules.flatMap { $0["verbs"]?.elements ?? [] }.compactMap(\.string)
        return comparison.finding(
          self, .warning,
          "ServiceAccount \"\(account)\" gets \(kind) \"\(name)\""
            + (resources.isEmpty
              ? ""
              : ": \(list(verbs)) of \(list(resources))"
                + (kind == "ClusterRole" ? " in the whole cluster" : "")),
          subject: binding.objectReference(defaultNamespace: snapshot.release.namespace),
          remedy: (try? ValuePath("rbac.create")).map(comparison.situation.target.has) == true
            ? "--set rbac.create=false leaves its permissions as they are"
            : "look whether it may have them",
          acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
      }
  }

  private static func list(_ words: [String]) -> String {
    var once: [String] = []
    for word in words where !once.contains(word) { once.append(word) }
    return once.joined(separator: ", ")
  }
}
