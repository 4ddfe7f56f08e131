import FoundationEssentials

/// What becomes of one object of the release.
package struct ObjectChange: Hashable, Sendable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case create, update, replace, delete
    /// Leaves the release and stays in the cluster.
    case keep
    /// Stays as it is.
    case none
  }

  package var object: ObjectReference
  package var change: Kind

  package init(_ object: ObjectReference, _ change: Kind) {
    self.object = object
    self.change = change
  }

  /// The changes that take a release from its manifest to the rendered objects.
  ///
  /// Helm deletes what the new manifest lacks, unless the live object carries
  /// `helm.sh/resource-policy: keep`.
  package static func changes(
    from manifest: Objects, live: Objects, to rendered: Objects, namespace: String,
    replacing replaced: ObjectReference? = nil
  ) -> [ObjectChange] {
    var changes: [ObjectChange] = []
    for object in rendered.all {
      let reference = object.objectReference(defaultNamespace: namespace)
      let old = manifest.object(reference, in: namespace)
      let change: Kind =
        if live.object(reference, in: namespace) == nil {
          .create
        } else if reference == replaced {
          .replace
        } else if old == object { .none } else { .update }
      changes.append(ObjectChange(reference, change))
    }
    for object in manifest.all
    where rendered.counterpart(of: object, in: namespace) == nil {
      // Helm looks at the live object's annotation, not at the one in its manifest.
      let inCluster = live.counterpart(of: object, in: namespace)
      let policy = inCluster?["metadata"]?["annotations"]?["helm.sh/resource-policy"]?.string
      changes.append(
        ObjectChange(
          object.objectReference(defaultNamespace: namespace), policy == "keep" ? .keep : .delete))
    }
    return changes.sorted { $0.object < $1.object }
  }
}

/// How the broker is interrupted.
package struct Interruption: Hashable, Sendable, Codable {
  package enum Kind: String, Sendable, Codable {
    case none, rolling, recreate, replace
  }

  package var kind: Kind
  /// Whether the old and the new broker run side by side for a while.
  package var brokersOverlap: Bool
  /// Seconds without a broker; nil when it cannot be told.
  package var estimateSeconds: Int?

  package init(kind: Kind, brokersOverlap: Bool, estimateSeconds: Int? = nil) {
    self.kind = kind
    self.brokersOverlap = brokersOverlap
    self.estimateSeconds = estimateSeconds
  }

  /// The interruption to be expected of an apply.
  init(_ evidence: Evidence) {
    let comparison = evidence.comparison
    self.init(
      kind: comparison.interruption, brokersOverlap: comparison.startsNewPodFirst,
      estimateSeconds: comparison.interruption.leavesNoBroker
        ? evidence.answers?.startUpSeconds : nil)
  }
}

extension Interruption.Kind {
  /// Whether the old broker has ended before the new one starts.
  package var leavesNoBroker: Bool {
    switch self {
    case .recreate, .replace: true
    case .none, .rolling: false
    }
  }
}

extension Comparison {
  /// How an apply interrupts the broker. Where the Deployment is replaced, the old Pods are gone
  /// before the new ones start.
  package var interruption: Interruption.Kind {
    if replacesWorkload { return .replace }
    return strategy?["type"]?.string == "Recreate" ? .recreate : .rolling
  }

  /// Whether the new Pod starts before the old one has ended.
  var startsNewPodFirst: Bool {
    let surge = strategy?["rollingUpdate"]?["maxSurge"]
    return interruption == .rolling && surge != .integer(0) && surge != "0%"
  }

  private var strategy: JSON? { target.deployment["spec"]?["strategy"] }

  /// Whether the Deployment cannot be changed in place: it gets another name, or another selector,
  /// which Kubernetes never changes.
  package var replacesWorkload: Bool {
    let live = situation.live
    return target.name != live.name
      || Deployment(target.deployment).labelSelector != Deployment(live.deployment).labelSelector
  }

  /// Whether helm alone cannot make the change, because its merge makes something else of it or the
  /// API server refuses what the merge makes: measured, see docs/measured.md.
  package var needsPreparation: Bool {
    replacesWorkload || !proposal.keptVariables.isEmpty || !proposal.keptSources.isEmpty
      || defeatsMerge
  }

  /// Whether helm's merge of the Deployment fails, or ends otherwise than the plan.
  package var defeatsMerge: Bool {
    let isServerSide = situation.snapshot.release.applyMethod == .serverSide
    let live = situation.live.entries
    let changesStrategy = settings.contains { $0.home.code == .strategyChanged && !$0.isKept }
    return target.entries.contains { $0.value.source.defeatsMerge(live[$0.key]?.source) }
      || isServerSide && (changesStrategy || situation.declaresDuplicates || hasVariableTwice)
  }

  /// Whether a variable stands twice in the live container.
  private var hasVariableTwice: Bool {
    situation.live.entries.count < situation.live.environment.variables.count
  }
}

extension EnvironmentVariable.Source {
  /// Whether helm's merge would leave what is live beside this, which the API server refuses: a
  /// text beside a reference, or references of two kinds.
  fileprivate func defeatsMerge(_ live: EnvironmentVariable.Source?) -> Bool {
    switch (self, live) {
    case (_, nil), (.literal, .literal): false
    case (.reference(let new), .reference(let old)): new.kind != old.kind
    default: true
    }
  }
}

extension JSON {
  /// The seconds that a Pod took from its start until it was ready; nil when it is not ready, or
  /// its containers were started again since.
  package var startUpSeconds: Int? {
    let status = self["status"]
    let restarts = (status?["containerStatuses"]?.elements ?? []).contains {
      ($0["restartCount"]?.integer ?? 0) > 0
    }
    guard !restarts, let start = status?["startTime"]?.string,
      let ready = (status?["conditions"]?.elements ?? []).first(where: {
        $0["type"] == "Ready" && $0["status"] == "True"
      })?["lastTransitionTime"]?.string,
      let began = Timestamp(kubernetes: start), let ended = Timestamp(kubernetes: ready)
    else { return nil }
    return max(1, Int(ended.date.timeIntervalSince(began.date).rounded()))
  }
}
