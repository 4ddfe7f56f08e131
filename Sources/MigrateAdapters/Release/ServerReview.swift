package import MigratePlanning

/// Asks the API server about rendered objects, by dry runs that change nothing.
package struct ServerReview: Sendable {
  private let cluster: Cluster
  private let kubectl: Kubectl
  private let checksFields: Bool

  /// Takes the cluster at the release's namespace, and whether fields are looked for that
  /// Kubernetes does not know, as helm does. What Kubernetes itself cannot tell of those before
  /// 1.25, kubectl is asked.
  package init(cluster: Cluster, kubectl: Kubectl, checksFields: Bool) {
    self.cluster = cluster
    self.kubectl = kubectl
    self.checksFields = checksFields
  }

  /// Asks, all questions side by side: whether the server takes the new objects, or has them
  /// already, whether it takes the Deployment's new Pod template, and, for a release that helm
  /// applies on the server, who owns fields that would change.
  ///
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func answers(to comparison: Comparison) async throws(ClientError) -> ServerAnswers {
    let fields = checksFields ? try await unknownFields(comparison) : []
    let answers = try await cluster.asked { cluster throws(ClusterError) in
      try await self.answers(of: cluster, to: comparison)
    }
    return answers.rejecting(fields)
  }

  private func answers(
    of cluster: Cluster, to comparison: Comparison
  ) async throws(ClusterError) -> ServerAnswers {
    let snapshot = comparison.situation.snapshot
    // Asked along with what is written: what plain helm would create.
    let (writes, avoided) = (comparison.writes, comparison.avoided)
    async let pendingReplies = replies(to: writes, of: comparison)
    async let pendingCreations = Result(awaiting: { () async throws(ClusterError) in
      try await self.existing(among: avoided)
    })
    async let pendingWayBack = Result(awaiting: { () async throws(ClusterError) in
      try await self.wayBack(comparison, writes)
    })
    async let startUp = startUpSeconds(comparison)
    async let sourceKeys = Result(awaiting: { () async throws(ClusterError) in
      try await self.sourceKeys(comparison.newSecrets)
    })
    async let neighbours = Result(awaiting: { () async throws(ClusterError) in
      try await self.neighbours(comparison)
    })

    var rejections: [ServerAnswers.Rejection] = []
    var (notTaken, notApplied) = (Unheard(), Unheard())
    var unaskedWebhooks: [String: [ObjectReference]] = [:]
    var (taken, planned): ([JSON], Set<ObjectReference>) = ([], [])
    var predicted: [ObjectReference: JSON] = [:]
    var conflicts = ConflictsOfOwners()
    for (write, reply) in zip(writes, try await pendingReplies.get()) {
      conflicts.add(reply.conflicts, of: write.reference)
      if let permission = reply.unheard { notApplied.add(write.reference, permission) }
      if write.manner == .create { planned.insert(write.reference) }
      switch reply.rest {
      case .taken(let object): predicted[write.reference] = object
      case .refused(let refusal) where refusal.isAlreadyExists: taken.append(write.object)
      case .refused(let refusal):
        if let permission = refusal.missingPermission {
          notTaken.add(write.reference, permission)
          if write.manner == .create { taken.append(write.object) }
        } else if let webhook = refusal.webhookWithoutDryRuns {
          unaskedWebhooks[webhook, default: []].append(write.reference)
          if write.manner == .create { taken.append(write.object) }
        } else {
          rejections.append(
            .init(
              object: write.reference, reason: refusal.clientWords,
              unservedVersion: refusal.isNotServed ? write.object["apiVersion"]?.string : nil))
        }
      }
    }
    let namespace = snapshot.release.namespace
    let (existing, unseen) = try await lookUp(taken + (try await pendingCreations.get()))
    func isPlanned(_ object: JSON) -> Bool {
      planned.contains(object.objectReference(defaultNamespace: namespace))
    }
    let keys = try await sourceKeys.get()
    let found = try await neighbours.get()
    let wayBack = try await pendingWayBack.get()
    for (webhook, objects) in wayBack.webhooks {
      unaskedWebhooks[webhook, default: []] += objects.filter {
        !(unaskedWebhooks[webhook] ?? []).contains($0)
      }
    }
    let unasked =
      [unseen].compactMap { $0 } + conflicts.unnamed + Self.unreadable(keys)
      + [
        notTaken.unchecked(.serverRejects, "the API server did not say whether it takes"),
        notApplied.unchecked(.fieldConflict, "the API server did not say who owns fields of"),
        wayBack.unheard.unchecked(
          .noWayBack, "the API server did not say whether it would take back"),
      ].compactMap { $0 }
      + unaskedWebhooks.sorted { $0.key < $1.key }.map { webhook, objects in
        Unchecked(
          code: FindingCode.serverRejects.rawValue,
          reason: "admission webhook \"\(webhook)\" answers no dry runs, so the API server did not "
            + "say what becomes of \(objects.map(\.description).joined(separator: ", ")), nor "
            + "whether it would take them back")
      }
    return ServerAnswers(
      existing: Objects(existing.filter(isPlanned)),
      avoided: Objects(existing.filter { !isPlanned($0) }),
      conflicts: conflicts.all, rejections: rejections, unasked: unasked,
      neighbours: Objects(found.flatMap(\.objects.all)),
      unread: Dictionary(
        found.compactMap { kind, _, unread in unread.map { (kind, $0) } },
        uniquingKeysWith: { first, _ in first }),
      sourceKeys: keys, startUpSeconds: await startUp, predicted: predicted,
      wayBack: wayBack.rejections, backAgain: wayBack.taken,
      mutators: await mutators(of: writes, predicted, in: snapshot.namespace))
  }

  // MARK: The way back

  /// What the API server says to the objects of now, which a rollback puts back.
  private struct WayBack {
    var rejections: [ServerAnswers.Rejection] = []
    var unheard = Unheard()
    var taken: [ObjectReference: JSON] = [:]
    /// The objects of which a webhook that answers no dry runs kept the server from saying what.
    var webhooks: [String: [ObjectReference]] = [:]
  }

  /// Asks for every object that an apply changes or deletes: for one that stays in its place by a
  /// patch that changes nothing, for the others by making them under their own names, to which the
  /// server says that they exist already when it has nothing else against them.
  private func wayBack(
    _ comparison: Comparison, _ writes: [ObjectWrite]
  ) async throws(ClusterError) -> WayBack {
    let snapshot = comparison.situation.snapshot
    let namespace = snapshot.release.namespace
    let written = Dictionary(
      writes.map { ($0.reference, $0) }, uniquingKeysWith: { first, _ in first })
    let objects = snapshot.live.all.filter { object in
      let write = written[object.objectReference(defaultNamespace: namespace)]
      return object["kind"] != "PersistentVolumeClaim"
        && !(write?.manner == .change && write?.patch == [])
    }
    let replies = await cluster.sideBySide(objects) { object throws(ClusterError) in
      let write = written[object.objectReference(defaultNamespace: namespace)]
      return write.map { $0.manner == .create } ?? true
        ? try await cluster.replyToCreate(
          object.content.asAsked(insteadOf: nil), checksFields: false)
        : try await cluster.replyToPatch(
          object,
          [["op": "test", "path": "/metadata/name", "value": .string(object.objectName)]])
    }
    var way = WayBack()
    for (object, reply) in zip(objects, replies) {
      let reference = object.objectReference(defaultNamespace: namespace)
      switch try reply.get() {
      case .taken(let answer): way.taken[reference] = answer
      // Somebody may have changed it at this moment, and what is gone by now nobody can ask for.
      case .refused(let refusal) where refusal.isAlreadyExists || refusal.isConflict: break
      case .refused(let refusal) where refusal.isNotFound || refusal.isQuotaExceeded: break
      case .refused(let refusal):
        if let permission = refusal.missingPermission {
          way.unheard.add(reference, permission)
        } else if let webhook = refusal.webhookWithoutDryRuns {
          way.webhooks[webhook, default: []].append(reference)
        } else {
          way.rejections.append(.init(object: reference, reason: refusal.clientWords))
        }
      }
    }
    return way
  }

  /// What may have changed objects on their way, where they came out otherwise than they were sent;
  /// usually nobody has to be asked.
  private func mutators(
    of writes: [ObjectWrite], _ predicted: [ObjectReference: JSON], in namespace: JSON?
  ) async -> [String] {
    let changed = writes.filter { write in
      predicted[write.reference].map {
        !FieldCoverage.changes(onTheWayOf: write.object, to: $0).isEmpty
      } ?? false
    }.map(\.object)
    guard !changed.isEmpty else { return [] }
    var names: [String] = []
    for (kind, plural) in Mutators.kinds {
      // Who may not list them, or whose cluster has none of the kind, is told of the change alone.
      guard let all = try? await cluster.list(plural) else { continue }
      names += all.all.filter { mutator in
        changed.contains { Mutators.looks(mutator, at: $0, in: namespace) }
      }.map { "\(kind)/\($0.objectName)" }
    }
    return names
  }

  // MARK: What is written

  /// What the API server says to a write: whose fields are in the way, and what it says beside
  /// that.
  private struct WriteReply: Sendable {
    var conflicts: FieldsInConflict.Found?
    /// The permission without which it did not say whose fields are in the way; nil where it did.
    var unheard: String?
    var rest: Cluster.Reply
  }

  /// Puts all writes to the API server side by side.
  private func replies(
    to writes: [ObjectWrite], of comparison: Comparison
  ) async -> Result<[WriteReply], ClusterError> {
    let answers = await cluster.sideBySide(writes) { write throws(ClusterError) in
      try await reply(to: write, of: comparison)
    }
    return await Result(awaiting: { () throws(ClusterError) in
      var replies: [WriteReply] = []
      for answer in answers { replies.append(try answer.get()) }
      return replies
    })
  }

  private func reply(
    to write: ObjectWrite, of comparison: Comparison
  ) async throws(ClusterError) -> WriteReply {
    switch write.manner {
    case .create:
      // The name of a Deployment that is made anew in its place is taken until the old one is gone.
      let takesPlace =
        write.reference == comparison.situation.subject && comparison.replacesWorkload
      let reply = try await cluster.replyToCreate(
        takesPlace ? comparison.deploymentCopy : write.object, checksFields: checksFields)
      return WriteReply(rest: reply.renaming(to: write.reference.name))
    case .change:
      var reply = WriteReply(rest: .taken(write.object))
      if comparison.isAppliedOnServer,
        let rendered = comparison.rendered.object(
          write.reference, in: comparison.situation.snapshot.release.namespace)
      {
        let owners = try await replyToApply(rendered, live: write.live ?? .null)
        (reply.conflicts, reply.unheard) = (owners.conflicts, owners.unheard)
      }
      guard write.patch != [] else { return reply }
      reply.rest = try await cluster.replyToPatch(write.object, write.patch)
      return reply
    case .apply:
      var reply = try await replyToApply(write.object, live: write.live ?? .null)
      // The server checks an object only when no field of it is in conflict.
      if reply.conflicts != nil {
        reply.rest = try await cluster.replyToApply(
          write.object, force: true, checksFields: checksFields)
      }
      return reply
    }
  }

  /// What the server says to helm's applying an object.
  private func replyToApply(_ object: JSON, live: JSON) async throws(ClusterError) -> WriteReply {
    let reply = try await cluster.replyToApply(object, checksFields: checksFields)
    guard case .refused(let refusal) = reply else { return WriteReply(rest: reply) }
    let found = FieldsInConflict.found(refusal.fieldConflicts, of: object, live: live)
    return WriteReply(
      conflicts: found.all.isEmpty ? nil : found, unheard: refusal.missingPermission, rest: reply)
  }

  /// Those of some objects that exist already, or of which that was not told.
  private func existing(among objects: [JSON]) async throws(ClusterError) -> [JSON] {
    let replies = await cluster.sideBySide(objects) { object throws(ClusterError) in
      try await cluster.replyToCreate(object, checksFields: checksFields)
    }
    var existing: [JSON] = []
    for (object, reply) in zip(objects, replies) {
      if case .refused(let refusal) = try reply.get(), refusal.isAlreadyExists {
        existing.append(object)
      }
    }
    return existing
  }

  /// The objects beside the release that what changes bears on; usually there are none to read.
  private func neighbours(
    _ comparison: Comparison
  ) async throws(ClusterError) -> [(kind: Neighbour, objects: Objects, unread: String?)] {
    var found: [(kind: Neighbour, objects: Objects, unread: String?)] = []
    for kind in Neighbour.allCases where comparison.neighboursThatMatter.contains(kind) {
      let (objects, unread) = try await cluster.all(of: kind)
      found.append((kind, objects, unread?.clientWords))
    }
    return found
  }

  /// The keys of Secrets; usually there are none to read.
  private func sourceKeys(
    _ secrets: [EnvironmentSource.Identity]
  ) async throws(ClusterError) -> SourceKeys {
    var keys: SourceKeys = [:]
    for secret in secrets { keys[secret] = try await cluster.keys(of: secret) }
    return keys
  }

  /// What stays open because Secrets that are referred to anew may not be read.
  static func unreadable(_ keys: SourceKeys) -> [Unchecked] {
    keys.sorted { $0.key.name < $1.key.name }.compactMap { source, content in
      guard case .unreadable(let reason) = content else { return nil }
      return Unchecked(
        code: FindingCode.variableReadFromSecret.rawValue,
        reason: "whether Secret \"\(source.name)\" has the key that is read from it could not be "
          + "seen: \(reason)")
    }
  }

  /// How long the running Pod took from its beginning until it was ready, in seconds; nil where it
  /// does not matter, or cannot be told.
  private func startUpSeconds(_ comparison: Comparison) async -> Int? {
    guard
      comparison.interruption.leavesNoBroker || comparison.introducesLivenessProbe
    else { return nil }
    let selector = Deployment(comparison.situation.live.deployment).labelSelector
    guard !selector.isEmpty,
      let pods = try? await cluster.list("pods", Cluster.Selection(labels: selector))
    else { return nil }
    return pods.all.compactMap(\.startUpSeconds).max()
  }

  /// Reads those objects that exist already, to see whose they are; and what stays open where they
  /// cannot be read.
  private func lookUp(
    _ taken: [JSON]
  ) async throws(ClusterError) -> (existing: [JSON], unseen: Unchecked?) {
    guard !taken.isEmpty else { return ([], nil) }
    do {
      return (try await cluster.get(taken).all, nil)
    } catch  where error.isRefusal || error.isNotServed {
      return (
        [],
        Unchecked(
          code: FindingCode.objectUnowned.rawValue,
          reason: "whether objects that the upgrade creates exist already, and whose they are, "
            + "could not be read: \(error.clientWords)")
      )
    }
  }

  // MARK: Fields, before Kubernetes 1.25

  /// The objects with fields that Kubernetes does not know, where the server takes no notice of
  /// them: kubectl is asked, all at once, and one by one only when it finds any.
  private func unknownFields(
    _ comparison: Comparison
  ) async throws(ClientError) -> [ServerAnswers.Rejection] {
    let version = try await cluster.asked { cluster throws(ClusterError) in
      try await cluster.serverVersion()
    }
    let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
    guard numbers.count == 2, numbers[0] == 1, numbers[1] < 25 else { return [] }
    let objects = comparison.writes.filter { $0.manner != .change }.map(\.object)
    guard !objects.isEmpty, try await kubectl.unknownFields(in: objects) != nil else { return [] }
    var rejections: [ServerAnswers.Rejection] = []
    for object in objects {
      guard let words = try await kubectl.unknownFields(in: [object]) else { continue }
      rejections.append(
        .init(
          object: object.objectReference(
            defaultNamespace: comparison.situation.snapshot.release.namespace),
          reason: words))
    }
    return rejections
  }
}

