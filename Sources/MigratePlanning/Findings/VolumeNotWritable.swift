/// The broker may not be able to write to /data as its user.
///
/// Meaning: what is there belongs to another user, most likely root. The broker starts, and fails
/// at its first write, or does not start at all.
///
/// Why: you chose that the broker runs as another user, or gave one that is not root a new volume
/// without a group. Kubernetes hands the files of a volume over to
/// the group `fsGroup`, but not those of `hostPath` and `nfs` volumes, and not those of the image.
///
/// Resolve: give a claim a group, else hand the files over before the upgrade, or leave the user as
/// it is:
///
///     backbone-migrate plan web --set persistence.enabled=true \
///       --set securityContext.fsGroup=1000
///     kubectl exec deployment/web --namespace mqtt -- chown -R 1000:1000 /data
///     backbone-migrate plan web --adopt volume-not-writable \
///       --adopt runs-as-non-root
///
/// Severity: `breaking` where Kubernetes hands nothing over; `warning` where it depends on the
/// image.
///
/// Source: the design of chart 0.2.0, "Security context defaults": "/data needs write access".
package enum VolumeNotWritable: ComparisonRule {
  package static let code = FindingCode.volumeNotWritable
  package static let dimension = Dimension.security

  package static func findings(in comparison: Comparison) -> [Finding] {
    let before = SecurityContexts(comparison.situation.live)
    let after = SecurityContexts(comparison.target)
    let volume = WorkloadObserver.dataSource(of: comparison.target)
    if after.hasReadOnlyRoot, !before.hasReadOnlyRoot, volume == nil {
      return [
        due(
          .breaking, "the root file system becomes read-only, and no volume is mounted at /data",
          comparison)
      ]
    }
    let isOther = after.user != before.user || after.excludesRoot && !before.excludesRoot
    // A new one belongs to root until it is handed over.
    let isNew =
      volume != nil && volume != WorkloadObserver.dataSource(of: comparison.situation.live)
    guard isOther || isNew, after.excludesRoot else { return [] }
    let who = after.user.map { "user \($0)" } ?? "the image's user"
    guard let volume else {
      return [
        due(
          .warning,
          "\(who) writes to /data in the image, which may belong to somebody else", comparison)
      ]
    }
    // A new claim is empty, and belongs to whoever mounts it with fsGroup.
    let isHandedOver =
      volume["hostPath"] == nil && volume["nfs"] == nil && after.fileSystemGroup != nil
    guard !isHandedOver else { return [] }
    let kind = volume.members.keys.sorted().first ?? "volume"
    return [
      due(
        .breaking,
        "\(who) may not write to the \(kind) at /data: Kubernetes does not hand its files over",
        comparison)
    ]
  }

  private static func due(
    _ severity: Finding.Severity, _ message: String, _ comparison: Comparison
  ) -> Finding {
    comparison.finding(
      self, severity, message,
      remedy: severity == .breaking
        ? "hand the files over first; --adopt \(code) says that they are"
        : "try the image as that user first",
      acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
  }
}
