/// The live objects differ from what helm made.
///
/// Variables and other fields were set with kubectl after helm. A plain `helm upgrade` drops or
/// overwrites them, and `helm rollback` does not bring them back. The plan carries the variables of
/// the broker; other fields are named here, so that none is forgotten.
package enum Drift: FindingRule {
  package static let code = FindingCode.drift
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let declared = situation.declared?.entries ?? [:]
    let live = situation.live.entries
    let names = situation.before.order.filter { live[$0] != nil && live[$0] != declared[$0] }
    let missing = declared.keys.filter { situation.before.variables[$0] == nil }.sorted()
    let drifted = names + missing
    let objects = situation.snapshot.live.all.compactMap { changed($0, comparison) }
    guard !drifted.isEmpty else { return objects }
    return [
      comparison.finding(
        self, .info,
        "\(drifted.count == 1 ? "a variable was" : "\(drifted.count) variables were") changed on "
          + "the live Deployment after helm: \(drifted.joined(separator: ", "))",
        remedy: "nothing to do: the plan goes by what is live", isResolved: true)
    ] + objects
  }

  /// Fields that have findings of their own, and what every entry has.
  private static let judged: Set<String> = [
    "image", "imagePullPolicy", "serviceAccount", "serviceAccountName", "strategy", "volumes",
    "volumeMounts", "kind", "apiVersion",
  ]

  /// What else was set by hand on an object.
  private static func changed(_ object: JSON, _ comparison: Comparison) -> Finding? {
    let container = "k:{\"name\":\"\(comparison.situation.live.containerName)\"}"
    let entries = ManagedFields.setByHand(object).filter { entry in
      let isVariable =
        entry.path.contains(container)
        && (entry.path.contains("env") || entry.path.contains("envFrom"))
      return !isVariable && judged.isDisjoint(with: entry.path)
    }
    guard !entries.isEmpty else { return nil }
    var fields: [String] = []
    for entry in entries {
      let field = "\(shown(entry.path)) (\(entry.manager))"
      if !fields.contains(field) { fields.append(field) }
    }
    let namespace = comparison.situation.snapshot.release.namespace
    let reference = object.objectReference(defaultNamespace: namespace)
    return comparison.finding(
      self, .warning, "\(reference) was changed by hand: \(fields.joined(separator: ", "))",
      subject: reference,
      remedy: "see that the new values have it, with --set; a plain upgrade may take it away")
  }

  /// A field's path down to its third key: enough to find it, and no list of forty lines.
  private static func shown(_ path: [String]) -> String {
    let keys = path.map { $0.hasPrefix("k:") ? "[]" : $0 }
    let inTemplate = keys.starts(with: ["spec", "template", "spec"])
    return keys.prefix(inTemplate ? 6 : 3).joined(separator: ".")
      .split(separator: ".[]").joined(separator: "[]")
  }
}