extension ServerAnswers {
  /// With further objects that would be rejected.
  fileprivate func rejecting(_ further: [Rejection]) -> ServerAnswers {
    var answers = self
    for rejection in further
    where !answers.rejections.contains(where: { $0.object == rejection.object }) {
      answers.rejections.append(rejection)
    }
    return answers
  }
}

extension Comparison {
  /// The new Deployment under another name: its own is taken until the old one is gone.
  fileprivate var deploymentCopy: JSON {
    target.deployment.replacing(["metadata", "name"], with: .string("\(target.name)-dry-run"))
  }
}

extension Cluster.Reply {
  /// The same of an object that goes by its own name.
  fileprivate func renaming(to name: String) -> Cluster.Reply {
    guard case .taken(let object) = self else { return self }
    return .taken(object.replacing(["metadata", "name"], with: .string(name)))
  }
}

/// The fields that others own and helm would change, of all objects.
private struct ConflictsOfOwners {
  var all: [ServerAnswers.FieldConflict] = []
  var unnamed: [Unchecked] = []

  mutating func add(_ found: FieldsInConflict.Found?, of reference: ObjectReference) {
    guard let found else { return }
    all += found.all.map { .init(object: reference, manager: $0.manager, field: $0.field) }
    guard found.unnamed > 0 else { return }
    unnamed.append(
      Unchecked(
        code: FindingCode.fieldConflict.rawValue,
        reason:
          "\(found.unnamed) more of \(reference)'s fields belong to others, and the API "
          + "server does not say which"))
  }
}

/// Objects of which the API server did not say what it thinks, because the user may not write them.
private struct Unheard {
  private var objects: [String] = []
  private var permissions: [String] = []

  mutating func add(_ object: ObjectReference, _ permission: String) {
    if !objects.contains("\(object)") { objects.append("\(object)") }
    if !permissions.contains(permission) { permissions.append(permission) }
  }

  /// What stays open because of that; nil when nothing does.
  func unchecked(_ code: FindingCode, _ what: String) -> Unchecked? {
    guard !objects.isEmpty else { return nil }
    return Unchecked(
      code: code.rawValue,
      reason: "\(what) \(objects.joined(separator: ", ")), since the user may not "
        + "\(permissions.joined(separator: ", ")); plan as a user who may")
  }
}
