import MigratePlanning

extension PlanDocument {
  /// What has to be said loudly of a blind plan.
  static let blindness = "the live objects were not read: what was set by hand is missing here"

  /// Whether the plan knows only what helm knows.
  var isBlind: Bool { unchecked.contains { $0.code == FindingCode.drift.rawValue } }

  /// Whether the release runs the target already, so that nothing else of the plan is of interest.
  var isMigratedAlready: Bool {
    release.chart.name == target.chart.name && release.chart.version == target.chart.version
      && blockers.contains { $0.code == .recipeNotApplicable }
  }

  /// One line that says how well it went.
  var summary: String {
    guard !isMigratedAlready else { return "it runs the target already" }
    guard !isBlind else { return "what the broker sees now is not known" }
    let present = environment.filter { $0.before != .null }
    let same = present.count { $0.state == .same }
    let open = findings.count(where: \.isOpen)
    return "\(same) of \(present.count) variables come out exactly as they were, "
      + "\(open) open finding\(open == 1 ? "" : "s")"
  }

  /// The variables that a reader wants to see: those that were there, and those that the plan sets.
  var shownVariables: [Variable] {
    let settings = environmentSettings
    return environment.filter { row in
      row.before != .null
        || settings[row.name]?.path != nil && settings[row.name]?.carrier == "value"
    }
  }

  /// The settings of variables by their names.
  var environmentSettings: [String: Setting] {
    Dictionary(
      settings.filter { $0.dimension == .environment }.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// What was set beside the old chart, by the names of the variables.
  var overridesByName: [String: Override] {
    Dictionary(overrides.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The settings other than variables that take a value of the plan's to stay as they are.
  var keptSettings: [Setting] {
    settings.filter { $0.dimension != .environment && $0.carrier != "default" }
  }

  /// What becomes of the objects, those that stay as they are left out.
  var objectChanges: [(kind: ObjectChange.Kind, names: [String])] {
    ObjectChange.Kind.allCases.compactMap { kind in
      let names = objects.filter { $0.change == kind }.map { "\($0.kind)/\($0.name)" }
      return names.isEmpty || kind == .none ? nil : (kind, names)
    }
  }

  /// The command that carries the plan out, with the acceptances that it needs; nil for a plan that
  /// cannot be applied: a blocked one, one of a file, and one that saw no live objects.
  var applyCommand: NextCommand? {
    guard verdict != .blocked, !isBlind, options?.contains("--from") == false else {
      return nil
    }
    let acceptances = codesToAccept(beyond: []).map { " --accept \($0.shellQuoted)" }
      .joined()
    // Secrets are not kept: only a plan of that moment has them.
    if let options, options.contains(where: { $0.contains(Sensitivity.redacted) }) {
      return NextCommand(
        .apply, release.name,
        options: place + options.map { " \($0.shellQuoted)" }.joined() + acceptances)
    }
    return NextCommand(.apply, id, options: acceptances)
  }

  /// The options by which a command reaches the release.
  private var place: String {
    " --namespace \(release.namespace)"
      + (release.context.map { " --kube-context \($0.shellQuoted)" } ?? "")
  }

  /// What to do next, and the commands for it. A plan that is kept in the history is applied by its
  /// id, first as a dry run, with the further options of `means`.
  func next(isKept: Bool, means: String = "")
    -> (advice: String, commands: [String], isApply: Bool)
  {
    guard isKept, let command = applyCommand else { return (advice, nextCommands, false) }
    let advice =
      verdict == .ready
      ? "nothing stands in the way; see what would happen, then let it:"
      : "look at what is open above; if you accept it:"
    return (advice, [" --dry-run", ""].map { command.adding(means + $0).text }, true)
  }

  /// What to do next with a plan that is not kept.
  private var advice: String {
    switch verdict {
    case .ready: "nothing stands in the way; with helm alone:"
    case .attention: "look at what is open above, then with helm alone:"
    case .blocked where belongsElsewhere:
      "the change is made where the release comes from; what belongs there:"
    case .blocked where isMigratedAlready:
      "nothing is left to plan; whether a run still has to be finished:"
    case .blocked: "resolve the blockers above, then plan again"
    }
  }

  /// Whether nothing stands in the way but that others make the change: a controller, or the chart
  /// around this one.
  private var belongsElsewhere: Bool {
    let blockers = findings.filter { $0.isOpen && $0.severity == .blocker }
    return !blockers.isEmpty
      && blockers.allSatisfy { [.managedByGitOps, .chartIsDependency].contains($0.code) }
  }

  /// The commands that a reader can go on with.
  private var nextCommands: [String] {
    guard !isMigratedAlready else {
      return [NextCommand(.status, release.name, options: place).text]
    }
    return verdict == .blocked && !belongsElsewhere ? [] : commands
  }
}

extension PlanDocument.Variable {
  /// Whether a finding says why the variable comes out otherwise, and that this does no harm.
  var isExplained: Bool {
    switch explainedBy {
    case nil, .variableUnmapped, .valueIgnored, .expansionOrder: false
    default: true
    }
  }
}

extension PlanDocument.InterruptionEntry {
  /// What the broker's clients will notice.
  var words: String {
    switch kind {
    case .none: "the broker goes on running"
    case .rolling:
      brokersOverlap
        ? "a new Pod starts before the old one stops: two brokers side by side for a while"
        : "the Pod is replaced in place"
    case .recreate: "the old Pod stops before the new one starts" + estimate
    case .replace:
      "the Deployment is deleted with its Pods before the new one is made" + estimate
    }
  }

  private var estimate: String {
    estimateSeconds.map { ": about \($0) s without a broker, as long as its Pod took to start" }
      ?? ": no broker meanwhile"
  }
}

extension JSON {
  /// A setting of the contract in a few words; a list is one, not a composed text.
  var settingWords: String {
    if case .array = self { return canonical }
    return words
  }

  /// An observation of the contract in a few words.
  var words: String {
    if let string { return string.isEmpty ? "\"\"" : string }
    if self == .null { return "–" }
    if let reference = Reference(source: self) {
      let name = reference.selector["name"]?.string
      let key = reference.selector["key"]?.string
      let field = reference.selector["fieldPath"]?.string ?? reference.selector["resource"]?.string
      switch reference.kind {
      case .secretKeyRef: return "Secret \(name ?? "?")/\(key ?? "?")"
      case .configMapKeyRef: return "ConfigMap \(name ?? "?")/\(key ?? "?")"
      case .fieldRef, .resourceFieldRef: return "field \(field ?? "?")"
      }
    }
    if case .array(let parts) = self { return parts.map(\.words).joined() }
    return canonical
  }
}

extension PlanDocument.Release {
  /// The chart's name and version.
  var chartText: String {
    chart.name.isEmpty ? "of unknown name" : "\(chart.name) \(chart.version)"
  }

  /// What keeps the release: helm, or else Argo CD, which renders charts and leaves no release.
  var origin: String {
    guard revision > 0 else { return "applied by Argo CD" }
    return "revision \(revision)" + (status == "deployed" ? "" : ", \(status)")
  }
}
