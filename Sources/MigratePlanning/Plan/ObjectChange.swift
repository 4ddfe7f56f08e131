/// What becomes of one object of the release.
package struct ObjectChange: Hashable, Sendable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case create, update, replace, delete
    /// Leaves the release and stays in the cluster.
    case keep
    /// Stays as it is.
    case none
  }

  package var object: ObjectReference
  package var change: Kind

  package init(_ object: ObjectReference, _ change: Kind) {
    self.object = object
    self.change = change
  }

  /// The changes that take a release from its manifest to the rendered objects.
  ///
  /// Helm deletes what the new manifest lacks, unless the live object carries
  /// `helm.sh/resource-policy: keep`.
  package static func changes(
    from manifest: Objects, live: Objects, to rendered: Objects, namespace: String
  ) -> [ObjectChange] {
    var changes: [ObjectChange] = []
    for object in rendered.all {
      let reference = object.objectReference(defaultNamespace: namespace)
      let old = manifest.object(kind: reference.kind, name: reference.name)
      let change: Kind =
        if live.object(kind: reference.kind, name: reference.name) == nil {
          .create
        } else if old == object { .none } else { .update }
      changes.append(ObjectChange(reference, change))
    }
    for object in manifest.all
    where rendered.object(kind: object["kind"]?.string ?? "", name: object.objectName) == nil {
      // Helm looks at the live object's annotation, not at the one in its manifest.
      let inCluster = live.object(kind: object["kind"]?.string ?? "", name: object.objectName)
      let policy = inCluster?["metadata"]?["annotations"]?["helm.sh/resource-policy"]?.string
      changes.append(
        ObjectChange(
          object.objectReference(defaultNamespace: namespace), policy == "keep" ? .keep : .delete))
    }
    return changes.sorted { $0.object < $1.object }
  }
}

/// How the broker is interrupted.
package struct Interruption: Hashable, Sendable, Codable {
  package enum Kind: String, Sendable, Codable {
    case none, rolling, recreate, replace
  }

  package var kind: Kind
  /// Whether the old and the new broker run side by side for a while.
  package var brokersOverlap: Bool
  /// Seconds without a broker; nil when it cannot be told.
  package var estimateSeconds: Int?

  package init(kind: Kind, brokersOverlap: Bool, estimateSeconds: Int? = nil) {
    self.kind = kind
    self.brokersOverlap = brokersOverlap
    self.estimateSeconds = estimateSeconds
  }

  /// Foretells the interruption of an upgrade that helm makes.
  package init(_ comparison: Comparison) {
    let deployment = comparison.target.deployment
    if comparison.target.name != comparison.situation.live.name {
      self.init(kind: .replace, brokersOverlap: true)
      return
    }
    let strategy = deployment["spec"]?["strategy"]
    if strategy?["type"]?.string == "Recreate" {
      self.init(kind: .recreate, brokersOverlap: false)
      return
    }
    let surge = strategy?["rollingUpdate"]?["maxSurge"]
    self.init(kind: .rolling, brokersOverlap: surge != .integer(0) && surge != "0%")
  }
}
