/// What changes objects on their way into the cluster: webhooks, and policies of Kubernetes 1.32
/// and later.
package enum Mutators {
  /// The kinds, with what their lists are called.
  package static let kinds = [
    (kind: "MutatingWebhookConfiguration", plural: "mutatingwebhookconfigurations"),
    (kind: "MutatingAdmissionPolicy", plural: "mutatingadmissionpolicies"),
  ].map { ($0.kind, "\($0.plural).admissionregistration.k8s.io") }

  /// Whether a webhook configuration or a policy looks at an object, by its rules, and by the
  /// labels of the object and of its namespace.
  package static func looks(
    _ mutator: JSON, at object: JSON, in namespace: JSON?
  ) -> Bool {
    let constraints =
      (mutator["webhooks"]?.elements ?? [])
      + [mutator["spec"]?["matchConstraints"]].compactMap { $0 }
    func labels(_ object: JSON?) -> [String: JSON] {
      object?["metadata"]?["labels"]?.members ?? [:]
    }
    return constraints.contains { constraint in
      (namespace == nil || selects(constraint["namespaceSelector"], labels(namespace)))
        && selects(constraint["objectSelector"], labels(object))
        && covers(
          constraint["rules"]?.elements ?? constraint["resourceRules"]?.elements ?? [], object)
    }
  }

  /// Whether a label selector selects what has these labels.
  ///
  /// Source: meta/v1 `LabelSelector`.
  private static func selects(_ selector: JSON?, _ labels: [String: JSON]) -> Bool {
    (selector?["matchLabels"]?.members ?? [:]).allSatisfy { labels[$0.key] == $0.value }
      && (selector?["matchExpressions"]?.elements ?? []).allSatisfy { expression in
        let value = expression["key"]?.string.flatMap { labels[$0] }
        let values = expression["values"]?.elements ?? []
        return switch expression["operator"] {
        case "In": value.map(values.contains) ?? false
        case "NotIn": !(value.map(values.contains) ?? false)
        case "Exists": value != nil
        case "DoesNotExist": value == nil
        default: true
        }
      }
  }

  private static func covers(_ rules: [JSON], _ object: JSON) -> Bool {
    let parts = (object["apiVersion"]?.string ?? "v1").split(separator: "/")
    let group = parts.count > 1 ? String(parts[0]) : ""
    let kind = (object["kind"]?.string ?? "").lowercased()
    func allows(_ list: JSON?, _ names: [String]) -> Bool {
      (list?.elements ?? []).contains { $0 == "*" || names.map(JSON.string).contains($0) }
    }
    return rules.contains { rule in
      allows(rule["apiGroups"], [group])
        && allows(
          rule["resources"], ["\(kind)s", "\(kind)es", "\(kind.dropLast())ies", "*/*"])
    }
  }
}
