/// The facts before beside the facts that the proposed values render, one by one.
package struct Comparison: Sendable {
  package let situation: Situation
  package let proposal: Proposal
  package let rendered: Objects
  /// Those of the release's own namespace.
  package let renderedHere: Objects
  package let target: Workload
  package let after: EffectiveEnvironment
  package let environment: [VariableComparison]
  package let settings: [SettingComparison]
  /// What the target renders otherwise each time.
  package internal(set) var drawn = DrawnFields.none
  /// The broker's listeners, as its environment switches them after.
  let listeners: [Listener]

  /// Compares with the target's objects, rendered with the proposed values.
  ///
  /// - Throws: ``PlanError`` when the target renders no workload.
  init(
    _ situation: Situation, _ proposal: Proposal, rendered: Objects
  ) throws(PlanError) {
    let home = situation.snapshot.release.namespace
    let bare = try Situation.targetWorkload(
      in: rendered.preferring(home), like: situation.live, target: situation.target)
    let rendered = proposal.withKept(rendered, bare)
    let target = try Situation.targetWorkload(
      in: rendered.preferring(home), like: situation.live, target: situation.target)
    let after = EffectiveEnvironment(target.environment, keys: situation.snapshot.sourceKeys)
    let names =
      situation.before.order + after.order.filter { !situation.before.sets($0) }
    self.situation = situation
    self.proposal = proposal
    self.rendered = rendered
    renderedHere = rendered.within(home)
    self.target = target
    self.after = after
    environment = names.map { VariableComparison($0, situation, proposal, after) }
    let factsAfter = WorkloadObserver.facts(
      situation.persisting(
        WorkloadObserver.facts(
          of: target, among: rendered.within(home), related: situation.snapshot.related, after,
          situation.recipe), in: target), besides: situation.factsBefore)
    listeners = situation.recipe.listeners(in: after)
    let unchanged = Set(
      situation.recipe.allSettings.filter { home in
        (situation.factsBefore[home.key] ?? .absent).agrees(with: factsAfter[home.key] ?? .absent)
      }.map(\.home))
    settings = situation.recipe.allSettings.compactMap { home in
      if home.onlyWhenPresent, situation.factsBefore[home.key] ?? .absent == .absent { return nil }
      // Of a ServiceAccount that is nobody's here, nothing can be said.
      if home.key == WorkloadObserver.serviceAccountAnnotations, factsAfter[home.key] == nil {
        return nil
      }
      return SettingComparison(
        home: home, before: situation.factsBefore[home.key] ?? .absent,
        byDefault: situation.factsByDefault[home.key] ?? .absent,
        after: factsAfter[home.key] ?? .absent,
        carrier: proposal.carriers[home.key] ?? .nothing,
        consent: situation.consent(home, unchanged: unchanged))
    }
  }
}

extension Comparison {
  /// The objects that the target's defaults would create, and the proposed values do not, of the
  /// kinds that these make as well: who plans need not be allowed to make others. Of the broker's
  /// own ServiceAccount ``ServiceAccountUnowned`` speaks.
  package var avoided: [JSON] {
    let account = WorkloadObserver.serviceAccountName(of: situation.live)
    let kinds = Set(rendered.all.compactMap { $0["kind"]?.string })
    let namespace = situation.snapshot.release.namespace
    let others = Set(
      (rendered.all + situation.snapshot.manifest.all).map {
        $0.objectReference(defaultNamespace: namespace)
      })
    return situation.renderedByDefault.all.filter {
      kinds.contains($0["kind"]?.string ?? "")
        && !others.contains($0.objectReference(defaultNamespace: namespace))
        && !($0["kind"] == "ServiceAccount" && $0.objectName == account)
    }
  }
}

