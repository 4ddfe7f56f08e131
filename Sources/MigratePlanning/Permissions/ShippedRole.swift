/// The Roles of examples/roles.yaml: what a user of this program has to be allowed.
package enum ShippedRole: String, CaseIterable, Sendable {
  /// `plan`, `history`, `status`, `export` and `doctor`.
  case plan = "backbone-migrate-plan"
  /// `apply` and `rollback`, and all that the other one has.
  case apply = "backbone-migrate-apply"

  /// Verbs on resources of one API group.
  package struct Rule: Hashable, Sendable {
    package var group: String
    package var resources: [String]
    package var verbs: [String]
    /// Whether the commands work without it, and only say less.
    package var isForWords: Bool

    init(_ group: String, _ resources: [String], _ verbs: [String], isForWords: Bool = false) {
      self.group = group
      self.resources = resources
      self.verbs = verbs
      self.isForWords = isForWords
    }
  }

  package var rules: [Rule] {
    switch self {
    case .plan:
      [
        Rule("", ["secrets"], ["get", "list"]),
        Rule("", ["services", "serviceaccounts"], ["get"]),
        Rule("apps", ["deployments"], ["get"]),
        Rule("coordination.k8s.io", ["leases"], ["get", "list"]),
        Rule("", ["persistentvolumeclaims", "configmaps"], ["get"], isForWords: true),
        Rule("", ["pods"], ["list"], isForWords: true),
        Rule("", ["services"], ["list"], isForWords: true),
        // Dry runs.
        Rule("", ["services"], ["create", "patch"], isForWords: true),
        Rule("", ["serviceaccounts", "persistentvolumeclaims"], ["create"], isForWords: true),
        Rule("apps", ["deployments"], ["create", "patch"], isForWords: true),
      ] + Self.surroundings
    case .apply:
      [
        Rule("coordination.k8s.io", ["leases"], ["get", "create", "update"]),
        Rule("", ["secrets"], ["get", "list", "create", "update"]),
        Rule("", ["services"], Self.changing), Rule("apps", ["deployments"], Self.changing),
        Rule("", ["serviceaccounts"], ["get", "create", "update", "patch", "delete"]),
        Rule("", ["persistentvolumeclaims"], ["get", "create", "patch"]),
        Rule("coordination.k8s.io", ["leases"], ["list"], isForWords: true),
        Rule("", ["configmaps"], ["get"], isForWords: true),
        Rule("", ["services"], ["list"], isForWords: true),
        // Why Pods do not come up; a backup that was half written.
        Rule("apps", ["replicasets"], ["list"], isForWords: true),
        Rule("", ["pods", "events"], ["list"], isForWords: true),
        Rule("", ["secrets"], ["delete"], isForWords: true),
      ] + Self.surroundings
    }
  }

  /// Which Pods the namespace lets in, and what else in it goes by names, ports and labels.
  private static let surroundings = [
    Rule("", ["namespaces"], ["get"], isForWords: true),
    Rule("networking.k8s.io", ["ingresses"], ["list"], isForWords: true),
    Rule("autoscaling", ["horizontalpodautoscalers"], ["list"], isForWords: true),
    Rule("policy", ["poddisruptionbudgets"], ["list"], isForWords: true),
  ]

  /// What is changed, and waited for.
  private static let changing = ["get", "watch", "create", "update", "patch", "delete"]

  /// What the Role grants in a namespace.
  package func permissions(in namespace: String?) -> [Permission] {
    rules.flatMap { $0.permissions(in: namespace) }
  }

  /// What the commands do not work without.
  package func needs(in namespace: String?) -> [Permission] {
    rules.filter { !$0.isForWords }.flatMap { $0.permissions(in: namespace) }
  }
}

extension ShippedRole.Rule {
  fileprivate func permissions(in namespace: String?) -> [Permission] {
    resources.flatMap { resource in
      verbs.map { Permission($0, resource, group: group, in: namespace) }
    }
  }
}
