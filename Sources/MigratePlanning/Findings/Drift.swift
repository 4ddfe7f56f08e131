/// The live objects differ from what helm made.
///
/// Meaning: variables and other fields were set, changed or removed with kubectl after helm. A
/// plain `helm upgrade` drops them, overwrites them, leaves them or stops at them, depending on
/// names and on helm's merge, and `helm rollback` does not bring them back. The plan carries what
/// the Deployment and the Services say. Fields of other objects are named, so that none is
/// forgotten.
///
/// Why: chart 0.1.0 could not be configured, so the broker was configured by hand. Each field is
/// shown with the field manager that wrote it, such as `kubectl-edit`. Where the plan could not
/// read the live objects, it says so: then what was set by hand is missing from it.
///
/// Resolve: for variables there is nothing to do. For another field, see that the new values have
/// it. Later on, change settings through values and not with kubectl. Who wrote what, and when:
///
///     kubectl get deployment web --namespace mqtt --output yaml \
///       --show-managed-fields
///
/// Severity: `info` for variables, taken care of by the plan; `warning` for other fields.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum Drift: ComparisonRule {
  package static let code = FindingCode.drift
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let declared = situation.declared?.entries ?? [:]
    let live = situation.live.entries
    let names = situation.before.order.filter { live[$0] != nil && live[$0] != declared[$0] }
    let missing = declared.keys.filter { !situation.before.sets($0) }.sorted()
    let drifted = names + missing
    let objects =
      situation.snapshot.live.all.compactMap { changed($0, comparison) }
      + comparison.settings.compactMap { agreeing($0, comparison) }
    guard !drifted.isEmpty else { return objects }
    return [
      comparison.finding(
        self, .info,
        "\(drifted.count == 1 ? "a variable was" : "\(drifted.count) variables were") changed on "
          + "the live Deployment after helm: \(drifted.joined(separator: ", "))",
        remedy: "nothing to do: the plan goes by what is live", isResolved: true)
    ] + objects
  }

  /// What has findings of its own: all that the Deployment and the Services say of how they work,
  /// and what every entry has.
  private static func isJudged(_ path: [String], of object: JSON, _ comparison: Comparison) -> Bool
  {
    if path == ["kind"] || path == ["apiVersion"] { return true }
    let isService = object["kind"] == "Service"
    let isBroker =
      object["kind"] == "Deployment" && object.objectName == comparison.situation.live.name
    return (isService || isBroker) && path.first == "spec"
      || (isService || isBroker) && ["labels", "annotations"].contains(path.dropFirst().first)
  }

  /// What was set by hand to what the target has by default: no upgrade changes it, but helm's
  /// rollback does. It goes by the code of the setting.
  private static func agreeing(_ setting: SettingComparison, _ comparison: Comparison) -> Finding? {
    guard setting.isKept, !setting.isThreatened, !setting.before.isUnknown,
      let declared = comparison.situation.factsDeclared[setting.home.key],
      !declared.isUnknown, !declared.agrees(with: setting.before)
    else { return nil }
    return Finding(
      setting.home.code, setting.home.key.dimension, .info, subject: comparison.situation.subject,
      message: "\(setting.home.home) was changed by hand to what \(comparison.targetName) has by "
        + "default; helm rollback alone would undo it",
      remedy: "nothing to do: rollback by this program brings it back", isResolved: true)
  }

  /// What else was set by hand on an object.
  private static func changed(_ object: JSON, _ comparison: Comparison) -> Finding? {
    let entries = ManagedFields.setByHand(object).filter {
      !isJudged($0.path, of: object, comparison)
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
