/// The values that shall make the target do what the release did before.
package struct Proposal: Hashable, Sendable {
  /// Values with a home of their own.
  package private(set) var homes: [ValuePath: JSON] = [:]
  /// The entries of the sink, in the order in which Kubernetes meets them.
  package private(set) var sinkVariables: [EnvironmentVariable] = []
  private var sinkNames: Set<String> = []
  package private(set) var sinkSources: [EnvironmentSource] = []
  package private(set) var carriers: [FactKey: Carrier] = [:]
  /// What is kept on the live Deployment, because the target has no place for it.
  package private(set) var keptVariables: [EnvironmentVariable] = []
  package private(set) var keptSources: [EnvironmentSource] = []
  /// The values that turned out to change nothing in the target, by the variable meant.
  package private(set) var ignored: [String: ValuePath] = [:]
  /// The value without which the target can be rendered, and only without it; nil when there is
  /// none.
  package private(set) var refused: RefusedValue?

  /// A value that the target refuses.
  package struct RefusedValue: Hashable, Sendable {
    package var path: ValuePath
    /// The facts that the value would have carried.
    package var facts: [FactKey]
    /// The words of whoever refused it.
    package var reason: String
  }
  private let sink: Recipe.Sink?
  /// Whether the target's sink takes `NAME: value` rather than a list of Kubernetes' `EnvVar`s.
  private let sinkIsMap: Bool
  private let set: [ValuePath: JSON]
  /// The target's own values.
  private let defaults: JSON

  /// Proposes values: every fact before that differs from the target's default goes to its home.
  package init(_ situation: Situation) {
    sink = situation.recipe.sink.flatMap { situation.target.has($0.variables) ? $0 : nil }
    sinkIsMap =
      if case .object? = sink.flatMap({ situation.target.defaults.value(at: $0.variables) }) {
        true
      } else { false }
    set = situation.choices.set
    defaults = situation.target.defaults
    for name in situation.before.order { carry(name, situation) }
    for source in situation.live.environment.sources { carry(source, situation) }
    for variable in situation.recipe.variables { pin(variable, situation) }
    for name in situation.byDefault.order where carriers[.variable(name)] == nil {
      carriers[.variable(name)] = .targetDefault
    }
    for setting in situation.recipe.allSettings { keep(setting, situation) }
  }

  /// The values as helm gets them.
  package var values: JSON { values(without: nil) }

  /// The values as helm gets them, without one of those that the operator set.
  package func values(without omitted: ValuePath?) -> JSON {
    var values: JSON = [:]
    for (path, value) in homes { values.set(value, at: path) }
    if let sink {
      if !sinkVariables.isEmpty {
        values.set(
          sinkIsMap
            ? .object(
              Dictionary(
                sinkVariables.map { ($0.name, .string($0.source.text ?? "")) },
                uniquingKeysWith: { _, last in last }))
            : .array(sinkVariables.map(\.json)), at: sink.variables)
      }
      if let sources = sink.sources, !sinkSources.isEmpty {
        values.set(.array(sinkSources.map(\.json)), at: sources)
      }
    }
    for (path, value) in set.sorted(by: { $0.key < $1.key }) where path != omitted {
      values.set(value, at: path)
    }
    return values
  }

  /// The proposal with every variable that did not come out as before moved to the sink, or to the
  /// live Deployment where that was chosen, and every fact that another value changed written to
  /// its home; nil when nothing can be mended.
  ///
  /// It is done once: what still differs then is a finding.
  package func repaired(_ comparison: Comparison) -> Proposal? {
    var proposal = self
    let unchanged = Set(comparison.settings.filter(\.isKept).map(\.home.home))
    for setting in comparison.settings where setting.needsRepair {
      proposal.keep(setting.before, setting.home, comparison.situation, unchanged: unchanged)
    }
    for row in comparison.environment where row.needsRepair {
      guard let source = source(for: row, comparison.situation) else { continue }
      proposal.move(EnvironmentVariable(name: row.name, source: source), row, comparison.situation)
    }
    return proposal == self ? nil : proposal
  }

  /// The proposals that leave out one value each, those first that the target's words name.
  func withoutOneValue(refusedFor reason: String) -> [Proposal] {
    let values = homes.keys.sorted().map { path -> (isNamed: Bool, proposal: Proposal) in
      var proposal = self
      proposal.homes[path] = nil
      proposal.refuse(path, carriers.filter { $0.value == .value(path) }.map(\.key), reason)
      // Helm 4 writes the path of a value that breaks the schema with slashes.
      let spellings = [path.description, "/" + path.keys.joined(separator: "/")]
      return (spellings.contains(where: reason.contains), proposal)
    }
    let variables = sinkVariables.compactMap { variable -> (isNamed: Bool, proposal: Proposal)? in
      let key = FactKey.variable(variable.name)
      guard case .sink(let path)? = carriers[key] else { return nil }
      var proposal = self
      proposal.sinkVariables.removeAll { $0.name == variable.name }
      proposal.refuse(path, [key], reason)
      return (reason.contains(variable.name), proposal)
    }
    let all = values + variables
    return all.filter(\.isNamed).map(\.proposal) + all.filter { !$0.isNamed }.map(\.proposal)
  }

  private mutating func refuse(_ path: ValuePath, _ facts: [FactKey], _ reason: String) {
    for fact in facts { carriers[fact] = .nothing }
    refused = RefusedValue(path: path, facts: facts.sorted(), reason: reason)
  }

  /// How a variable is written where nothing is read into it, so that it comes out as it should.
  private func source(
    for row: VariableComparison, _ situation: Situation
  ) -> EnvironmentVariable.Source? {
    switch row.expected {
    case .value(let value): .literal(Expansion.escaping(value.string ?? ""))
    case .reference(let reference): .reference(reference)
    case .composed: situation.before.entries[row.name]?.source
    case .absent:
      if case .value = row.carrier {
        situation.description(of: row.name)?.whenAbsent.map { .literal(Expansion.escaping($0)) }
      } else {
        nil
      }
    case .unknown: nil
    }
  }

  /// Moves a variable on from where it did not come out as it should.
  private mutating func move(
    _ variable: EnvironmentVariable, _ row: VariableComparison, _ situation: Situation
  ) {
    let isIgnored = row.explanation == .valueIgnored
    let leavesSink = if case .sink = row.carrier { isIgnored } else { false }
    let unmapped = situation.choices.unmapped
    guard
      takes(variable) && !leavesSink || unmapped == .keep
        || unmapped == .drop && isIgnored && row.before != .absent
    else { return }
    if isIgnored { ignored[variable.name] = row.carrier.path }
    if case .value(let home) = row.carrier { homes[home] = nil }
    if leavesSink {
      sinkVariables.removeAll { $0.name == variable.name }
      leave(variable, situation)
    } else {
      sink(variable, situation)
    }
  }

  /// The objects as they are to be: the workload's container with what the target has no place for.
  package func withKept(_ objects: Objects, _ workload: Workload) -> Objects {
    guard !keptVariables.isEmpty || !keptSources.isEmpty else { return objects }
    let names = Set(keptVariables.map(\.name))
    func container(_ container: JSON) -> JSON {
      guard container["name"]?.string == workload.containerName else { return container }
      let others = (container["env"]?.elements ?? []).filter {
        !names.contains($0["name"]?.string ?? "")
      }
      let sources = (container["envFrom"]?.elements ?? []) + keptSources.map(\.json)
      let changed = container.replacing(["env"], with: .array(others + keptVariables.map(\.json)))
      return sources.isEmpty ? changed : changed.replacing(["envFrom"], with: .array(sources))
    }
    let containers = (workload.podSpec["containers"]?.elements ?? []).map(container)
    return Objects(
      objects.all.map { object in
        object == workload.deployment
          ? object.replacing(
            ["spec", "template", "spec", "containers"], with: .array(containers)) : object
      })
  }

  /// Carries one variable that the release has.
  private mutating func carry(_ name: String, _ situation: Situation) {
    let canonical = situation.canonicalName(of: name)
    let key = FactKey.variable(name)
    let observed = situation.before[name]
    let description = situation.description(of: canonical)
    let home = situation.homes(of: description).first { $0 == description?.home }
    if canonical != name { keepSpelling(name, situation) }
    defer { if canonical != name { carriers[.variable(canonical)] = carriers[key] } }

    // Adopting all new defaults by their finding's code is about what was not set before.
    if let chosen = chosen(situation.homes(of: description), nil, situation) {
      carriers[key] = chosen
      return
    }
    if situation.byDefault[canonical].agrees(with: observed) {
      carriers[key] = .targetDefault
      return
    }
    if case .reference(let reference) = observed {
      // An optional reference that leads nowhere stays in front of what its source says. helm's
      // merge would put another one beside it where it was set by hand, which Kubernetes refuses.
      if situation.before.fromSource[name] != nil, let entry = situation.live.entries[name] {
        sink(entry, situation)
        return
      }
      if situation.before.fromSource[name] != nil, !situation.byDefault.sets(canonical) {
        return  // its envFrom source brings it
      }
      if let path = description?.reference, situation.target.has(path) {
        write(reference.source, to: path, for: key)
      } else {
        sink(EnvironmentVariable(name: name, source: .reference(reference)), situation)
      }
      return
    }
    guard let raw = situation.before.entries[name] else {
      return
    }
    if let description, let home, let text = raw.source.text, let plain = observed.text {
      if description.codec == .text {
        if !situation.before.refers(text) {
          write(.string(text), to: home, for: key)
          return
        }
      } else if let value = description.codec.value(of: plain) {
        let meaning = description.codec.meaning(of: plain)
        if description.meaning(of: situation.byDefault[canonical]) == meaning {
          carriers[key] = .targetDefault
        } else {
          write(value, to: home, for: key)
        }
        return
      }
    }
    sink(raw, situation)
  }

  /// Keeps a variable under its old spelling as well, where the target takes it: helm's merge would
  /// leave one that was set by hand in place anyway, and the broker reads both as the same.
  private mutating func keepSpelling(_ name: String, _ situation: Situation) {
    guard situation.before.fromSource[name] == nil, let raw = situation.before.entries[name],
      takes(raw)
    else { return }
    place(raw, situation)
  }

  /// Carries one `envFrom` source.
  private mutating func carry(_ source: EnvironmentSource, _ situation: Situation) {
    let names = situation.before.fromSource.filter { _, reference in
      reference.selector["name"]?.string == source.name
    }.keys.filter { carriers[.variable($0)] == nil }
    if let path = sink?.sources, situation.target.has(path) {
      sinkSources.append(source)
      for name in names { carriers[.variable(name)] = .sink(path) }
    } else {
      let carrier = leftover(situation.choices)
      if carrier == .live { keptSources.append(source) }
      for name in names { carriers[.variable(name)] = carrier }
    }
  }

  /// Pins away the default of a variable that the release does not have.
  private mutating func pin(_ variable: Recipe.Variable, _ situation: Situation) {
    let key = FactKey.variable(variable.name)
    guard carriers[key] == nil, case .absent = situation.before[variable.name],
      situation.target.has(variable.home)
    else { return }
    if let chosen = chosen(situation.homes(of: variable), .defaultChanged, situation) {
      carriers[key] = chosen
      return
    }
    let byDefault = situation.byDefault[variable.name]
    if case .absent = byDefault { return }
    guard let whenAbsent = variable.whenAbsent, let value = variable.codec.value(of: whenAbsent),
      variable.meaning(of: byDefault) != variable.meaning(of: .absent)
    else { return }
    write(value, to: variable.home, for: key)
  }

  /// Keeps a fact other than a variable.
  private mutating func keep(_ setting: Recipe.SettingHome, _ situation: Situation) {
    let before = situation.factsBefore[setting.key] ?? .absent
    if let consent = situation.consent(setting) {
      carriers[setting.key] =
        consent == "--set \(setting.home)" ? .value(setting.home) : .targetDefault
    } else if let name = Self.freeVolumeName(for: setting, situation) {
      write(.string(name), to: setting.home, for: setting.key)
    } else if setting.isLazy || setting.onlyWhenPresent && before == .absent {
      carriers[setting.key] = .targetDefault
    } else if before.agrees(with: situation.factsByDefault[setting.key] ?? .absent),
      !isSwitchedOn(setting, before, situation)
    {
      carriers[setting.key] = .targetDefault
    } else {
      keep(before, setting, situation)
    }
  }

  /// Whether a default that has no effect by itself gets one by a value that is written.
  private func isSwitchedOn(
    _ setting: Recipe.SettingHome, _ before: Observed, _ situation: Situation
  ) -> Bool {
    guard case .value(let value) = before,
      setting.switchedBy.contains(where: { homes[$0] ?? false != false })
    else { return false }
    return situation.target.defaults.value(at: setting.home) != value
  }

  /// A name for the volume that the operator wants anew at /data, where the target's own name for
  /// it is that of another volume, which stays: Kubernetes takes no two of one name. Nil elsewhere.
  private static func freeVolumeName(
    for setting: Recipe.SettingHome, _ situation: Situation
  ) -> String? {
    guard setting.key == WorkloadObserver.dataVolumeName,
      situation.factsBefore[setting.key] ?? .absent == .absent,
      let persistent = situation.recipe.settings.first(where: {
        $0.key == WorkloadObserver.dataPersistent
      }), situation.consent(persistent) != nil,
      let name = situation.target.defaults.value(at: setting.home)?.string,
      case .value(let others) = situation.factsBefore[PodObserver.otherVolumes]
    else { return nil }
    let taken = Set(others.elements.compactMap { $0["name"]?.string })
    guard taken.contains(name) else { return nil }
    return (2...).lazy.map { "\(name)-\($0)" }.first { !taken.contains($0) }
  }

  /// Writes what a fact was to its home, where the target has it; besides, what values came out as
  /// they were, whatever was chosen.
  private mutating func keep(
    _ before: Observed, _ setting: Recipe.SettingHome, _ situation: Situation,
    unchanged: Set<ValuePath> = []
  ) {
    carriers[setting.key] = .nothing
    guard situation.target.has(setting.home) else { return }
    if case .value(let value) = before {
      let kept = NetworkObserver.value(value, for: setting, of: situation.recipe.listeners) {
        situation.consent(to: $0) != nil && !unchanged.contains($0.home)
      }
      write(kept, to: setting.home, for: setting.key)
    } else if case .absent = before, let value = setting.whenAbsent {
      write(value, to: setting.home, for: setting.key)
    }
  }

  /// The carrier that the operator chose for one of these homes; nil when he chose none.
  private func chosen(
    _ homes: [ValuePath], _ code: FindingCode?, _ situation: Situation
  ) -> Carrier? {
    guard let consent = situation.choices.consent(homes: homes, code: code) else { return nil }
    return homes.first { consent == "--set \($0)" }.map(Carrier.value) ?? .targetDefault
  }

  private mutating func write(_ value: JSON, to path: ValuePath, for key: FactKey) {
    homes[path] = value.overriding(defaults.value(at: path))
    carriers[key] = .value(path)
  }

  private mutating func sink(_ variable: EnvironmentVariable, _ situation: Situation) {
    if let sink, takes(variable) {
      place(variable, situation)
      carriers[.variable(variable.name)] = .sink(sink.variables)
    } else {
      leave(variable, situation)
    }
  }

  /// Puts a variable into the sink where it stood before among the others: `$(VAR)` finds only what
  /// stands before it.
  private mutating func place(_ variable: EnvironmentVariable, _ situation: Situation) {
    if !sinkNames.insert(variable.name).inserted,
      let index = sinkVariables.firstIndex(where: { $0.name == variable.name })
    {
      sinkVariables[index] = variable
      return
    }
    let position = situation.position(of: variable.name)
    let next = sinkVariables.lastIndex { situation.position(of: $0.name) <= position }
    sinkVariables.insert(variable, at: next.map { $0 + 1 } ?? 0)
  }

  /// Whether the target has a sink, and it takes the variable: a map takes texts only.
  private func takes(_ variable: EnvironmentVariable) -> Bool {
    sink != nil && (!sinkIsMap || variable.source.text != nil)
  }

  /// Does what the operator chose with a variable that the target has no place for. One that the
  /// broker reads the same as the target's default needs none.
  private mutating func leave(_ variable: EnvironmentVariable, _ situation: Situation) {
    let name = variable.name
    let description = situation.description(of: name)
    if let meaning = description?.meaning(of: situation.before[name]),
      meaning == description?.meaning(of: situation.byDefault[name])
    {
      carriers[.variable(name)] = .targetDefault
      return
    }
    let carrier = leftover(situation.choices)
    carriers[.variable(name)] = carrier
    if carrier == .live {
      keptVariables.removeAll { $0.name == name }
      keptVariables.append(variable)
    }
  }

  private func leftover(_ choices: Choices) -> Carrier {
    switch choices.unmapped {
    case .fail: .nothing
    case .keep: .live
    case .drop: .dropped
    }
  }
}
