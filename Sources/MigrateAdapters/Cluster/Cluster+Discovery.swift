import MigratePlanning

extension Cluster {
  /// The kind of objects that an object is of, as the cluster serves it.
  ///
  /// - Throws: ``ClusterError``; ``ClusterError/isNotServed`` where the cluster has no such kind.
  package func resource(kind: String, apiVersion: String) async throws(ClusterError) -> APIResource
  {
    func found(_ resources: [APIResource]?) -> APIResource? {
      resources?.first { $0.kind == kind && $0.apiVersion == apiVersion }
    }
    if let resource = found(APIResource.everywhere) { return resource }
    if let resource = found(discovery.resources(ofVersion: apiVersion)) { return resource }
    // What was not there a while ago may be now.
    do {
      if let resource = found(try await readResources(ofVersion: apiVersion)) { return resource }
    } catch  where error.isNotFound {
    }
    throw ClusterError("discovery", .notServed(kind: kind, apiVersion: apiVersion))
  }

  /// The kind of objects that a kind without a group means, as kubectl takes it: the first in the
  /// server's order, Kubernetes' own kinds before others.
  ///
  /// - Throws: ``ClusterError``; ``ClusterError/isNotServed`` where the cluster has no such kind.
  package func resource(kind: String) async throws(ClusterError) -> APIResource {
    try await resource(named: kind) { $0.kind.lowercased() == kind.lowercased() }
  }

  /// The kind of objects that a word means, such as `deployments.apps` or `secrets`.
  ///
  /// - Throws: ``ClusterError``; ``ClusterError/isNotServed`` where the cluster has no such kind.
  package func resource(plural: String) async throws(ClusterError) -> APIResource {
    let parts = plural.split(separator: ".", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      return try await resource(named: plural) { $0.plural == plural }
    }
    if let resource = APIResource.everywhere.first(where: {
      $0.plural == parts[0] && $0.group == parts[1]
    }) {
      return resource
    }
    do {
      let apiVersion = try await preferredVersion(of: parts[1])
      let resources = try await resources(ofVersion: apiVersion)
      if let resource = resources.first(where: { $0.plural == parts[0] }) { return resource }
    } catch  where error.isNotFound {
    }
    throw ClusterError("discovery", .notServed(kind: parts[0], apiVersion: parts[1]))
  }

  private func resource(
    named name: String, where matches: @Sendable (APIResource) -> Bool
  ) async throws(ClusterError) -> APIResource {
    if let resource = APIResource.everywhere.first(where: matches) { return resource }
    if let resource = try await resources(ofVersion: "v1").first(where: matches) { return resource }
    if let resource = discovery.all?.first(where: matches) { return resource }
    let (all, failure) = try await readAll()
    if let resource = all.first(where: matches) { return resource }
    // A group that could not be asked may have it.
    if let failure { throw failure }
    throw ClusterError("discovery", .notServed(kind: name, apiVersion: nil))
  }

  private func resources(ofVersion apiVersion: String) async throws(ClusterError) -> [APIResource] {
    if let known = discovery.resources(ofVersion: apiVersion) { return known }
    return try await readResources(ofVersion: apiVersion)
  }

  private func readResources(
    ofVersion apiVersion: String
  ) async throws(ClusterError) -> [APIResource] {
    let list = try await ask(
      "discovery of \(apiVersion)", HTTPRequest(APIResource.path(ofVersion: apiVersion)))
    let parts = apiVersion.split(separator: "/").map(String.init)
    let (group, version) = parts.count > 1 ? (parts[0], parts[1]) : ("", apiVersion)
    let resources = (list["resources"]?.elements ?? []).compactMap { entry -> APIResource? in
      guard let name = entry["name"]?.string, !name.contains("/"), let kind = entry["kind"]?.string
      else { return nil }
      return APIResource(
        group: group, version: version, plural: name, kind: kind,
        isNamespaced: entry["namespaced"]?.bool ?? false)
    }
    discovery.keep(resources, ofVersion: apiVersion)
    return resources
  }

