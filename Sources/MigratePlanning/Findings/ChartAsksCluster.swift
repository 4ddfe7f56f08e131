/// What the target chart renders depends on the cluster.
///
/// Meaning: the same chart with the same values makes other objects on another cluster: of other
/// versions, with other names, or none. The plan goes by what comes out here.
///
/// Why: a template asks for Kubernetes' version, which kinds are served (`.Capabilities`), or for
/// an object that may be there (`lookup`). helm answers that by itself where it has no cluster to
/// ask, and otherwise than the cluster would.
///
/// Resolve: nothing, where the release is planned in its cluster: the chart is rendered on the API
/// server's word, as `helm upgrade` does it. A plan from a file says nothing of it; make it where
/// the release lives:
///
///     backbone-migrate plan web --namespace mqtt --chart ./our-backbone
///
/// Severity: `info`. Where the cluster could not be asked, it is listed as not judged.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ChartAsksCluster: ComparisonRule {
  package static let code = FindingCode.chartAsksCluster
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    guard situation.target.questions.asksCluster,
      !situation.snapshot.hidden.contains(where: { $0.code == code.rawValue })
    else { return [] }
    return [
      comparison.finding(
        self, .info,
        "\(comparison.targetName) asks the cluster what it serves or has, and was rendered on its "
          + "word", remedy: "nothing to do", isResolved: true)
    ]
  }

  /// What stays open where the cluster was not asked.
  package static func unchecked(_ target: Target, because reason: String) -> Unchecked {
    Unchecked(
      code: code.rawValue,
      reason: "chart \(target.chartName) \(target.chartVersion) renders what the cluster serves or "
        + "has, or goes by its version, and \(reason)")
  }
}
