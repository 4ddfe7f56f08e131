extension PlanDocument {
  /// What makes this plan another one than an earlier plan of the same release, in words; secrets
  /// that changed are given by name.
  package func changes(since earlier: PlanDocument, secrets: [String] = []) -> [String] {
    var words = secrets.isEmpty ? [] : ["other secrets: \(secrets.joined(separator: ", "))"]
    func compare(_ what: String, _ before: String, _ after: String) {
      if before != after { words.append("\(what) was \(before) and is \(after)") }
    }
    compare("the revision", String(earlier.release.revision), String(release.revision))
    compare("the status", earlier.release.status, release.status)
    compare(
      "the chart", "\(earlier.release.chart.name) \(earlier.release.chart.version)",
      "\(release.chart.name) \(release.chart.version)")
    if earlier.target.chart.digest != target.chart.digest {
      words.append("the target chart has another content")
    }
    let before = Dictionary(
      earlier.settings.map { ("\($0.dimension.rawValue)/\($0.name)", $0) },
      uniquingKeysWith: { first, _ in first })
    let after = Dictionary(
      settings.map { ("\($0.dimension.rawValue)/\($0.name)", $0) },
      uniquingKeysWith: { first, _ in first })
    let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
      .map { after[$0]?.name ?? before[$0]?.name ?? "" }.sorted()
    if !changed.isEmpty {
      words.append("changed since: " + changed.prefix(8).joined(separator: ", "))
    }
    let codes = { (plan: PlanDocument) in Set(plan.findings.filter(\.isOpen).map(\.code.rawValue)) }
    let new = codes(self).subtracting(codes(earlier)).sorted()
    if !new.isEmpty { words.append("new findings: \(new.joined(separator: ", "))") }
    if words.isEmpty {
      words.append("the Deployment was changed, in something that the plan does not show")
    }
    return words
  }
}
