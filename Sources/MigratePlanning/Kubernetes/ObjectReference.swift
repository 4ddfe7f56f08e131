/// The name of one Kubernetes object, as findings and object changes show it.
package struct ObjectReference: Hashable, Sendable, Codable {
  package var kind: String
  package var name: String
  /// Nil for cluster-scoped objects.
  package var namespace: String?

  package init(kind: String, name: String, namespace: String? = nil) {
    self.kind = kind
    self.name = name
    self.namespace = namespace
  }
}

extension ObjectReference: CustomStringConvertible, Comparable {
  package var description: String { "\(kind)/\(name)" }

  package static func < (left: ObjectReference, right: ObjectReference) -> Bool {
    (left.kind, left.name, left.namespace ?? "") < (right.kind, right.name, right.namespace ?? "")
  }
}
