/// What a chart renders otherwise each time, although the values are the same: fields that it draws
/// by chance or reads off a clock.
package struct DrawnFields: Hashable, Sendable {
  /// The paths of an object.
  package struct Object: Hashable, Sendable {
    package var object: ObjectReference
    package var paths: [[FieldDifference.Key]]
  }

  /// The objects that both renderings have.
  package var objects: [Object] = []
  /// Objects whose names are drawn: those of one rendering only, by the kinds and namespaces.
  package var named: [ObjectReference] = []
  /// Whether the broker's Deployment, its environment or a fact that the plan keeps is among them.
  package var reachBroker = false

  package static let none = DrawnFields()

  package var isEmpty: Bool { objects.isEmpty && named.isEmpty }

  private init() {}

  /// Finds them in a comparison, by another one of the same values that was rendered once more.
  init(_ first: Comparison, _ second: Comparison) {
    let home = first.situation.snapshot.release.namespace
    for object in first.rendered.all {
      guard let other = second.rendered.counterpart(of: object, in: home) else {
        named.append(object.objectReference(defaultNamespace: home))
        continue
      }
      let paths = FieldDifference.between(object.asStored, other.asStored).map(\.path)
      if !paths.isEmpty {
        objects.append(
          Object(object: object.objectReference(defaultNamespace: home), paths: paths))
      }
    }
    reachBroker =
      first.target.deployment != second.target.deployment
      || first.environment != second.environment || first.settings != second.settings
  }

  /// Whether a field of an object is drawn, or a part of it is, or it is part of one that is.
  package func contain(_ path: [FieldDifference.Key], of object: ObjectReference) -> Bool {
    objects.contains { drawn in
      drawn.object == object
        && drawn.paths.contains { $0.starts(with: path) || path.starts(with: $0) }
    }
  }
}

extension Objects {
  /// The objects with one text in the place of each value that another rendering has otherwise.
  func markingDrawn(in other: Objects, home: String) -> Objects {
    Objects(
      all.map { object in
        other.counterpart(of: object, in: home).map(object.markingDrawn) ?? object
      })
  }
}

extension JSON {
  fileprivate func markingDrawn(in other: JSON) -> JSON {
    if self == other { return self }
    switch (self, other) {
    case (.object(let own), .object(let others)):
      return .object(
        Dictionary(
          uniqueKeysWithValues: own.map { key, value in
            (key, value.markingDrawn(in: others[key] ?? .null))
          }))
    case (.array(let own), .array(let others)) where own.count == others.count:
      return .array(zip(own, others).map { $0.markingDrawn(in: $1) })
    default: return "<drawn anew each time>"
    }
  }
}
