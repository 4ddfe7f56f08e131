/// The broker would run from another image.
///
/// The target chart names an image of its own. The plan keeps the image that runs now: a new broker
/// version is a step of its own.
package enum ImageChanged: FindingRule {
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
    return [
      comparison.finding(
        self, .breaking,
        isKept
          ? "\(comparison.targetName) names another image by default; \(before.words) is kept"
          : "the image changes from \(before.words) to \(after.words)",
        before: before, after: after,
        remedy: isKept
          ? "nothing to do; --adopt \(code) takes the chart's image"
          : "set it with --set image.tag",
        isResolved: isKept, acceptedBy: isKept ? nil : consent)
    ]
  }
}
