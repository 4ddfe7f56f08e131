/// A plan that cannot be made.
package enum PlanError: Error, Hashable, CustomStringConvertible {
  case noWorkload(place: String)
  /// The broker runs as another kind, such as a StatefulSet.
  case otherWorkload(ObjectReference, place: String)
  case noSuchContainer(String, place: String, known: [String])
  case severalContainers([String], place: String)
  case severalWorkloads([String], container: String, place: String)
  /// A choice that names nothing the plan knows, and what may have been meant.
  case unknownAdoption(String, near: [String])

  /// Whether the fault is in what was typed, and not in the release.
  package var isWrongUsage: Bool {
    switch self {
    case .unknownAdoption: true
    case .noWorkload, .otherWorkload, .noSuchContainer, .severalContainers, .severalWorkloads: false
    }
  }

  package var description: String {
    switch self {
    case .noWorkload(let place):
      "\(place) has no Deployment, so there is no broker to migrate; "
        + "check the release's name and namespace"
    case .otherWorkload(let object, let place):
      "\(place) runs the broker as \(object.kind) \"\(object.name)\", and a plan moves a "
        + "Deployment only; install chart 0.2.0 beside it under another name, bring its data and "
        + "clients over, then uninstall this one"
    case .noSuchContainer(let name, let place, let known):
      "\(place) has no container \"\(name)\"; name one of "
        + known.map { "\"\($0)\"" }.joined(separator: ", ")
    case .severalContainers(let names, let place):
      "\(place) has several containers (\(names.joined(separator: ", "))); "
        + "say which one is the broker with --container NAME"
    case .severalWorkloads(let names, let container, let place):
      "container \"\(container)\" of \(place) stands in several Deployments "
        + "(\(names.joined(separator: ", "))); a plan is for one broker, so plan them by hand"
    case .unknownAdoption(let text, let near):
      "--adopt \"\(text)\" names neither a value path of the recipe nor a finding; "
        + (Suggestions.question(near) ?? "use a path such as k8s.enabled, or a code that "
          + "\"\(NextCommand(.explain))\" lists")
    }
  }
}
