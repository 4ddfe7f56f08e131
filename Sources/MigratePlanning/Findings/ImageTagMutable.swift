/// The image's tag may name another image tomorrow.
///
/// Meaning: the upgrade restarts the Pod, and the node may pull what the tag names by then: a
/// broker of another version in the same moment as another chart. When it goes wrong, nobody knows
/// which of the two it was, and going back does not bring the old image back.
///
/// Why: the Deployment names its image by a tag that moves, such as `latest`, `main` or `stable`.
///
/// Resolve: name a version, or better the digest of what runs now. A running Pod knows it:
///
///     kubectl get pods --namespace mqtt --selector app=web --output \
///       'jsonpath={.items[*].status.containerStatuses[*].imageID}'
///     backbone-migrate plan web --set image.digest=sha256:…
///
/// Severity: `warning`.
package enum ImageTagMutable: ComparisonRule {
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
