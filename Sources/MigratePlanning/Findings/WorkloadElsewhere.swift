/// The broker's Deployment is, or would be, in another namespace than the release.
///
/// Meaning: Secrets, claims and the ServiceAccount that its Pods name are those of its own
/// namespace, and Services find Pods in theirs only. The target puts the Deployment into another
/// namespace, where none of them are, and a broker there is another broker with other addresses.
///
/// Why: a template writes `metadata.namespace` of its own, by a value such as `namespaceOverride`.
///
/// Resolve: move the release before, so that it lives where its broker does: install the chart as
/// it is into that namespace, move the clients, and plan that release. Where the target chart has a
/// value for the namespace, take it out, or set it to the release's:
///
///     backbone-migrate plan web --namespace mqtt --set namespaceOverride=mqtt
///
/// Severity: `blocker`.
package enum WorkloadElsewhere: ComparisonRule {
  package static let code = FindingCode.workloadElsewhere
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let situation = comparison.situation
    let home = situation.snapshot.release.namespace
    let sides: [(workload: Workload, place: String)] = [
      (situation.live, "is"), (comparison.target, "would be"),
    ]
    return sides.compactMap { workload, verb in
      let there = workload.deployment.objectReference(defaultNamespace: home)
      guard let namespace = there.namespace, namespace != home else { return nil }
      return comparison.finding(
        self, .blocker,
        "\(there) \(verb) in namespace \"\(namespace)\", and the release in \"\(home)\"",
        subject: there,
        remedy: verb == "is"
          ? "install the release in namespace \"\(namespace)\", move the clients there, then plan "
            + "that one"
          : "have the chart render it in namespace \"\(home)\", then plan again")
    }
  }
}
