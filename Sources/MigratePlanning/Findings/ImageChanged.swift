/// The broker would run from another image.
///
/// Meaning: the plan keeps the image that runs now, its tag and digest included. A new version of
/// the broker is a step of its own, best taken when the new chart has proved itself: then a problem
/// has one cause.
///
/// Why: the target chart names an image of its own, with its own version as the tag.
///
/// Resolve: there is nothing to do to keep the image. Take the chart's, or name one:
///
///     backbone-migrate plan web --adopt image-changed
///     backbone-migrate plan web --set image.tag=1.5.0
///
/// Severity: `breaking`, taken care of when the image is kept.
package enum ImageChanged: ComparisonRule {
  package static let code = FindingCode.imageChanged
  package static let dimension = Dimension.image

  package static func findings(in comparison: Comparison) -> [Finding] {
    let parts = comparison.settings.filter {
      $0.home.code == code && ($0.isThreatened || !$0.isKept)
    }
    guard !parts.isEmpty else { return [] }
    let before = comparison.situation.live.container["image"].map(Observed.value) ?? .absent
    let after = comparison.target.container["image"].map(Observed.value) ?? .absent
    let isKept = parts.allSatisfy(\.isKept)
    let consent = parts.first { !$0.isKept }?.consent
    let homes = parts.filter { !$0.isKept && comparison.situation.target.has($0.home.home) }
    return [
      comparison.finding(
        self, .breaking,
        isKept
          ? "\(comparison.targetName) names another image by default; \(before.words) is kept"
          : "the image changes from \(before.words) to \(after.words)",
        before: before, after: after,
        remedy: isKept
          ? "nothing to do; --adopt \(code) takes the chart's image"
          : homes.isEmpty
            ? "the target chart has no value for it"
            : "set it with " + homes.map { "--set \($0.home.home)=VALUE" }.joined(separator: " "),
        isResolved: isKept, acceptedBy: isKept ? nil : consent)
    ]
  }
}
