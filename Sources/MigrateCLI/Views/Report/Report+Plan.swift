import MigrateAdapters
import MigratePlanning

extension Report {
  /// The report on a plan; one that is kept in the history can be applied by its id.
  init(_ plan: PlanDocument, isKept: Bool) {
    title =
      "\(plan.verdict.rawValue): release \"\(plan.release.name)\" to chart "
      + "\(plan.target.chart.name) \(plan.target.chart.version)"
    articles = [Article(plan, isKept: isKept)]
  }
}

extension Report.Article {
  fileprivate init(_ plan: PlanDocument, isKept: Bool) {
    let id = "plan"
    tone = plan.verdict.rawValue
    sign =
      switch plan.verdict {
      case .ready: "✓"
      case .attention: "▲"
      case .blocked: "■"
      }
    state = plan.verdict.rawValue.uppercased()
    subject = "Release \"\(plan.release.name)\" in namespace \"\(plan.release.namespace)\""
    alarm = plan.isBlind ? "\(PlanDocument.blindness.capitalizedFirst)." : nil
    notes = ["\(plan.summary.capitalizedFirst).", "\(plan.interruption.words.capitalizedFirst)."]
    next = Report.Next(plan, isKept: isKept, anchor: "\(id)-next")
    pressing = Report.Pressing(plan.findings, plan.unchecked, article: id)
    facts = Self.facts(plan)
    flow = Report.Flow(plan, anchor: "\(id)-settings")
    findings = Report.Findings(plan.findings, article: id)
    unchecked = Report.Unchecked(plan.unchecked, article: id)
    network = Report.Network(plan, anchor: "\(id)-network")
    objects = Report.Objects(plan, anchor: "\(id)-objects")
    values = Report.Values(plan, anchor: "\(id)-values")
    self = linked()
  }

  private static func facts(_ plan: PlanDocument) -> [Report.Fact] {
    let (release, target) = (plan.release, plan.target)
    let facts: [(String, String?)] = [
      ("From chart", release.chartText),
      ("To chart", "\(target.chart.name) \(target.chart.version) (\(target.chart.source))"),
      ("Helm’s revision", release.revision > 0 ? "\(release.revision), \(release.status)" : "none"),
      ("Context", release.context),
      ("Rendered by helm", "\(target.helmVersion), applied \(target.applyMethod.rawValue)"),
      ("Plan", plan.id), ("Made", plan.createdAt.inReport),
    ]
    return facts.compactMap { name, text in text.map { Report.Fact(name: name, text: $0) } }
  }
}

extension Report.Next {
  fileprivate init(_ plan: PlanDocument, isKept: Bool, anchor: String) {
    self.anchor = anchor
    let next = plan.next(isKept: isKept)
    commands = next.commands
    switch (plan.verdict, next.isApply) {
    case (.blocked, _):
      advice =
        commands.isEmpty
        ? "Resolve the blockers, then plan again." : next.advice.capitalizedFirst
    case (.ready, true):
      advice = "Nothing stands in the way. See what would happen, then let it:"
    case (.ready, false): advice = "Nothing stands in the way. With helm alone:"
    case (.attention, true): advice = "Look at what is open. If you accept it:"
    case (.attention, false): advice = "Look at what is open. Then with helm alone:"
    }
  }
}

extension Report.Flow {
  fileprivate init?(_ plan: PlanDocument, anchor: String) {
    self.anchor = anchor
    let settings = plan.environmentSettings
    let overrides = plan.overridesByName
    func row(_ variable: PlanDocument.Variable) -> Row {
      Row(variable, settings[variable.name], overrides[variable.name])
    }
    let shown = plan.shownVariables
    let variables = shown.map(row)
    let kept = Dictionary(grouping: plan.keptSettings, by: \.dimension)
    groups =
      (variables.isEmpty
        ? [] : [Group(title: "Variables", count: variables.count, rows: variables)])
      + Dimension.allCases.compactMap { dimension in
        kept[dimension].map {
          Group(title: dimension.title, count: $0.count, rows: $0.map(Row.init))
        }
      }
    let names = Set(shown.map(\.name))
    let rest = plan.environment.filter { !names.contains($0.name) }
    others =
      rest.isEmpty
      ? nil
      : Others(
        title: rest.count == 1
          ? "One more variable that the chart sets by itself"
          : "\(rest.count) more variables that the chart sets by itself",
        rows: rest.map(row))
    if groups.isEmpty, others == nil { return nil }
  }
}