  private func preferredVersion(of group: String) async throws(ClusterError) -> String {
    if let known = discovery.preferredVersion(of: group) { return known }
    let description = try await ask(
      "discovery of \(group)", HTTPRequest("/apis/\(group.urlEncoded)"))
    guard let version = description["preferredVersion"]?["groupVersion"]?.string else {
      throw ClusterError("discovery of \(group)", .unreadable("it has no preferred version"))
    }
    discovery.keep(preferred: version, of: group)
    return version
  }

  /// Everything that the cluster serves besides the group without a name, preferred versions first;
  /// and why a group could not be asked, when one could not.
  private func readAll() async throws(ClusterError) -> ([APIResource], ClusterError?) {
    var request = HTTPRequest("/apis")
    request.accept = Self.aggregated
    let answer = try await ask("discovery", request)
    if answer["kind"] == "APIGroupDiscoveryList" {
      let all = Self.resources(inAggregated: answer)
      discovery.keep(all: all)
      return (all, nil)
    }
    let groups = answer["groups"]?.elements ?? []
    let preferred = groups.compactMap { $0["preferredVersion"]?["groupVersion"]?.string }
    let others = groups.flatMap { $0["versions"]?.elements ?? [] }.compactMap {
      $0["groupVersion"]?.string
    }.filter { !preferred.contains($0) }
    var failure: ClusterError?
    var all: [APIResource] = []
    let answers = await sideBySide(preferred + others) { version throws(ClusterError) in
      try await resources(ofVersion: version)
    }
    for answer in answers {
      switch answer {
      case .success(let resources): all += resources
      case .failure(let error) where error.isNotFound: break
      case .failure(let error): failure = error
      }
    }
    if failure == nil { discovery.keep(all: all) }
    return (all, failure)
  }

  /// One answer for all groups, from Kubernetes 1.26 on; else a list of them.
  private static let aggregated =
    ["v2", "v2beta1"].map {
      "application/json;g=apidiscovery.k8s.io;v=\($0);as=APIGroupDiscoveryList"
    }.joined(separator: ",") + ",application/json"

  /// Reads an `APIGroupDiscoveryList`.
  static func resources(inAggregated list: JSON) -> [APIResource] {
    var (preferred, others): ([APIResource], [APIResource]) = ([], [])
    for group in list["items"]?.elements ?? [] {
      let name = group["metadata"]?["name"]?.string ?? ""
      for (index, version) in (group["versions"]?.elements ?? []).enumerated() {
        let resources = (version["resources"]?.elements ?? []).compactMap { entry -> APIResource? in
          guard let plural = entry["resource"]?.string,
            let kind = entry["responseKind"]?["kind"]?.string
          else { return nil }
          return APIResource(
            group: name, version: version["version"]?.string ?? "", plural: plural, kind: kind,
            isNamespaced: entry["scope"] == "Namespaced")
        }
        if index == 0 { preferred += resources } else { others += resources }
      }
    }
    return preferred + others
  }

  /// Does some work for each of several things, all side by side.
  ///
  /// - Returns: what comes of each, in their order.
  package func sideBySide<Thing: Sendable, Value: Sendable>(
    _ things: [Thing], _ work: @Sendable (Thing) async throws(ClusterError) -> Value
  ) async -> [Result<Value, ClusterError>] {
    await withoutActuallyEscaping(work) { work in
      await withTaskGroup(of: (Int, Result<Value, ClusterError>).self) { group in
        for (index, thing) in things.enumerated() {
          group.addTask {
            (
              index,
              await Result(awaiting: { () async throws(ClusterError) in try await work(thing) })
            )
          }
        }
        var answers: [(index: Int, answer: Result<Value, ClusterError>)] = []
        for await (index, answer) in group { answers.append((index, answer)) }
        return answers.sorted { $0.index < $1.index }.map(\.answer)
      }
    }
  }
}
