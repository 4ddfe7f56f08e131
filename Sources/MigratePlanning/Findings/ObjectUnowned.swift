/// An object that the upgrade would create exists already, and the release does not own it.
///
/// Meaning: helm stops with `exists and cannot be imported into the current release`. Objects
/// without a namespace, such as ClusterRoles, count as well when a release in another namespace has
/// one of the same name.
///
/// Why: somebody made the object by hand, another release has it, or it was left behind. With
/// `--take-ownership` the upgrade passes, but a later rollback deletes the object, whoever made it.
///
/// Resolve: have the chart take another name, or not create the object, or remove it if nobody
/// needs it. Whose it is stands in its annotations, here for a Service:
///
///     kubectl get service web-tcp --namespace mqtt --output yaml
///     backbone-migrate plan web --set service.tcp.name=web-mqtt
///
/// Severity: `blocker`; taken care of where only the target's defaults would create the object.
///
/// Source: measured on Helm 3.17 and 4.3, see docs/measured.md.
package enum ObjectUnowned: FindingRule {
  package static let code = FindingCode.objectUnowned
  package static let dimension = Dimension.ownership

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    guard let answers = evidence.answers else { return [] }
    let release = comparison.situation.snapshot.release
    return unowned(answers.existing, by: release).map {
      reference, whose in
      comparison.finding(
        self, .blocker, "\(reference) exists and \(whose), so helm would refuse to create it",
        subject: reference,
        remedy: "tell the chart to use another name or not to create it, or remove the object")
    }
      + unowned(answers.avoided, by: release).map {
        reference, whose in
        comparison.finding(
          self, .blocker,
          "\(reference) exists and \(whose), so helm would refuse to create it as the chart does "
            + "by default; the plan does not create it",
          subject: reference, remedy: "nothing to do", isResolved: true)
      }
  }

  /// The objects that are not a release's, and whose they are.
  private static func unowned(
    _ objects: Objects, by release: ReleaseIdentity
  ) -> [(ObjectReference, whose: String)] {
    objects.all.compactMap { object in
      let metadata = object["metadata"]
      let owner = metadata?["annotations"]?["meta.helm.sh/release-name"]?.string
      let ownerNamespace = metadata?["annotations"]?["meta.helm.sh/release-namespace"]?.string
      let isOurs =
        owner == release.name && ownerNamespace == release.namespace
        && metadata?["labels"]?["app.kubernetes.io/managed-by"] == "Helm"
      guard !isOurs else { return nil }
      let whose =
        owner.map { "belongs to release \"\($0)\" in namespace \"\(ownerNamespace ?? "?")\"" }
        ?? "belongs to no release"
      return (object.objectReference(defaultNamespace: release.namespace), whose)
    }
  }
}
