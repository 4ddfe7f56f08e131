package import MigratePlanning

/// Asks the API server about rendered objects, by dry runs that change nothing.
package struct ServerReview: Sendable {
  private let kubectl: Kubectl
  private let secrets: [String]

  /// Takes the kubectl of the release's namespace, and the texts that must show in no answer.
  package init(kubectl: Kubectl, secrets: [String]) {
    self.kubectl = kubectl
    self.secrets = secrets
  }

  /// Asks, all questions side by side: whether the server takes the new objects, or has them
  /// already, whether it takes the Deployment's new Pod template, and, for a release that helm applies
  /// on the server, who owns fields that would change.
  ///
  /// - Throws: ``ClientError`` when the cluster cannot be asked.
  package func answers(to comparison: Comparison) async throws(ClientError) -> ServerAnswers {
    let snapshot = comparison.situation.snapshot
    let created = comparison.rendered.all.filter { object in
      snapshot.manifest.object(kind: object["kind"]?.string ?? "", name: object.objectName) == nil
    }
    let updated = comparison.rendered.all.filter { object in
      snapshot.live.object(kind: object["kind"]?.string ?? "", name: object.objectName) != nil
    }
    async let creations = refusalsToCreate(created)
    async let patch = Result(awaiting: { () async throws(ClientError) in
      try await self.refusalToPatch(comparison)
    })
    let applied = snapshot.release.applyMethod == .serverSide ? updated : []
    async let applications = refusals(of: applied) { object throws(ClientError) in
      try await kubectl.refusalToApply(object, secrets: secrets)
    }

    var answers = ServerAnswers()
    let namespace = snapshot.release.namespace
    var taken: [JSON] = []
    for (object, refusal) in try await creations.get() {
      if refusal.contains("AlreadyExists") || refusal.contains("already exists") {
        taken.append(object)
      } else {
        answers.rejections.append(
          .init(object: object.objectReference(defaultNamespace: namespace), reason: refusal))
      }
    }
    try await lookUp(taken, &answers)
    for (object, refusal) in try await applications.get() {
      let reference = object.objectReference(defaultNamespace: namespace)
      let conflicts = Self.conflicts(in: refusal)
      answers.conflicts += conflicts.map { manager, field in
        .init(object: reference, manager: manager, field: field)
      }
      // What the patch finds wrong with the Deployment is not said twice. It replaces the strategy,
      // where applying leaves the old one's parameters beside the new type.
      let changesStrategy = comparison.settings.contains {
        $0.home.code == .strategyChanged && !$0.isKept
      }
      if conflicts.isEmpty, reference.kind != "Deployment" || changesStrategy {
        answers.rejections.append(.init(object: reference, reason: refusal))
      }
    }
    if let refusal = try await patch.get() {
      answers.rejections.append(.init(object: comparison.situation.subject, reason: refusal))
    }
    return answers
  }

  /// Reads the objects that exist already, to see whose they are.
  private func lookUp(
    _ taken: [JSON], _ answers: inout ServerAnswers
  ) async throws(ClientError) {
    guard !taken.isEmpty else { return }
    do {
      answers.existing = try await kubectl.get(taken)
    } catch .failed(_, _, let detail) {
      answers.unasked.append(
        Unchecked(
          code: FindingCode.objectUnowned.rawValue,
          reason: "whose objects that exist already are could not be read: \(detail)"))
    }
  }

  /// Asks for all new objects at once, and one by one only when the server refuses any.
  private func refusalsToCreate(
    _ created: [JSON]
  ) async -> Result<[(JSON, String)], ClientError> {
    guard !created.isEmpty else { return .success([]) }
    let all = await Result(awaiting: { () async throws(ClientError) in
      try await kubectl.refusalToCreate(created, secrets: secrets)
    })
    switch all {
    case .failure(let error): return .failure(error)
    case .success(nil): return .success([])
    case .success(let refusal?):
      if created.count == 1 { return .success([(created[0], refusal)]) }
      return await refusals(of: created) { object throws(ClientError) in
        try await kubectl.refusalToCreate([object], secrets: secrets)
      }
    }
  }

  private func refusalToPatch(_ comparison: Comparison) async throws(ClientError) -> String? {
    let deployment = comparison.target.deployment
    guard comparison.target.name == comparison.situation.live.name else { return nil }
    return try await kubectl.refusalToPatch(
      deployment: comparison.target.name, spec: deployment["spec"] ?? [:], secrets: secrets)
  }

  /// The objects that are refused, with the reason, all asked side by side.
  private func refusals(
    of objects: [JSON],
    asking ask: @escaping @Sendable (JSON) async throws(ClientError) -> String?
  ) async -> Result<[(JSON, String)], ClientError> {
    typealias Answer = (index: Int, refusal: Result<String?, ClientError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      for (index, object) in objects.enumerated() {
        group.addTask {
          let refusal = await Result(awaiting: { () async throws(ClientError) in
            try await ask(object)
          })
          return (index, refusal)
        }
      }
      var answers: [Answer] = []
      for await answer in group { answers.append(answer) }
      return answers.sorted { $0.index < $1.index }
    }
    return await Result(awaiting: { () throws(ClientError) in
      var refusals: [(JSON, String)] = []
      for answer in answers {
        if let refusal = try answer.refusal.get() {
          refusals.append((objects[answer.index], refusal))
        }
      }
      return refusals
    })
  }

  /// The managers and fields in the server's words: `conflict with "M" using V: .field`, or
  /// `conflicts with "M" using V:` and a list of `- .field`.
  static func conflicts(in text: String) -> [(manager: String, field: String)] {
    var conflicts: [(manager: String, field: String)] = []
    var manager: String?
    for part in text.split(separator: "; ").flatMap({ $0.split(separator: "\n") }) {
      if let match = part.firstMatch(of: /conflicts? with "([^"]*)"[^:]*:\s*(\..*)?$/) {
        manager = String(match.1)
        if let field = match.2 { conflicts.append((String(match.1), String(field))) }
      } else if let manager, let match = part.wholeMatch(of: /\s*- (\..*)/) {
        conflicts.append((manager, String(match.1)))
      } else {
        manager = nil
      }
    }
    return conflicts
  }
}
