/// A volume of the broker would be another one.
///
/// Meaning: the broker would start on another /data, empty or somebody else's. Its own data stays
/// behind on the old volume, unharmed and out of sight. Or it would start without a volume that is
/// mounted elsewhere: certificates, settings.
///
/// Why: the values lead to another claim, volume or folder than the one that is mounted now: a
/// `--set` says so, or the target chart has no value for it. The plan itself carries all volumes.
///
/// Resolve: leave out the `--set` that leads elsewhere. To move /data to another volume on purpose,
/// copy the data and mount the new volume on the live Deployment first:
///
///     kubectl set volume deployment/web --namespace mqtt --add \
///       --name data --claim-name web-data --mount-path /data --overwrite
///
/// Severity: `blocker` at /data, and where the upgrade deletes what the Pods mount; `breaking`
/// elsewhere, taken care of when they are kept.
package enum VolumeLost: ComparisonRule {
  package static let code = FindingCode.volumeLost
  package static let dimension = Dimension.storage

  package static func findings(in comparison: Comparison) -> [Finding] {
    deletedClaims(in: comparison) + deletedSources(in: comparison)
      + changedVolumes(in: comparison) + otherVolumes(in: comparison)
  }

  /// ConfigMaps and Secrets that helm deletes although the new Pods mount them.
  private static func deletedSources(in comparison: Comparison) -> [Finding] {
    let mounted = comparison.target.podSpec["volumes"] ?? []
    let namespace = comparison.situation.snapshot.release.namespace
    return comparison.deleted.filter { object in
      let name = JSON.string(object.name)
      return object.kind == "ConfigMap" && mounted.mentions(name, under: ["configMap"], at: "name")
        || object.kind == "Secret"
          && (mounted.mentions(name, under: ["secret"], at: "secretName")
            || mounted.mentions(name, under: ["secret"], at: "name"))
    }.map { object in
      comparison.finding(
        self, .blocker,
        "\(object) belongs to the release and is not in \(comparison.targetName): the upgrade "
          + "deletes it, and the new Pods mount it", subject: object,
        remedy: "keep it: kubectl annotate \(object.kind.lowercased()) \(object.name.shellQuoted) "
          + "helm.sh/resource-policy=keep --namespace \(namespace)")
    }
  }

  /// Claims that the old chart made and the new one does not: helm deletes them with their data.
  private static func deletedClaims(in comparison: Comparison) -> [Finding] {
    let namespace = comparison.situation.snapshot.release.namespace
    return comparison.deleted.filter { $0.kind == "PersistentVolumeClaim" }.map { claim in
      comparison.finding(
        self, .blocker,
        "\(claim) belongs to the release and is not in \(comparison.targetName): "
          + "the upgrade deletes it with its data",
        subject: claim,
        remedy: "keep it: kubectl annotate pvc \(claim.name.shellQuoted) "
          + "helm.sh/resource-policy=keep --namespace \(namespace)")
    }
  }

  /// Volumes beside the one at /data.
  private static func otherVolumes(in comparison: Comparison) -> [Finding] {
    comparison.findings(
      self, .breaking,
      among: { [PodObserver.otherVolumes, PodObserver.otherMounts].contains($0.home.key) }
    ) { homes in
      "\(comparison.targetName) mounts nothing beside /data by default; kept: \(homes)"
    }
  }

  private static func changedVolumes(in comparison: Comparison) -> [Finding] {
    guard comparison.setting(WorkloadObserver.dataPersistent)?.before == .value(true) else {
      return []
    }
    let keys = [
      WorkloadObserver.dataClaim, WorkloadObserver.dataVolume, WorkloadObserver.dataSubPath,
    ]
    let changed = keys.compactMap { key -> Finding? in
      guard let setting = comparison.setting(key), !setting.isKept else { return nil }
      return comparison.finding(self, .blocker, of: key) { setting in
        "the volume at /data changes from \(setting.before.words) to \(setting.after.words)"
      }
    }
    // Where the target mounts nothing there, persistence-disabled speaks of it.
    guard changed.isEmpty,
      comparison.setting(WorkloadObserver.dataPersistent)?.byDefault == .value(true)
    else { return changed }
    let homes = keys.compactMap(comparison.setting).filter(\.isThreatened).map { $0.home.home }
    guard !homes.isEmpty else { return [] }
    return [
      comparison.finding(
        self, .blocker,
        "\(comparison.targetName) mounts another volume at /data by default; the one that there is "
          + "stays (\(homes.map(\.description).joined(separator: ", ")))",
        remedy: "nothing to do; " + homes.map { "--adopt \($0)" }.joined(separator: ", ")
          + " takes the new default", isResolved: true)
    ]
  }
}
