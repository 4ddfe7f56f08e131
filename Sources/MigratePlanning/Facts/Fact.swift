/// One side of the broker's behaviour.
package enum Dimension: String, CaseIterable, Sendable, Codable {
  case environment, image, identity, storage, network, security, health, scheduling, ownership
}

/// The name of one observable piece of a dimension, the same for live and rendered objects.
package struct FactKey: Hashable, Sendable, Comparable {
  package var dimension: Dimension
  package var name: String

  package init(_ dimension: Dimension, _ name: String) {
    self.dimension = dimension
    self.name = name
  }

  /// The fact of one environment variable.
  package static func variable(_ name: String) -> FactKey { FactKey(.environment, name) }

  package static func < (left: FactKey, right: FactKey) -> Bool {
    (left.dimension.rawValue, left.name) < (right.dimension.rawValue, right.name)
  }
}

/// What observers saw, fact by fact.
package typealias Facts = [FactKey: Observed]
