/// A volume that one node or Pod may have at a time, and a rollout that runs two Pods.
///
/// Meaning: with `RollingUpdate` the new Pod starts while the old one has the volume. With
/// `ReadWriteOnce` it waits for ever when it lands on another node, and writes beside the old one
/// when it lands on the same. With `ReadWriteOncePod` it never starts.
///
/// Why: the claim at /data, and the strategy of the Deployment, which the plan keeps. Chart 0.2.0
/// would choose `Recreate` here.
///
/// Resolve: take the strategy of the chart; clients are without a broker while the Pod is replaced:
///
///     backbone-migrate plan web --adopt strategy
///
/// Severity: `breaking` when the new Pod cannot start; `warning` when that depends on the node.
///
/// Source: the design of chart 0.2.0, "Use PVC for /data persistence".
package enum SingleWriterRollout: ComparisonRule {
  package static let code = FindingCode.singleWriterRollout
  package static let dimension = Dimension.storage

  package static func findings(in comparison: Comparison) -> [Finding] {
    guard comparison.startsNewPodFirst, comparison.target.spec["replicas"] != 0,
      let name = WorkloadObserver.dataClaimName(of: comparison.target)
    else { return [] }
    let snapshot = comparison.situation.snapshot
    let claim = [comparison.renderedHere, comparison.situation.liveHere, snapshot.related].lazy
      .compactMap { $0.object(kind: "PersistentVolumeClaim", name: name) }.first
    let modes = (claim?["spec"]?["accessModes"]?.elements ?? []).compactMap(\.string)
    let isOfOnePod = modes == ["ReadWriteOncePod"]
    guard isOfOnePod || modes == ["ReadWriteOnce"] else { return [] }
    // A claim that is new is nobody's yet.
    let isHeld = WorkloadObserver.dataClaimName(of: comparison.situation.live) == name
    guard isHeld else { return [] }
    return [
      comparison.finding(
        self, isOfOnePod ? .breaking : .warning,
        isOfOnePod
          ? "the new Pod waits for claim \"\(name)\", which one Pod may have at a time, until the "
            + "old one is gone, and the old one stays until the new one is ready"
          : "the new Pod starts while the old one has claim \"\(name)\", which one node may have "
            + "at a time: on another node it waits for ever",
        subject: ObjectReference(
          kind: "PersistentVolumeClaim", name: name, namespace: snapshot.release.namespace),
        remedy: "--adopt strategy, or --set strategy.type=Recreate",
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    ]
  }
}
