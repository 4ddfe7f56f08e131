/// The Deployment that runs the broker, and the broker's container in it.
package struct Workload: Sendable {
  package let deployment: JSON
  package let container: JSON
  /// The container's environment, as written.
  package let environment: ContainerEnvironment
  /// The entry that counts for each variable of `env`: the last of its name.
  package let entries: [String: EnvironmentVariable]

  package init(deployment: JSON, container: JSON) {
    self.deployment = deployment
    self.container = container
    environment = ContainerEnvironment(container: container)
    entries = Dictionary(
      environment.variables.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
  }

  package var name: String { deployment.objectName }
  package var containerName: String { container["name"]?.string ?? "" }
  package var podSpec: JSON { deployment["spec"]?["template"]?["spec"] ?? [:] }

  /// Finds the workload among objects: by the container that the operator named, else the only
  /// container, else the first of the preferred names that exactly one container has.
  ///
  /// - Throws: ``PlanError`` when there is no Deployment, or it cannot be told which container is
  ///   the broker's.
  package static func find(
    in objects: Objects, container: String? = nil, preferred: [String], where place: String
  ) throws(PlanError) -> Workload {
    let candidates = objects.all(kind: "Deployment").flatMap { deployment in
      (deployment["spec"]?["template"]?["spec"]?["containers"]?.elements ?? []).map {
        Workload(deployment: deployment, container: $0)
      }
    }
    guard !candidates.isEmpty else { throw PlanError.noWorkload(place: place) }
    if let container {
      let named = candidates.filter { $0.containerName == container }
      guard let found = named.first else {
        throw PlanError.noSuchContainer(
          container, place: place, known: candidates.map(\.containerName))
      }
      guard named.count == 1 else {
        throw PlanError.severalWorkloads(named.map(\.name), container: container, place: place)
      }
      return found
    }
    if candidates.count == 1 { return candidates[0] }
    for name in preferred {
      let named = candidates.filter { $0.containerName == name }
      if named.count == 1 { return named[0] }
    }
    throw PlanError.severalContainers(candidates.map(\.containerName), place: place)
  }
}

/// A plan that cannot be made.
package enum PlanError: Error, Hashable, CustomStringConvertible {
  case noWorkload(place: String)
  case noSuchContainer(String, place: String, known: [String])
  case severalContainers([String], place: String)
  case severalWorkloads([String], container: String, place: String)
  /// A choice that names nothing the plan knows, and what may have been meant.
  case unknownAdoption(String, near: [String])

  /// Whether the fault is in what was typed, and not in the release.
  package var isWrongUsage: Bool {
    switch self {
    case .unknownAdoption: true
    case .noWorkload, .noSuchContainer, .severalContainers, .severalWorkloads: false
    }
  }

  package var description: String {
    switch self {
    case .noWorkload(let place):
      "\(place) has no Deployment, so there is no broker to migrate; "
        + "check the release's name and namespace"
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
          + "\"backbone-migrate explain\" lists")
    }
  }
}
