package import MigratePlanning

extension Cluster {
  /// Makes an object; nothing is changed when it exists.
  ///
  /// - Returns: the object as the server has it.
  /// - Throws: ``ClusterError``; ``ClusterError/isAlreadyExists`` when it exists.
  package func create(
    _ object: JSON, dryRun: Bool = false, checksFields: Bool = false
  ) async throws(ClusterError) -> JSON {
    let resource = try await resource(of: object)
    return try await write(
      "create \(resource.kind)/\(object.objectName)", .post,
      resource.path(in: try await namespace(of: object, resource)), object,
      query: Self.managed + Self.validation(checksFields), dryRun: dryRun)
  }

  /// Puts an object in the place of the one that is there. With a `resourceVersion` in its metadata
  /// the server refuses when somebody changed it since.
  ///
  /// - Returns: the object as the server has it.
  /// - Throws: ``ClusterError``; ``ClusterError/isConflict`` when somebody was faster.
  package func replace(
    _ object: JSON, dryRun: Bool = false
  ) async throws(ClusterError) -> JSON {
    let resource = try await resource(of: object)
    let (name, namespace) = (object.objectName, try await namespace(of: object, resource))
    let action = "replace \(resource.kind)/\(name)"
    var object = object
    if object["metadata"]?["resourceVersion"] == nil {
      // Some kinds are replaced on no other terms; kubectl does the same.
      let live = try await ask(action, HTTPRequest(resource.path(name, in: namespace)))
      var (members, metadata) = (object.members, object["metadata"]?.members ?? [:])
      metadata["resourceVersion"] = live["metadata"]?["resourceVersion"]
      members["metadata"] = .object(metadata)
      object = .object(members)
    }
    return try await write(
      action, .put, resource.path(name, in: namespace), object,
      query: Self.managed + Self.validation(false), dryRun: dryRun)
  }

  /// The kinds of patches that the API server knows.
  package enum PatchType: String, Sendable {
    case json, merge, strategic
  }

  /// Changes an object.
  ///
  /// - Returns: the object as the server has it.
  /// - Throws: ``ClusterError``.
  package func patch(
    _ reference: ObjectReference, with patch: JSON, as type: PatchType = .json,
    dryRun: Bool = false, manager: String = fieldManager
  ) async throws(ClusterError) -> JSON {
    try Self.check(reference)
    let resource = try await resource(kind: reference.kind)
    let contentType =
      switch type {
      case .json: "application/json-patch+json"
      case .merge: "application/merge-patch+json"
      case .strategic: "application/strategic-merge-patch+json"
      }
    return try await write(
      "patch \(reference)", .patch,
      resource.path(reference.name, in: try await namespace(of: reference, resource)), patch,
      contentType: contentType, query: ["fieldManager=\(manager.urlEncoded)"], dryRun: dryRun)
  }

  /// Applies an object on the server, in the name of a field manager; forced, it takes over the
  /// fields of others.
  ///
  /// - Returns: the object as the server has it.
  /// - Throws: ``ClusterError``; ``ClusterError/fieldConflicts`` has whose fields are in the way.
  package func apply(
    _ object: JSON, manager: String, force: Bool, dryRun: Bool, checksFields: Bool = false
  ) async throws(ClusterError) -> JSON {
    let resource = try await resource(of: object)
    return try await write(
      "apply \(resource.kind)/\(object.objectName)", .patch,
      resource.path(object.objectName, in: try await namespace(of: object, resource)), object,
      contentType: "application/apply-patch+yaml",
      query: ["fieldManager=\(manager.urlEncoded)", "force=\(force)"]
        + Self.validation(checksFields), dryRun: dryRun)
  }

  private func write(
    _ action: String, _ method: HTTPRequest.Method, _ path: String, _ body: JSON,
    contentType: String = "application/json", query: [String], dryRun: Bool
  ) async throws(ClusterError) -> JSON {
    let query = (query + (dryRun ? ["dryRun=All"] : [])).joined(separator: "&")
    return try await ask(
      action,
      HTTPRequest(
        method, path + (query.isEmpty ? "" : "?" + query), contentType: contentType,
        // What is applied is read as YAML.
        body: Array(body.valuesText.utf8), isQuestion: dryRun))
  }

  private static let managed = ["fieldManager=\(fieldManager)"]

  /// Whether the server looks for fields that it does not know, from Kubernetes 1.25 on; before, it
  /// takes no notice of this.
  private static func validation(_ checksFields: Bool) -> [String] {
    ["fieldValidation=" + (checksFields ? "Strict" : "Ignore")]
  }

