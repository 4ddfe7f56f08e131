/// Something that the API server lets a user do, or not: a verb on a resource, in one namespace or,
/// without one, in the whole cluster.
package struct Permission: Hashable, Sendable, Codable {
  package var verb: String
  /// The API group; empty for Kubernetes' own first one.
  package var group: String
  package var resource: String
  @Nullable package var namespace: String?

  package init(_ verb: String, _ resource: String, group: String = "", in namespace: String?) {
    self.verb = verb
    self.group = group
    self.resource = resource
    self.namespace = namespace
  }

  /// The question whether the user has it, as the API server takes it. Everybody may ask about
  /// themselves, and nothing is changed.
  package var review: JSON {
    var attributes: [String: JSON] = [
      "verb": .string(verb), "group": .string(group), "resource": .string(resource),
    ]
    attributes["namespace"] = namespace.map(JSON.string)
    return [
      "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
      "spec": ["resourceAttributes": .object(attributes)],
    ]
  }
}

extension Permission: CustomStringConvertible, Comparable {
  /// Such as `patch deployments`.
  package var description: String { "\(verb) \(resource)" }

  package static func < (left: Permission, right: Permission) -> Bool {
    (left.namespace ?? "", left.group, left.resource, left.verb)
      < (right.namespace ?? "", right.group, right.resource, right.verb)
  }
}

/// What the API server calls a kind of objects in a request: its group and the plural of its name.
package struct ResourceName: Hashable, Sendable {
  package var group: String
  package var resource: String

  /// The name of an object's kind; nil for kinds that Kubernetes does not bring along, whose plural
  /// only the server knows.
  package init?(of object: JSON) {
    guard let kind = object["kind"]?.string, let version = object["apiVersion"]?.string else {
      return nil
    }
    let parts = version.split(separator: "/")
    let group = parts.count > 1 ? String(parts[0]) : ""
    guard !group.contains(".") || group.hasSuffix(".k8s.io") else { return nil }
    self.group = group
    resource = Self.plural(of: kind.lowercased())
  }

  /// The plural as kubectl guesses it.
  private static func plural(of kind: String) -> String {
    if kind == "endpoints" { return kind }
    switch kind.last {
    case "s": return kind + "es"
    case "y": return kind.dropLast() + "ies"
    default: return kind + "s"
    }
  }
}
