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
    let created = comparison.createdObjects
    // Asked along with them: what plain helm would create.
    let avoided = comparison.avoided
    async let creations = refusalsToCreate(created + avoided)
    async let patch = Result(awaiting: { () async throws(ClusterError) in
      try await self.refusalToPatch(comparison)
    })
    let applied = comparison.appliedObjects
    async let startUp = startUpSeconds(comparison)
    async let sourceKeys = Result(awaiting: { () async throws(ClusterError) in
      try await self.sourceKeys(comparison.newSecrets)
    })
    async let neighbours = Result(awaiting: { () async throws(ClusterError) in
      try await self.neighbours(comparison)
    })
    async let applications = refusals(of: applied) { object throws(ClusterError) in
      try await refusalToApply(object, live: snapshot.live)
    }

    var rejections: [ServerAnswers.Rejection] = []
    var (notTaken, notApplied) = (Unheard(), Unheard())
    let namespace = snapshot.release.namespace
    var taken: [JSON] = []
    for (object, refusal) in try await creations.get() {
      let reference = object.objectReference(defaultNamespace: namespace)
      if refusal.isAlreadyExists {
        taken.append(object)
      } else if avoided.contains(object) {
        continue
      } else if let permission = refusal.missingPermission {
        notTaken.add(reference, permission)
        taken.append(object)
      } else {
        rejections.append(.init(object: reference, reason: refusal.clientWords))
      }
    }
    let (existing, unseen) = try await lookUp(taken)
    var unasked = [unseen].compactMap { $0 }
    let planned = Set(created.map { $0.objectReference(defaultNamespace: namespace) })
    func isPlanned(_ object: JSON) -> Bool {
      planned.contains(object.objectReference(defaultNamespace: namespace))
    }
    var conflicts: [ServerAnswers.FieldConflict] = []
    for (object, refusal) in try await applications.get() {
      let reference = object.objectReference(defaultNamespace: namespace)
      if let permission = refusal.rest?.missingPermission {
        notTaken.add(reference, permission)
        notApplied.add(reference, permission)
        continue
      }
      conflicts += refusal.conflicts.map { manager, field in
        .init(object: reference, manager: manager, field: field)
      }
      if refusal.unnamed > 0 {
        unasked.append(
          Unchecked(
            code: FindingCode.fieldConflict.rawValue,
            reason:
              "\(refusal.unnamed) more of \(reference)'s fields belong to others, and the API "
              + "server does not say which"))
      }
      // Before helm, the Deployment gets its template by the patch, which is asked about below.
      if let rest = refusal.rest, reference != comparison.situation.subject,
        let words = try await words(rest, of: object, reference, snapshot)
      {
        rejections.append(.init(object: reference, reason: words))
      }
    }
    if let refusal = try await patch.get() {
      let subject = comparison.situation.subject
      if let permission = refusal.missingPermission {
        notTaken.add(subject, permission)
      } else {
        rejections.append(.init(object: subject, reason: refusal.clientWords))
      }
    }
    let keys = try await sourceKeys.get()
    unasked += Self.unreadable(keys)
    let found = try await neighbours.get()
    unasked += [
      notTaken.unchecked(.serverRejects, "the API server did not say whether it takes"),
      notApplied.unchecked(.fieldConflict, "the API server did not say who owns fields of"),
    ].compactMap { $0 }
    return ServerAnswers(
      existing: Objects(existing.filter(isPlanned)),
      avoided: Objects(existing.filter { !isPlanned($0) }),
      conflicts: conflicts, rejections: rejections, unasked: unasked,
      neighbours: Objects(found.flatMap(\.objects.all)),
      unread: Dictionary(
        found.compactMap { kind, _, unread in unread.map { (kind, $0) } },
        uniquingKeysWith: { first, _ in first }),
      sourceKeys: keys, startUpSeconds: await startUp)
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

  /// Asks for all new objects side by side.
  private func refusalsToCreate(
    _ created: [JSON]
  ) async -> Result<[(JSON, ClusterError)], ClusterError> {
    await Result(awaiting: { () async throws(ClusterError) in
      let answers = try await cluster.refusalsToCreate(created, checksFields: checksFields)
      return zip(created, answers).compactMap { object, refusal in refusal.map { (object, $0) } }
    })
  }

  private func refusalToPatch(_ comparison: Comparison) async throws(ClusterError) -> ClusterError?
  {
    let deployment = comparison.target.deployment
    guard comparison.target.name == comparison.situation.live.name else { return nil }
    if comparison.replacesWorkload {
      return try await cluster.refusalsToCreate(
        [comparison.deploymentCopy], checksFields: checksFields
      ).first ?? nil
    }
    return try await cluster.refusalToPatch(
      deployment: comparison.target.name, spec: deployment["spec"] ?? [:])
  }

  /// What the server says to helm's applying an object; nil when it takes it.
  private func refusalToApply(
    _ object: JSON, live: Objects
  ) async throws(ClusterError) -> RefusalToApply? {
    guard let refusal = try await cluster.refusalToApply(object, checksFields: checksFields)
    else { return nil }
    let (conflicts, unnamed) = FieldsInConflict.all(
      refusal.fieldConflicts, of: object,
      live: live.object(kind: object["kind"]?.string ?? "", name: object.objectName) ?? .null)
    guard !conflicts.isEmpty else { return RefusalToApply(rest: refusal) }
    // The server checks an object only when no field of it is in conflict.
    let rest = try await cluster.refusalToApply(
      object, force: true, checksFields: checksFields)
    return RefusalToApply(conflicts: conflicts, unnamed: unnamed, rest: rest)
  }

  /// Why the server refuses an object after what was set by hand on it and goes is gone; nil when
  /// it would take it then.
  private func words(
    _ refusal: ClusterError, of object: JSON, _ reference: ObjectReference, _ snapshot: Snapshot
  ) async throws(ClusterError) -> String? {
    let manifest = snapshot.manifest.object(kind: reference.kind, name: reference.name) ?? [:]
    guard reference.kind == "Service",
      let live = snapshot.live.object(kind: reference.kind, name: reference.name),
      let leftovers = ServiceLeftovers.patch(of: live, from: manifest, to: object)
    else { return refusal.clientWords }
    let patch = ServiceLeftovers.adding(
      leftovers, to: StrategicPatch.patch(from: manifest, to: object))
    do {
      _ = try await cluster.patch(reference, with: patch, as: .strategic, dryRun: true)
      return nil
    } catch  where error.isRefusal {
      return error.clientWords
    }
  }

  /// The objects that are refused, with the reason, all asked side by side.
  private func refusals<Refusal: Sendable>(
    of objects: [JSON],
    asking ask: @Sendable (JSON) async throws(ClusterError) -> Refusal?
  ) async -> Result<[(JSON, Refusal)], ClusterError> {
    let answers = await cluster.sideBySide(objects, ask)
    return await Result(awaiting: { () throws(ClusterError) in
      var refusals: [(JSON, Refusal)] = []
      for (object, answer) in zip(objects, answers) {
        if let refusal = try answer.get() { refusals.append((object, refusal)) }
      }
      return refusals
    })
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
    var objects = comparison.createdObjects + comparison.appliedObjects
    if comparison.replacesWorkload { objects.append(comparison.deploymentCopy) }
    guard !objects.isEmpty, try await kubectl.unknownFields(in: objects) != nil else { return [] }
    var rejections: [ServerAnswers.Rejection] = []
    for object in objects {
      guard let words = try await kubectl.unknownFields(in: [object]) else { continue }
      let isCopy = object == comparison.deploymentCopy
      rejections.append(
        .init(
          object: isCopy
            ? comparison.situation.subject
            : object.objectReference(
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
  /// The objects that the release does not have yet.
  fileprivate var createdObjects: [JSON] {
    let manifest = situation.snapshot.manifest
    return rendered.all.filter { object in
      manifest.object(kind: object["kind"]?.string ?? "", name: object.objectName) == nil
    }
  }

  /// The live objects that helm applies on the server.
  fileprivate var appliedObjects: [JSON] {
    let snapshot = situation.snapshot
    guard snapshot.release.applyMethod == .serverSide, snapshot.release.isKeptByHelm else {
      return []
    }
    return rendered.all.filter { object in
      let isReplaced =
        replacesWorkload
        && object.objectReference(defaultNamespace: snapshot.release.namespace)
          == situation.subject
      return !isReplaced
        && snapshot.live.object(kind: object["kind"]?.string ?? "", name: object.objectName) != nil
    }
  }

  /// The new Deployment under another name: its own is taken until the old one is gone.
  fileprivate var deploymentCopy: JSON {
    target.deployment.replacing(["metadata", "name"], with: .string("\(target.name)-dry-run"))
  }
}

/// The server's refusal of an object that helm applies.
private struct RefusalToApply: Sendable {
  var conflicts: [FieldsInConflict.Conflict] = []
  /// How many more conflicts there are, of which the server does not name the field.
  var unnamed = 0
  /// Why the server would not take the object even if helm took the fields over; nil when it would.
  var rest: ClusterError?
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
