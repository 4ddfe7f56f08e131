/// How the broker stands where a run that had begun to change came to a stop, by what there is of
/// its Deployments.
package enum BrokerStatus: Hashable, Sendable {
  /// It could not be looked at.
  case unknown
  /// There is no Deployment, or it is on its way out.
  case gone
  /// Deployments that roll out, by name.
  case rollingOut([String])
  /// Nothing rolls out until it is resumed; whether Pods of it run.
  case paused([String], hasPods: Bool)

  /// Judges the Deployments that are there, by their references.
  package init(_ deployments: [ObjectReference: Deployment]) {
    let there = deployments.filter { !$0.value.isBeingDeleted }
    func names(_ deployments: [ObjectReference: Deployment]) -> [String] {
      deployments.keys.map(\.description).sorted()
    }
    let rolling = there.filter { !$0.value.isPaused }
    if there.isEmpty {
      self = .gone
    } else if rolling.isEmpty {
      self = .paused(names(there), hasPods: there.values.contains(where: \.hasPods))
    } else {
      self = .rollingOut(names(rolling))
    }
  }

  /// Whether no broker comes up, or none is renewed, before the operator does something.
  package var isAtStandstill: Bool {
    switch self {
    case .gone, .paused: true
    case .unknown, .rollingOut: false
    }
  }

  /// The words for the operator, until they do what is named, such as `go on`.
  package func words(until wayOn: String) -> String {
    switch self {
    case .unknown: "how the broker stands cannot be seen now"
    case .gone: "its Deployment is taken away, and no broker runs until you \(wayOn)"
    case .rollingOut(let names):
      "\(names.joined(separator: ", ")) rolls out all the same, and was not verified"
    case .paused(let names, hasPods: true):
      "\(names.joined(separator: ", ")) is held still: its Pods run on as they are until you "
        + wayOn
    case .paused(let names, hasPods: false):
      "\(names.joined(separator: ", ")) is held still and has no Pods: no broker runs until you "
        + wayOn
    }
  }
}
