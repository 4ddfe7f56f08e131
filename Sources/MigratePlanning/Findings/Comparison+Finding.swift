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

  /// The finding of a setting that the target's default, or another of the plan's values, threatens;
  /// nil when none does.
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