  // MARK: Questions

  /// What the API server says to a write that changes nothing.
  package enum Reply: Hashable, Sendable {
    /// It takes it, and the object is so then.
    case taken(JSON)
    case refused(ClusterError)
  }

  /// What the API server makes of an object that does not exist yet; nothing is changed.
  ///
  /// - Throws: ``ClusterError`` when the cluster cannot be asked.
  package func replyToCreate(
    _ object: JSON, checksFields: Bool
  ) async throws(ClusterError) -> Reply {
    try await reply { () throws(ClusterError) in
      try await create(object, dryRun: true, checksFields: checksFields)
    }
  }

  /// What the API server makes of a JSON patch; nothing is changed.
  ///
  /// - Throws: ``ClusterError`` when the cluster cannot be asked.
  package func replyToPatch(
    _ object: JSON, _ patch: JSON
  ) async throws(ClusterError) -> Reply {
    try await reply { () throws(ClusterError) in
      let resource = try await resource(of: object)
      return try await write(
        "patch \(resource.kind)/\(object.objectName)", .patch,
        resource.path(object.objectName, in: try await namespace(of: object, resource)), patch,
        contentType: "application/json-patch+json", query: Self.managed, dryRun: true)
    }
  }

  /// What the API server makes of helm's applying an object on the server, and of its taking fields
  /// of others over where it is forced; nothing is changed.
  ///
  /// - Throws: ``ClusterError`` when the cluster cannot be asked.
  package func replyToApply(
    _ object: JSON, force: Bool = false, checksFields: Bool
  ) async throws(ClusterError) -> Reply {
    try await reply { () throws(ClusterError) in
      try await apply(
        object, manager: "helm", force: force, dryRun: true, checksFields: checksFields)
    }
  }

  private func reply(
    _ work: () async throws(ClusterError) -> JSON
  ) async throws(ClusterError) -> Reply {
    do {
      return .taken(try await work())
    } catch  where error.isRefusal || error.isNotServed {
      return .refused(error)
    }
  }

  // MARK: Deleting

  /// What becomes of the objects that a deleted one owns.
  package enum Propagation: String, Sendable {
    /// They go first, and the owner stays until they are gone.
    case foreground = "Foreground"
    /// They go afterwards.
    case background = "Background"
    /// They stay.
    case orphan = "Orphan"
  }

  /// Deletes an object and what it owns, and waits until all of it is gone; one that is not there
  /// is as good.
  ///
  /// - Throws: ``ClusterError``, also when it is not gone after the timeout, in seconds.
  package func delete(_ reference: ObjectReference, timeout: Int) async throws(ClusterError) {
    try Self.check(reference)
    let resource = try await resource(kind: reference.kind)
    let namespace = try await namespace(of: reference, resource)
    guard let answer = try await delete(resource, reference.name, in: namespace, .foreground)
    else { return }
    // A Status names what was deleted in its details, an object that waits is answered as it is.
    let uid = answer["metadata"]?["uid"]?.string ?? answer["details"]?["uid"]?.string
    try await waitUntilGone(resource, reference.name, in: namespace, uid: uid, timeout: timeout)
  }

  /// Deletes an object that owns nothing and that nobody waits for.
  ///
  /// - Throws: ``ClusterError``.
  package func remove(
    _ reference: ObjectReference, dryRun: Bool = false
  ) async throws(ClusterError) {
    try Self.check(reference)
    let resource = try await resource(kind: reference.kind)
    _ = try await delete(
      resource, reference.name, in: try await namespace(of: reference, resource), .background,
      dryRun: dryRun)
  }

  /// - Returns: nil when it was not there.
  private func delete(
    _ resource: APIResource, _ name: String, in namespace: String?, _ propagation: Propagation,
    dryRun: Bool = false
  ) async throws(ClusterError) -> JSON? {
    var options: [String: JSON] = [
      "apiVersion": "v1", "kind": "DeleteOptions",
      "propagationPolicy": .string(propagation.rawValue),
    ]
    // Beside options in the body, the server takes no notice of a query, and would delete.
    if dryRun { options["dryRun"] = ["All"] }
    do {
      return try await ask(
        "delete \(resource.kind)/\(name)",
        HTTPRequest(
          .delete, resource.path(name, in: namespace), contentType: "application/json",
          body: Array(JSON.object(options).canonical.utf8), isQuestion: dryRun))
    } catch  where error.isNotFound {
      return nil
    }
  }
}
