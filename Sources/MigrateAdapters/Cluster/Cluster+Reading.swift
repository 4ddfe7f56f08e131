package import MigratePlanning

extension Cluster {
  /// What is known of one object.
  package enum Look: Hashable, Sendable {
    case live(JSON)
    case absent
    /// The cluster has no such kind of objects.
    case notServed
    /// It may not be read, or the API server refused for another reason.
    case hidden(ClusterError)
  }

  /// An object of the namespace, with its field managers; nil when it is not there.
  ///
  /// - Throws: ``ClusterError``; ``ClusterError/isNotServed`` where the cluster has no such kind.
  package func get(_ reference: ObjectReference) async throws(ClusterError) -> JSON? {
    try Self.check(reference)
    let resource = try await resource(kind: reference.kind)
    return try await get(
      resource, reference.name, in: try await namespace(of: reference, resource))
  }

  /// An object by its kind as it is served; nil when it is not there.
  ///
  /// - Throws: ``ClusterError``.
  package func get(
    _ resource: APIResource, _ name: String, in namespace: String?
  ) async throws(ClusterError) -> JSON? {
    do {
      return try await ask(
        "get \(resource.kind)/\(name)", HTTPRequest(resource.path(name, in: namespace)))
    } catch  where error.isNotFound {
      // Of an object that is not there, the API server repeats the name; else the kind is not there
      // any more.
      guard error.refusal?.name != nil else {
        throw ClusterError(
          error.action, .notServed(kind: resource.kind, apiVersion: resource.apiVersion))
      }
      return nil
    }
  }

  /// What is known of each of some objects, by their kinds and names, all side by side.
  ///
  /// - Throws: ``ClusterError`` when the cluster cannot be asked.
  package func look(for objects: [JSON]) async throws(ClusterError) -> [Look] {
    let answers = await sideBySide(objects) { object throws(ClusterError) in
      let resource = try await resource(of: object)
      return try await get(
        resource, object.objectName, in: try await namespace(of: object, resource))
    }
    var looks: [Look] = []
    for answer in answers {
      switch answer {
      case .success(let object): looks.append(object.map(Look.live) ?? .absent)
      case .failure(let error) where error.isNotServed: looks.append(.notServed)
      case .failure(let error) where error.isRefusal: looks.append(.hidden(error))
      case .failure(let error): throw error
      }
    }
    return looks
  }

  /// An object whose kind is not served in its own version, as the cluster has it in another one;
  /// nil when it is not there, may not be read, or is of a kind that Kubernetes does not bring
  /// along: one of the same name in another group is another kind then.
  ///
  /// - Throws: ``ClusterError`` when the cluster cannot be asked.
  func inServedVersion(_ object: JSON) async throws(ClusterError) -> JSON? {
    guard object.isBuiltInKind, let kind = object["kind"]?.string else { return nil }
    do {
      let resource = try await resource(kind: kind)
      guard JSON.object(["apiVersion": .string(resource.apiVersion)]).isBuiltInKind else {
        return nil
      }
      return try await get(
        resource, object.objectName, in: try await namespace(of: object, resource))
    } catch  where error.isRefusal || error.isNotServed {
      return nil
    }
  }

  /// The live ones among objects, by kind and name, with their field managers.
  ///
  /// - Throws: ``ClusterError``, also where one may not be read or its kind is not served.
  package func get(_ objects: [JSON]) async throws(ClusterError) -> Objects {
    Objects(try Self.live(among: try await look(for: objects)[...], of: objects))
  }

  /// The live ones among objects that were looked for.
  ///
  /// - Throws: ``ClusterError``, also where one may not be read or its kind is not served.
  static func live(
    among looks: ArraySlice<Look>, of objects: [JSON]
  ) throws(ClusterError) -> [JSON] {
    var live: [JSON] = []
    for (object, look) in zip(objects, looks) {
      switch look {
      case .live(let found): live.append(found)
      case .absent: break
      case .notServed:
        throw ClusterError(
          "get",
          .notServed(
            kind: object["kind"]?.string ?? "", apiVersion: object["apiVersion"]?.string))
      case .hidden(let error): throw error
      }
    }
    return live
  }

  /// The live objects that manifests name, with their field managers.
  ///
  /// - Throws: ``ClusterError``.
  package func get(manifests: [String]) async throws(ClusterError) -> Objects {
    var objects: [JSON] = []
    for manifest in manifests {
      do {
        objects += try YAMLReader(duplicateKeys: .lastWins).manifestDocuments(manifest)
      } catch {
        throw ClusterError("get", .unreadable(error.description))
      }
    }
    return try await get(Objects(objects).all)
  }