extension Report.Flow.Row {
  fileprivate init(
    _ variable: PlanDocument.Variable, _ setting: PlanDocument.Setting?,
    _ override: PlanDocument.Override?
  ) {
    name = variable.name
    before = Report.Value(variable.before)
    after = Report.Value(variable.after)
    origin = override.map { override in
      override.manager.map { "set by \($0)" } ?? Self.words(for: override.provenance)
    }
    carrier = setting?.carrier ?? "default"
    path = setting?.path
    homeNote = Self.note(of: carrier)
    byDefault = setting.flatMap {
      [JSON.null, variable.after].contains($0.byDefault) ? nil : Report.Value($0.byDefault)
    }
    if variable.state == .same {
      (mark, sign, outcome) = ("same", "=", "the same")
    } else if variable.isExplained, let code = variable.explainedBy {
      (mark, sign, outcome) = ("explained", "~", "explained by \(code.rawValue)")
    } else {
      (mark, sign, outcome) = ("unexplained", "!", "changes, and nothing explains it")
    }
  }

  fileprivate init(_ setting: PlanDocument.Setting) {
    name = setting.name
    before = Report.Value(setting.before, isSetting: true)
    after = Report.Value(setting.after, isSetting: true)
    carrier = setting.carrier
    path = setting.path
    homeNote = Self.note(of: carrier)
    byDefault =
      [JSON.null, setting.after].contains(setting.byDefault)
      ? nil : Report.Value(setting.byDefault, isSetting: true)
    (mark, sign, outcome) =
      setting.before == setting.after ? ("same", "=", "the same") : ("unexplained", "!", "changes")
  }

  /// Who set a variable, where no field manager is known for it.
  private static func words(for provenance: String) -> String {
    switch provenance {
    case "values": "given to helm"
    case "live": "set after helm"
    case "manifest": "from the old chart"
    default: provenance
    }
  }

  /// What makes a setting so, in words; nil where the value's path says all.
  private static func note(of carrier: String) -> String? {
    switch carrier {
    case "value": nil
    case "sink": "among further variables"
    case "default": "the chart’s default"
    case "live": "on the live Deployment only"
    case "nothing": "no place in the chart"
    default: carrier
    }
  }
}

extension Report.Network {
  fileprivate init?(_ plan: PlanDocument, anchor: String) {
    self.anchor = anchor
    rows = plan.settings.filter { $0.dimension == .network }.map { setting in
      let isSame = setting.before == setting.after
      return Row(
        mark: isSame ? "same" : "unexplained", sign: isSame ? "=" : "!", name: setting.name,
        before: setting.before.networkLines, after: setting.after.networkLines,
        byDefault: setting.byDefault.networkLines, path: setting.path)
    }
    if rows.isEmpty { return nil }
  }
}

extension JSON {
  /// A setting of a plan in a few words.
  var reportWords: String {
    let elements = elements
    let isPorts = !elements.isEmpty && elements.allSatisfy { $0["port"] != nil }
    return isPorts ? elements.map(\.portWords).joined(separator: ", ") : settingWords
  }

  /// What is said of a Service, a line for each port, label or address.
  var networkLines: [String] {
    switch self {
    case .null: []
    case .array(let elements): elements.map(\.portWords)
    case .object(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.words)" }
    default: [words]
    }
  }

  /// A Service's port as `name 1883/TCP → 1883`; anything else in a few words.
  private var portWords: String {
    guard let port = self["port"] else { return words }
    let name = self["name"]?.string.map { "\($0) " } ?? ""
    let transport = self["protocol"]?.string.map { "/\($0)" } ?? ""
    let target = self["targetPort"].map { " → \($0.words)" } ?? ""
    let node = self["nodePort"].map { ", node port \($0.words)" } ?? ""
    return "\(name)\(port.words)\(transport)\(target)\(node)"
  }
}

extension Report.Objects {
  fileprivate init?(_ plan: PlanDocument, anchor: String) {
    self.anchor = anchor
    rows = plan.objects.filter { $0.change != .none }.map { object in
      let name = "\(object.kind)/\(object.name)"
      return Row(
        kind: object.change.rawValue, change: object.change.words,
        before: object.change == .create ? nil : name,
        after: object.change == .delete ? nil : name)
    }
    let unchanged = plan.objects.count { $0.change == .none }
    hint = unchanged == 0 ? nil : "\(unchanged) more stay\(unchanged == 1 ? "s" : "") as they are."
    if rows.isEmpty, hint == nil { return nil }
  }
}

extension ObjectChange.Kind {
  /// What becomes of an object, in words.
  var words: String {
    switch self {
    case .create: "made new"
    case .update: "changed in place"
    case .replace: "deleted and made anew"
    case .delete: "deleted"
    case .keep: "leaves the release, stays in the cluster"
    case .none: "stays as it is"
    }
  }
}

extension Report.Values {
  fileprivate init(_ plan: PlanDocument, anchor: String) {
    self.anchor = anchor
    let values = plan.values.refusingRedacted
    hint =
      values == plan.values
      ? nil
      : "Secrets are left out: a list stands where a text belongs, so that helm refuses it."
    lines = YAMLWriter().text(values).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    if lines.last == "" { lines.removeLast() }
  }
}

extension DocumentTime {
  /// The moment to the second; any other text as it is.
  var inReport: String { moment?.second ?? text }
}
