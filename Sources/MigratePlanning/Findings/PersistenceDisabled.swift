/// What the broker keeps in /data does not survive.
///
/// Meaning: with a volume at /data, the target chart's default would start the broker without its
/// database and sessions; the plan keeps the volume. With nothing at /data, nothing changes: what
/// the broker writes there ends with its Pod, as before, and the upgrade replaces the Pod.
///
/// Why: chart 0.2.0 has persistence off by default. Chart 0.1.0 had none, so a volume that is there
/// now was added by hand.
///
/// Resolve: with a volume there is nothing to do. Without one, data can be kept from now on. The
/// annotation matters, since `helm rollback` deletes the claim otherwise:
///
///     backbone-migrate plan web --set persistence.enabled=true \
///       --set 'persistence.annotations.helm\.sh/resource-policy=keep'
///
/// Severity: `blocker` when a volume would be taken away, taken care of when it is kept; `warning`
/// when there is none.
///
/// Source: the design of chart 0.2.0, "Use PVC for /data persistence": "Defaults to disabled for
/// backward compatibility".
package enum PersistenceDisabled: ComparisonRule {
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