  /// Which objects of a kind are meant.
  package struct Selection: Sendable {
    package var labels: String?
    package var fields: String?
    /// Whether those of all namespaces are.
    package var isEverywhere: Bool

    package init(labels: String? = nil, fields: String? = nil, isEverywhere: Bool = false) {
      self.labels = labels
      self.fields = fields
      self.isEverywhere = isEverywhere
    }

    var query: [String] {
      [("labelSelector", labels), ("fieldSelector", fields)].compactMap { name, value in
        value.map { "\(name)=\($0.urlEncoded)" }
      }
    }
  }

  /// Objects of a kind, such as `deployments.apps`, with their field managers.
  ///
  /// - Throws: ``ClusterError``; ``ClusterError/isNotServed`` where the cluster has no such kind.
  package func list(
    _ plural: String, _ selection: Selection = Selection()
  ) async throws(ClusterError) -> Objects {
    let resource = try await resource(plural: plural)
    return Objects(try await list(resource, selection).items)
  }

  /// Objects of a kind, page by page, and the version of the whole.
  ///
  /// - Throws: ``ClusterError``.
  package func list(
    _ resource: APIResource, _ selection: Selection = Selection(), pageSize: Int = 500,
    isMetadataOnly: Bool = false
  ) async throws(ClusterError) -> (items: [JSON], resourceVersion: String) {
    let namespace =
      selection.isEverywhere || !resource.isNamespaced ? nil : try await namespace()
    let action = "list \(resource.plural)"
    var (items, next): ([JSON], String?) = ([], nil)
    var limit: Int? = pageSize
    while true {
      var query = selection.query
      if let limit { query.append("limit=\(limit)") }
      if let next { query.append("continue=\(next.urlEncoded)") }
      var request = HTTPRequest(
        resource.path(in: namespace) + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
      if isMetadataOnly { request.accept = Self.metadataOnly }
      let page: JSON
      do {
        page = try await ask(action, request)
      } catch  where error.isExpired && next != nil {
        // It took so long that the rest of the list is gone: all of it at once.
        (items, next, limit) = ([], nil, nil)
        continue
      } catch  where error.isNotFound {
        throw ClusterError(
          action, .notServed(kind: resource.kind, apiVersion: resource.apiVersion))
      }
      items += (page["items"]?.elements ?? []).map { item in
        // In a list, the API server leaves out what the list says.
        var members = item.members
        members["kind"] = .string(resource.kind)
        members["apiVersion"] = .string(resource.apiVersion)
        return .object(members)
      }
      guard let token = page["metadata"]?["continue"]?.string, !token.isEmpty else {
        return (items, page["metadata"]?["resourceVersion"]?.string ?? "")
      }
      next = token
    }
  }

  private static let metadataOnly =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

  /// The RoleBindings of the namespace and all ClusterRoleBindings.
  ///
  /// - Throws: ``ClusterError``.
  package func roleBindings() async throws(ClusterError) -> Objects {
    let words = ["rolebindings", "clusterrolebindings"].map { $0 + ".rbac.authorization.k8s.io" }
    var objects: [JSON] = []
    for word in words { objects += try await list(word).all }
    return Objects(objects)
  }

  /// All objects of a kind in the namespace, or in the cluster where the kind has none.
  ///
  /// - Returns: the objects, or why they could not be read.
  /// - Throws: ``ClusterError`` when the cluster cannot be asked.
  package func all(
    of kind: Neighbour
  ) async throws(ClusterError) -> (Objects, unread: ClusterError?) {
    do {
      return (try await list(kind.resource), nil)
    } catch  where error.isRefusal || error.isNotServed {
      return (Objects([]), error)
    }
  }

  /// The keys of a ConfigMap or Secret. Its values are dropped here.
  ///
  /// - Throws: ``ClusterError`` when the cluster cannot be asked; what may not be read is an
  /// answer.
  package func keys(
    of source: EnvironmentSource.Identity
  ) async throws(ClusterError) -> SourceContent {
    // Kubernetes takes any text where a Pod names its sources.
    guard source.name.isObjectName else { return .missing }
    do {
      let found = try await get(ObjectReference(kind: source.kind.rawValue, name: source.name))
      return found.map { .keys(($0["data"]?.members.keys).map { $0.sorted() } ?? []) } ?? .missing
    } catch  where error.isRefusal {
      return .unreadable(error.clientWords)
    }
  }

  /// The API server's version without the leading `v`.
  ///
  /// - Throws: ``ClusterError``.
  package func serverVersion() async throws(ClusterError) -> String {
    guard let version = try await ask("version", HTTPRequest("/version"))["gitVersion"]?.string
    else { throw ClusterError("version", .unreadable("gitVersion is missing")) }
    return String(version.trimmingPrefix("v"))
  }

  /// The phase of a namespace, such as `Active`.
  ///
  /// - Throws: ``ClusterError``, also when it is not there.
  package func phase(ofNamespace name: String) async throws(ClusterError) -> String {
    let namespace = try await ask(
      "get Namespace/\(name)", HTTPRequest("/api/v1/namespaces/\(name.urlEncoded)"))
    return namespace["status"]?["phase"]?.string ?? ""
  }

  /// The backups of a release. What is in them stays in the cluster: only metadata is asked for.
  ///
  /// - Throws: ``ClusterError``.
  package func backups(
    of release: String
  ) async throws(ClusterError) -> [Surroundings.KeptBackup] {
    let (items, _) = try await list(
      .secrets, Selection(labels: "\(BackupLabels.release)=\(release)"), isMetadataOnly: true)
    var backups: [Surroundings.KeptBackup] = []
    for metadata in items.compactMap({ $0["metadata"] }) {
      guard let run = metadata["labels"]?[BackupLabels.run]?.string else { continue }
      func annotation(_ name: String) -> String? {
        metadata["annotations"]?["backbone-migrate/\(name)"]?.string
      }
      if let index = backups.firstIndex(where: { $0.run == run }) {
        backups[index].parts += 1
      } else {
        backups.append(
          Surroundings.KeptBackup(
            run: run, createdAt: DocumentTime(text: annotation("created-at") ?? ""), parts: 1,
            expectedParts: annotation("parts").flatMap { Int($0) } ?? 1))
      }
    }
    return backups
  }

  /// The lock of a release; nil when no run ever took it.
  ///
  /// - Throws: ``ClusterError``.
  func lock(of release: String) async throws(ClusterError) -> ReleaseLock? {
    try await get(ObjectReference(kind: "Lease", name: ReleaseLock.name(of: release)))
      .flatMap(ReleaseLock.init(lease:))
  }

  /// Which of some permissions the user has, asked side by side. Everybody may ask about
  /// themselves; nothing is changed.
  ///
  /// - Throws: ``ClusterError`` when the API server does not say so of every one.
  package func granted(
    _ permissions: [Permission]
  ) async throws(ClusterError) -> [Permission: Bool] {
    let answers = await sideBySide(permissions) { permission throws(ClusterError) in
      try await ask(
        "ask about \(permission)",
        HTTPRequest(
          .post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
          contentType: "application/json", body: Array(permission.review.canonical.utf8),
          isQuestion: true))
    }
    var granted: [Permission: Bool] = [:]
    for (permission, answer) in zip(permissions, answers) {
      granted[permission] = try answer.get()["status"]?["allowed"]?.bool ?? false
    }
    return granted
  }

  // MARK: Where an object is

  /// The kind of objects that an object is of.
  func resource(of object: JSON) async throws(ClusterError) -> APIResource {
    guard let kind = object["kind"]?.string, let version = object["apiVersion"]?.string else {
      throw ClusterError("discovery", .noName("\(object["kind"]?.string ?? "")"))
    }
    guard object.objectName.isObjectName else {
      throw ClusterError("discovery", .noName("\(kind)/\(object.objectName)"))
    }
    return try await resource(kind: kind, apiVersion: version)
  }

  func namespace(
    of object: JSON, _ resource: APIResource
  ) async throws(ClusterError) -> String? {
    guard resource.isNamespaced else { return nil }
    if let namespace = object["metadata"]?["namespace"]?.string { return namespace }
    return try await namespace()
  }

  func namespace(
    of reference: ObjectReference, _ resource: APIResource
  ) async throws(ClusterError) -> String? {
    guard resource.isNamespaced else { return nil }
    if let namespace = reference.namespace { return namespace }
    return try await namespace()
  }

  /// Refuses what no object can be called; nothing is asked then.
  static func check(_ reference: ObjectReference) throws(ClusterError) {
    guard reference.kind.wholeMatch(of: /[A-Za-z][A-Za-z0-9]*/) != nil, reference.name.isObjectName
    else { throw ClusterError("get", .noName("\(reference)")) }
  }
}

extension JSON {
  /// What names a Kubernetes object and nothing of what it holds.
  package var identity: JSON {
    var metadata: [String: JSON] = ["name": self["metadata"]?["name"] ?? .null]
    metadata["namespace"] = self["metadata"]?["namespace"]
    return [
      "apiVersion": self["apiVersion"] ?? .null, "kind": self["kind"] ?? .null,
      "metadata": .object(metadata),
    ]
  }
}

extension String {
  /// Whether an object of Kubernetes can be called so, as far as a path has to know: one segment
  /// of it, and no other.
  var isObjectName: Bool {
    let isPlain = unicodeScalars.allSatisfy { scalar in
      (0x21...0x7E).contains(scalar.value) && !"/,%".unicodeScalars.contains(scalar)
    }
    return !isEmpty && isPlain && !hasPrefix("-")
  }
}
