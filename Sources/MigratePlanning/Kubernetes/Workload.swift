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
  package var podSpec: JSON { Deployment(deployment).podSpec }

  /// Finds the workload among objects: by the container that the operator named, else the only
  /// container, else the first of the preferred names that exactly one container has.
  ///
  /// - Throws: ``PlanError`` when there is no Deployment, or it cannot be told which container is
  ///   the broker's.
  package static func find(
    in objects: Objects, container: String? = nil, preferred: [String], where place: String
  ) throws(PlanError) -> Workload {
    let candidates = objects.deployments.flatMap { deployment in
      deployment.containers.map { Workload(deployment: deployment.object, container: $0) }
    }
    guard !candidates.isEmpty else {
      guard let other = objects.otherWorkloads.first else {
        throw PlanError.noWorkload(place: place)
      }
      throw PlanError.otherWorkload(other.objectReference, place: place)
    }
    if container == nil, candidates.count == 1, let name = preferred.last,
      candidates[0].containerName != name,
      let other = objects.otherWorkloads.first(where: { other in
        Deployment(other).containers.contains { $0["name"]?.string == name }
      })
    {
      // Something beside the broker, such as an exporter, is the Deployment then.
      throw PlanError.otherWorkload(other.objectReference, place: place)
    }
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

extension Objects {
  /// What is no Deployment, and makes Pods of a template and goes on doing so.
  fileprivate var otherWorkloads: [JSON] {
    all.filter { object in
      !["Job", "Deployment"].contains(object["kind"]?.string ?? "")
        && !Deployment(object).containers.isEmpty
    }
  }
}

extension JSON {
  /// The kind and name, for a message.
  fileprivate var objectReference: ObjectReference {
    ObjectReference(kind: self["kind"]?.string ?? "", name: objectName)
  }
}
