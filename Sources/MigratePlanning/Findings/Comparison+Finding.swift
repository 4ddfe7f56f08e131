extension Comparison {
  /// A finding about the broker's Deployment.
  func finding(
    _ rule: any FindingRule.Type, _ severity: Finding.Severity, _ message: String,
    subject: ObjectReference? = nil, before: Observed = .absent, after: Observed = .absent,
    remedy: String? = nil, isResolved: Bool = false, acceptedBy: String? = nil
  ) -> Finding {
    Finding(
      rule.code, rule.dimension, severity, subject: subject ?? situation.subject, message: message,
      before: before, after: after, remedy: remedy, isResolved: isResolved, acceptedBy: acceptedBy)
  }

  /// The comparison of one fact other than a variable.
  func setting(_ key: FactKey) -> SettingComparison? { settings.first { $0.home.key == key } }

  /// The finding of a setting that the target's default, or another of the plan's values,
  /// threatens; nil when none does.
  func finding(
    _ rule: any FindingRule.Type, _ severity: Finding.Severity, of key: FactKey,
    subject: ObjectReference? = nil, evenIfMended: Bool = false,
    message: (SettingComparison) -> String
  ) -> Finding? {
    guard let setting = setting(key),
      setting.isThreatened || !setting.isKept || evenIfMended && setting.isMended
    else { return nil }
    let home = setting.home.home
    return finding(
      rule, severity, message(setting), subject: subject, before: setting.before,
      after: setting.after,
      remedy: setting.isKept
        ? "nothing to do: \(home) keeps it; --adopt \(home) takes the new default"
        : situation.target.has(home)
          ? "set it with --set \(home)=VALUE" : "the target chart has no value for it",
      isResolved: setting.isKept, acceptedBy: setting.isKept ? nil : setting.consent)
  }

  /// The findings of all settings of a rule: one that names what is kept although the target's
  /// default would change it, and one for each that is not kept.
  func findings(
    _ rule: any FindingRule.Type, _ severity: Finding.Severity, subject: ObjectReference? = nil,
    among isMeant: (SettingComparison) -> Bool = { _ in true }, kept: (String) -> String
  ) -> [Finding] {
    let meant = settings.filter { $0.home.code == rule.code && isMeant($0) }
    let safe = meant.filter { setting in
      // What follows from other values needs no mention.
      setting.isKept && (setting.isThreatened || setting.isMended)
        && situation.target.has(setting.home.home)
        && !(setting.home.isLazy && setting.carrier.path == nil)
    }
    var findings = meant.filter { !$0.isKept }.map { setting in
      finding(
        rule, severity, words(setting), subject: subject, before: shown(setting, \.before),
        after: shown(setting, \.after), remedy: remedy(for: setting), acceptedBy: setting.consent)
    }
    if !safe.isEmpty {
      let names = safe.map { $0.home.home.description }.joined(separator: ", ")
      findings.append(
        finding(
          rule, severity, kept(names), subject: subject,
          before: safe.count == 1 ? shown(safe[0], \.before) : .absent,
          after: safe.count == 1 ? shown(safe[0], \.after) : .absent,
          remedy: "nothing to do; "
            + safe.map { "--adopt \($0.home.home)" }.joined(separator: ", ")
            + " takes the new default", isResolved: true))
    }
    return findings
  }

  /// What becomes of a fact, in a sentence.
  private func words(_ setting: SettingComparison) -> String {
    let name = setting.home.home
    guard !PodObserver.hidden.contains(setting.home.key) else { return "\(name) changes" }
    return "\(name) changes from \(setting.before.words) to \(setting.after.words)"
  }

  private func remedy(for setting: SettingComparison) -> String {
    let home = setting.home.home
    guard situation.target.has(home) else {
      return "the target chart has no value for it; --adopt \(setting.home.code) lets it go"
    }
    return setting.carrier == .value(home)
      ? "the value \(home) does not bring it about in \(targetName)"
      : "set it with --set \(home)=VALUE"
  }

  /// An observation as a finding may show it.
  private func shown(
    _ setting: SettingComparison, _ side: KeyPath<SettingComparison, Observed>
  ) -> Observed {
    setting.shown(setting[keyPath: side], situation.sensitivity)
  }

  /// The flag by which the operator settled anything of a Service, or of what a rule is about.
  func consent(_ code: FindingCode, service name: String? = nil) -> String? {
    if let consent = situation.choices.consent(homes: [], code: code) { return consent }
    return settings.lazy.filter { setting in
      guard setting.home.key.dimension == .network, !setting.isKept else { return false }
      guard let name else { return true }
      return situation.recipe.listeners.contains { listener in
        guard let service = listener.service else { return false }
        return setting.home.home.keys.starts(with: service.keys)
          && (situation.factsBefore[NetworkObserver.key(listener.name, NetworkObserver.name)]
            == .value(.string(name))
            || situation.factsBefore[NetworkObserver.key(listener.name, NetworkObserver.enabled)]
              == .value(false))
      }
    }.compactMap(\.consent).first
  }

  /// The target chart's name and version, for messages.
  var targetName: String { "chart \(situation.target.chartVersion)" }
}

extension Observed {
  /// The observation within a sentence. Not for secrets.
  var words: String {
    switch self {
    case .absent: "not set"
    case .value(.string(let text)): "\"\(text)\""
    case .value(let value): value.canonical
    case .reference, .composed: json.canonical
    case .unknown(let reason): "unknown (\(reason))"
    }
  }
}
