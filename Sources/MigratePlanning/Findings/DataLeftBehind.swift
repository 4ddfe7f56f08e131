/// What the broker has in /data now does not come along.
///
/// Meaning: what is in a container, or in an `emptyDir`, ends with its Pod, and the upgrade
/// replaces the Pod. The broker starts with an empty /data, as it would after any other restart. A
/// new volume at /data is empty as well.
///
/// Why: chart 0.1.0 had no volume, so data lives in the Pod alone. Nothing copies it.
///
/// Resolve: if the broker has anything there that it cannot do without, take a copy before the
/// upgrade, and put it into the new Pod:
///
///     kubectl cp mqtt/POD:/data ./data --container backbone
///     backbone-migrate plan web --set persistence.enabled=true
///     kubectl cp ./data mqtt/NEW-POD:/ --container backbone
///
/// Severity: `warning`, since it is so with every restart.
package enum DataLeftBehind: ComparisonRule {
  package static let code = FindingCode.dataLeftBehind
  package static let dimension = Dimension.storage

  package static func findings(in comparison: Comparison) -> [Finding] {
    guard let persistent = comparison.setting(WorkloadObserver.dataPersistent) else { return [] }
    let source = comparison.setting(WorkloadObserver.dataVolume)?.before
    let isTemporary: Bool =
      if case .value(let volume)? = source { volume["emptyDir"] != nil } else { false }
    let what: String
    if isTemporary {
      what = "the emptyDir at /data ends with the Pod, which the upgrade replaces"
    } else if persistent.before == .value(false), persistent.after == .value(true) {
      what = "the new volume at /data is empty; what the broker has there now is in the container"
    } else {
      return []
    }
    let namespace = comparison.situation.snapshot.release.namespace
    return [
      comparison.finding(
        self, .warning, what,
        remedy: "to keep it: kubectl cp \(namespace)/POD:/data ./data, before the upgrade")
    ]
  }
}
