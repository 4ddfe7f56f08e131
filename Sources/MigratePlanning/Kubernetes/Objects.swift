/// A set of Kubernetes objects, live or rendered, that observers read.
package struct Objects: Hashable, Sendable {
  /// The objects in the order in which they were read.
  package let all: [JSON]

  /// Takes objects as they are; entries that are no Kubernetes object (no kind, no name) are left
  /// out, and a `List` gives its items.
  package init(_ all: [JSON]) {
    self.all = all.flatMap { object in
      object["kind"]?.string == "List" ? object["items"]?.elements ?? [] : [object]
    }.filter { $0["kind"]?.string != nil && $0["metadata"]?["name"]?.string != nil }
  }

  /// The objects of one kind.
  package func all(kind: String) -> [JSON] { all.filter { $0["kind"]?.string == kind } }

  /// The object of a kind and name; nil when there is none.
  package func object(kind: String, name: String) -> JSON? {
    all.first { $0["kind"]?.string == kind && $0.objectName == name }
  }

  /// The object that a reference names, among objects of a release that lives in a namespace; nil
  /// when there is none. One of the same name in another namespace is another object.
  package func object(_ reference: ObjectReference, in home: String) -> JSON? {
    all.first {
      $0["kind"]?.string == reference.kind && $0.objectName == reference.name
        && $0.objectReference(defaultNamespace: home) == reference
    }
  }

  /// The object of the same kind, name and namespace as another one; nil when there is none.
  package func counterpart(of object: JSON, in home: String) -> JSON? {
    self.object(object.objectReference(defaultNamespace: home), in: home)
  }

  /// The objects of a release that are in its own namespace, or in none: those that its Pods,
  /// Services and Ingresses can mean by a name.
  package func within(_ home: String) -> Objects {
    Objects(
      all.filter { object in
        object.objectReference(defaultNamespace: home).namespace.map { $0 == home } ?? true
      })
  }

  /// The reference of every object; objects without a namespace get the given one when their kind
  /// lives in namespaces.
  package func references(defaultNamespace: String) -> [ObjectReference] {
    all.map { $0.objectReference(defaultNamespace: defaultNamespace) }
  }
}

extension Objects {
  /// The containers of all Deployments.
  package var containers: [JSON] { deployments.flatMap(\.containers) }
}

extension JSON {
  /// `metadata.name` of a Kubernetes object; empty when there is none.
  package var objectName: String { self["metadata"]?["name"]?.string ?? "" }

  /// The reference of a Kubernetes object.
  package func objectReference(defaultNamespace: String) -> ObjectReference {
    let kind = self["kind"]?.string ?? ""
    let namespace =
      clusterScopedKinds.contains(kind)
      ? nil : self["metadata"]?["namespace"]?.string ?? defaultNamespace
    return ObjectReference(kind: kind, name: objectName, namespace: namespace)
  }
}

/// Kinds that charts commonly hold and that live outside namespaces.
private let clusterScopedKinds: Set<String> = [
  "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "IngressClass",
  "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PodSecurityPolicy",
  "PriorityClass", "RuntimeClass", "StorageClass", "ValidatingWebhookConfiguration",
]
