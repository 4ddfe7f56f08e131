/// A volume of the broker would be another one.
///
/// Meaning: the broker would start on another /data, empty or somebody else's. Its own data stays
/// behind on the old volume, unharmed and out of sight. Volumes that are mounted elsewhere are
/// compared by their paths, and listed as not judged when these differ.
///
/// Why: the values lead to another claim, volume or folder than the one that is mounted now: a
/// `--set` says so, or the target chart has no value for it. The plan itself carries the volume at
/// /data and no other.
///
/// Resolve: leave out the `--set persistence.…` that leads elsewhere. To move to another volume on
/// purpose, copy the data and mount the new volume on the live Deployment first. A volume that is
/// mounted elsewhere comes over with two values:
///
///     backbone-migrate plan web \
///       --set 'extraVolumes=[{name: tls, secret: {secretName: web-tls}}]' \
///       --set 'extraVolumeMounts=[{name: tls, mountPath: /tls}]'
///
/// Severity: `blocker` at /data.
package enum VolumeLost: FindingRule {
  package static let code = FindingCode.volumeLost
  package static let dimension = Dimension.storage

  package static func findings(in comparison: Comparison) -> [Finding] {
    deletedClaims(in: comparison) + changedVolumes(in: comparison)
  }

  /// Claims that the old chart made and the new one does not: helm deletes them with their data.
  private static func deletedClaims(in comparison: Comparison) -> [Finding] {
    let snapshot = comparison.situation.snapshot
    return ObjectChange.changes(
      from: snapshot.manifest, live: snapshot.live, to: comparison.rendered,
      namespace: snapshot.release.namespace
    ).filter { $0.object.kind == "PersistentVolumeClaim" && $0.change == .delete }.map { change in
      comparison.finding(
        self, .blocker,
        "\(change.object) belongs to the release and is not in \(comparison.targetName): "
          + "the upgrade deletes it with its data",
        subject: change.object,
        remedy: "keep it: kubectl annotate pvc \(change.object.name.shellQuoted) "
          + "helm.sh/resource-policy=keep --namespace \(snapshot.release.namespace)")
    }
  }

  private static func changedVolumes(in comparison: Comparison) -> [Finding] {
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
