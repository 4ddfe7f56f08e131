/// What a plan is judged by: a comparison, with what the API server said to it.
///
/// It cannot be made before the server was asked, or nobody was to be asked.
package struct Evidence: Sendable {
  package let comparison: Comparison
  package let reply: ServerReply
  /// The values that the operator set and that change nothing in what the target renders.
  package let ignoredChoices: [ValuePath]
  /// What becomes of the release's live objects, field by field.
  package let outlooks: [ObjectOutlook]

  init(_ comparison: Comparison, _ reply: ServerReply, ignoredChoices: [ValuePath]) {
    self.comparison = comparison
    self.reply = reply
    self.ignoredChoices = ignoredChoices
    let namespace = comparison.situation.snapshot.release.namespace
    outlooks = comparison.writes.compactMap { write in
      let answer: JSON? =
        switch reply {
        case .answered(let answers): answers.predicted[write.reference]
        case .notAsked: nil
        }
      return write.outlook(answer: answer, namespace: namespace)
    }
  }
}

/// Whether the API server was asked about a comparison, and what it answered.
package enum ServerReply: Hashable, Sendable {
  case answered(ServerAnswers)
  /// The release comes from a file, or from a cluster that shows little.
  case notAsked
}

extension Evidence {
  /// What the API server answered; nil when it was not asked.
  var answers: ServerAnswers? {
    switch reply {
    case .answered(let answers): answers
    case .notAsked: nil
    }
  }

  /// The objects of a kind beside the release, as far as they were read.
  func neighbours(_ kind: Neighbour) -> [JSON] {
    answers?.neighbours.all(kind: kind.rawValue) ?? []
  }

  /// Why the objects of a kind beside the release could not be read; nil when they were, or did not
  /// matter.
  func unread(_ kind: Neighbour) -> String? {
    switch reply {
    case .answered(let answers): answers.unread[kind]
    case .notAsked: "they were not read"
    }
  }

  /// Services of others in the namespace that find the broker's Pods.
  var otherServices: [JSON] {
    let situation = comparison.situation
    let owned = Set(
      (situation.liveHere.all(kind: "Service") + comparison.renderedHere.all(kind: "Service"))
        .map(\.objectName)
    ).subtracting(comparison.keptServices)
    return neighbours(.service).filter { !owned.contains($0.objectName) }
  }

  /// Everything that could not be judged: because the release could not be read as a whole, the API
  /// server could not be asked, or variables or objects beside the release could not be read.
  var unchecked: [Unchecked] { comparison.situation.snapshot.hidden + unasked + unknown }

  /// What the API server could not be asked.
  private var unasked: [Unchecked] {
    switch reply {
    case .answered(let answers): answers.unasked
    case .notAsked:
      [
        Unchecked(
          code: FindingCode.objectUnowned.rawValue,
          reason: "it was not looked whether objects that the upgrade creates exist already"),
        Unchecked(
          code: FindingCode.serverRejects.rawValue,
          reason: "the API server was not asked whether it takes the new objects"),
      ]
    }
  }

  /// What could not be judged, because variables or objects could not be read.
  private var unknown: [Unchecked] {
    let situation = comparison.situation
    var unchecked: [Unchecked] = []
    func add(_ code: FindingCode, _ reason: String) {
      if let index = unchecked.firstIndex(where: { $0.code == code.rawValue }) {
        unchecked[index].reason += "; " + reason
      } else {
        unchecked.append(Unchecked(code: code.rawValue, reason: reason))
      }
    }
    if let (source, reason) = situation.before.unreadable.first {
      add(
        .environmentFromSource,
        "\(source.kind.rawValue) \"\(source.name)\" fills variables and could not be read: "
          + reason)
    }
    for (name, reason) in situation.before.undecided {
      add(.environmentFromSource, "variable \"\(name)\" is not known: \(reason)")
    }
    for kind in Neighbour.allCases where comparison.neighboursThatMatter.contains(kind) {
      guard let reason = unread(kind) else { continue }
      add(
        kind.code,
        "\(kind == .storageClass ? "the cluster's" : "the namespace's") "
          + "\(kind.resource.split(separator: ".")[0]) matter here, and \(reason)")
    }
    if situation.snapshot.namespace == nil, PodSecurity.isTightened(in: comparison) {
      add(
        .podSecurityLevel,
        "the Pods ask for more than before, and the labels of namespace "
          + "\"\(situation.snapshot.release.namespace)\" could not be read")
    }
    return unchecked
  }
}
