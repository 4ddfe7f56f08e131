/// The image's tag may name another image tomorrow.
///
/// The upgrade restarts the Pod, and the node may pull what the tag names by then: a broker of
/// another version, in the same moment as another chart. Tags such as `latest`, and any tag that is
/// always pulled, can do that.
///
/// Resolve it by a version's tag, or better by a digest: `--set image.digest=sha256:…`.
package enum ImageTagMutable: FindingRule {
  package static let code = FindingCode.imageTagMutable
  package static let dimension = Dimension.image

  private static let movingTags: Set<String> = [
    "latest", "main", "master", "edge", "dev", "develop", "nightly", "stable", "snapshot",
  ]

  package static func findings(in comparison: Comparison) -> [Finding] {
    let image = WorkloadObserver.Image(comparison.target.container["image"]?.string ?? "")
    guard image.digest == nil, let tag = image.tag, movingTags.contains(tag.lowercased()) else {
      return []
    }
    let before = comparison.situation.live.container["image"].map(Observed.value) ?? .absent
    return [
      comparison.finding(
        self, .warning,
        "the tag \"\(tag)\" may name another image by the time the Pod restarts", before: before,
        after: comparison.target.container["image"].map(Observed.value) ?? .absent,
        remedy: "name a version: --set image.tag=VERSION, or --set image.digest=sha256:…")
    ]
  }
}
