/// An object that the upgrade would create exists already, and the release does not own it.
///
/// Helm stops: "exists and cannot be imported into the current release". With `--take-ownership` it
/// passes, and a later rollback deletes the object, whoever made it. Cluster-scoped objects of a
/// release in another namespace count as well.
///
/// Resolve it by another name, by not creating the object, or by removing it if nobody needs it.
package enum ObjectUnowned: FindingRule {
  package static let code = FindingCode.objectUnowned
  package static let dimension = Dimension.ownership

  package static func findings(in comparison: Comparison) -> [Finding] {
    let release = comparison.situation.snapshot.release
    return comparison.answers.existing.all.compactMap { object in
      let metadata = object["metadata"]
      let owner = metadata?["annotations"]?["meta.helm.sh/release-name"]?.string
      let ownerNamespace = metadata?["annotations"]?["meta.helm.sh/release-namespace"]?.string
      let isOurs =
        owner == release.name && ownerNamespace == release.namespace
        && metadata?["labels"]?["app.kubernetes.io/managed-by"] == "Helm"
      guard !isOurs else { return nil }
      let reference = object.objectReference(defaultNamespace: release.namespace)
      let whose =
        owner.map { "belongs to release \"\($0)\" in namespace \"\(ownerNamespace ?? "?")\"" }
        ?? "belongs to no release"
      return comparison.finding(
        self, .blocker, "\(reference) exists and \(whose), so helm would refuse to create it",
        subject: reference,
        remedy: "tell the chart to use another name or not to create it, or remove the object")
    }
  }
}