/// One environment variable before and after.
package struct VariableComparison: Hashable, Sendable {
  package enum State: String, Sendable, Codable {
    case same, changed, added, removed
  }

  package let name: String
  package let before: Observed
  package let byDefault: Observed
  package let after: Observed
  package let carrier: Carrier
  package let state: State
  /// What explains a difference; nil when there is none, or none is known.
  package let explanation: FindingCode?
  /// The flag by which the operator chose the difference.
  package let consent: String?
  /// What the variable should be after: what it was, or what its other spelling was.
  package let expected: Observed

  /// Whether it differs without an explanation, or with one that another place may mend. One that
  /// the target leaves out needs repair in any case: helm's merge would leave it in place when it
  /// was set by hand.
  package var needsRepair: Bool {
    state != .same && consent == nil && explanation != .valueRefused
      && !expected.agrees(with: after) && !after.isMalformed
      && (explanation == nil || explanation == .expansionOrder || explanation == .valueIgnored
        || after == .absent)
  }

  init(
    _ name: String, _ situation: Situation, _ proposal: Proposal, _ after: EffectiveEnvironment
  ) {
    let recipe = situation.recipe
    let before = situation.before[name]
    let now = after[name]
    let renamedTo = situation.canonicalName(of: name)
    let renamedFrom = recipe.variables.first { $0.name == name }?.aliases.first {
      situation.canonicalName(of: $0) == name && situation.before.sets($0)
    }
    let description = situation.description(of: name)

    self.name = name
    self.before = before
    self.byDefault = situation.byDefault[name]
    self.after = now
    carrier = proposal.carriers[.variable(name)] ?? .nothing
    expected = renamedFrom.map { situation.before[$0] } ?? (renamedTo == name ? before : .absent)
    state =
      if before.agrees(with: now) { .same } else if before == .absent {
        .added
      } else if now == .absent { .removed } else { .changed }

    var consent = situation.choices.consent(
      homes: situation.homes(of: description), code: before == .absent ? .defaultChanged : nil)
    if state == .same {
      (explanation, consent) = (nil, nil)
    } else if carrier == .dropped {
      (explanation, consent) = (.variableUnmapped, "--unmapped drop")
    } else if proposal.refused?.facts.contains(.variable(name)) == true {
      explanation = .valueRefused
    } else if now.isMalformed {
      explanation = .valueNotExact
    } else if consent != nil {
      explanation = Self.isFromSecret(now) ? .variableReadFromSecret : .defaultChanged
    } else if renamedTo != name || renamedFrom != nil && expected.agrees(with: now) {
      explanation = .variableRenamed
    } else if before.isUnknown || now.isUnknown {
      explanation = .environmentFromSource
    } else if let description, let meant = description.meaning(of: before),
      meant == description.meaning(of: now)
    {
      explanation =
        if before == .absent { .defaultChanged } else if description.codec == .flag {
          .flagNotTrue
        } else { .valueNotExact }
    } else if carrier == .nothing, before != .absent {
      explanation = .variableUnmapped
    } else if carrier.path != nil, now.agrees(with: byDefault), !expected.agrees(with: now) {
      explanation = .valueIgnored
    } else if before == .absent {
      explanation = .defaultChanged
    } else if Self.expands(name, in: situation.before) || Self.isComposed(now) {
      explanation = .expansionOrder
    } else {
      explanation = nil
    }
    self.consent = consent
  }

  /// Whether the broker reads the same before and after, although the texts differ.
  package func meansTheSame(_ description: Recipe.Variable?) -> Bool {
    guard let description, let meant = description.meaning(of: before) else { return false }
    return meant == description.meaning(of: after)
  }

  private static func isFromSecret(_ observed: Observed) -> Bool {
    guard case .reference(let reference) = observed else { return false }
    return reference.kind == .secretKeyRef
  }

  private static func isComposed(_ observed: Observed) -> Bool {
    if case .composed = observed { return true }
    return false
  }

  private static func expands(_ name: String, in before: EffectiveEnvironment) -> Bool {
    guard let text = before.entries[name]?.source.text else { return false }
    return Expansion.pieces(of: text).contains { piece in
      if case .variable = piece { return true }
      return false
    }
  }
}

/// One fact other than a variable, before and after.
package struct SettingComparison: Hashable, Sendable {
  package let home: Recipe.SettingHome
  package let before: Observed
  package let byDefault: Observed
  package let after: Observed
  package let carrier: Carrier
  package let consent: String?

  /// Whether it came out otherwise than it was, although nobody chose so and the target has a value
  /// for it.
  package var needsRepair: Bool {
    guard case .targetDefault = carrier else { return false }
    return !isKept && consent == nil && !before.isUnknown
  }

  /// An observation of the fact as it may be shown: the names of containers, and of what may hold a
  /// secret only whether it is there.
  func shown(_ observed: Observed, _ sensitivity: Sensitivity) -> Observed {
    guard case .value(let value) = observed else { return observed }
    guard PodObserver.hidden.contains(home.key) else {
      return .value(sensitivity.hiding(sensitivity.redacting(value), of: home.key))
    }
    if value == [] || value == [:] { return observed }
    let names = value.elements.compactMap { $0["name"] }
    if !names.isEmpty { return .value(.array(names)) }
    return .value(
      .string(observed == before ? Sensitivity.redacted : Sensitivity.redactedOtherwise))
  }

  /// Whether the fact is after what it was before.
  package var isKept: Bool { before.agrees(with: after) }
  /// Whether it says anything: not a field that nobody has set on any side.
  var isShown: Bool {
    isThreatened || !isKept || carrier.path != nil
      || home.key.dimension != .network && !PodObserver.keys.contains(home.key)
  }
  /// Whether the target's default would have changed it.
  package var isThreatened: Bool { !before.agrees(with: byDefault) }
  /// Whether it is written although the default agrees: another of the plan's values changed it.
  package var isMended: Bool {
    if case .value = carrier { !isThreatened && consent == nil } else { false }
  }
}
