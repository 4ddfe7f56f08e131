/// The volume at /data would be another one.
///
/// The data stays behind on the old volume. The plan keeps the volume where the target chart can be
/// told to.
package enum VolumeLost: FindingRule {
  package static let code = FindingCode.volumeLost
  package static let dimension = Dimension.storage

  package static func findings(in comparison: Comparison) -> [Finding] {
    guard comparison.setting(WorkloadObserver.dataPersistent)?.before == .value(true) else {
      return []
    }
    return [
      WorkloadObserver.dataClaim, WorkloadObserver.dataVolume, WorkloadObserver.dataSubPath,
    ].compactMap { key in
      guard let setting = comparison.setting(key), !setting.isKept else { return nil }
      return comparison.finding(self, .blocker, of: key) { setting in
        "the volume at /data changes from \(setting.before.words) to \(setting.after.words)"
      }
    }
  }
}
