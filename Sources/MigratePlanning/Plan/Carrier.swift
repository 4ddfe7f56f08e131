/// What makes a setting so after the upgrade.
package enum Carrier: Hashable, Sendable {
  /// The target's own default.
  case targetDefault
  /// A value among the target's values.
  case value(ValuePath)
  /// The target's list of further variables or sources.
  case sink(ValuePath)
  /// The live Deployment alone: the target has no value for it, and helm leaves alone what none of
  /// its manifests mentions.
  case live
  /// Dropped, with the operator's consent.
  case dropped
  /// Nothing yet.
  case nothing

  /// The name in the JSON contract.
  package var name: String {
    switch self {
    case .targetDefault: "default"
    case .value: "value"
    case .sink: "sink"
    case .live: "live"
    case .dropped: "dropped"
    case .nothing: "nothing"
    }
  }

  package var path: ValuePath? {
    switch self {
    case .value(let path), .sink(let path): path
    default: nil
    }
  }

  /// What became of an override, in the words of the JSON contract.
  package var disposition: String {
    switch self {
    case .targetDefault, .value, .sink: "mapped"
    case .live: "kept"
    case .dropped: "dropped"
    case .nothing: "unresolved"
    }
  }
}
