/// What the broker keeps in /data does not survive.
///
/// Chart 0.2.0 has persistence off by default (seed: "Defaults to disabled for backward
/// compatibility"). With a volume mounted at /data before, the default would take it away: the plan
/// keeps it. Without one, nothing changes, but sessions and an SQLite database end with the Pod.
package enum PersistenceDisabled: FindingRule {
  package static let code = FindingCode.persistenceDisabled
  package static let dimension = Dimension.storage

  package static func findings(in comparison: Comparison) -> [Finding] {
    guard let setting = comparison.setting(WorkloadObserver.dataPersistent) else { return [] }
    if setting.before == .value(false) {
      guard setting.after == .value(false) else { return [] }
      return [
        comparison.finding(
          self, .warning,
          "nothing is mounted at /data: what the broker keeps there ends with the "
            + "Pod, as it did before",
          before: setting.before, after: setting.after,
          remedy: "to keep it from now on: --set persistence.enabled=true")
      ]
    }
    return [
      comparison.finding(self, .blocker, of: WorkloadObserver.dataPersistent) { setting in
        setting.isKept
          ? "\(comparison.targetName) mounts nothing at /data by default; the volume is kept"
          : "the volume at /data would be gone, and with it the broker's data"
      }
    ].compactMap { $0 }
  }
}
