/// A new claim asks for a storage class that the cluster does not have.
///
/// Meaning: the claim stays `Pending`, and so does the broker's new Pod, until somebody makes a
/// volume for it by hand.
///
/// Why: with an empty `persistence.storageClass` the claim gets the cluster's default class, and
/// there is none; or the class that is named is not there.
///
/// Resolve: name a class that there is, or `-` for a volume that was made by hand:
///
///     kubectl get storageclasses
///     backbone-migrate plan web --set persistence.enabled=true \
///       --set persistence.storageClass=standard
///
/// Severity: `breaking`.
package enum StorageClassMissing: FindingRule {
  package static let code = FindingCode.storageClassMissing
  package static let dimension = Dimension.storage

  private static let defaultMarks = [
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
  ]

  package static func findings(in evidence: Evidence) -> [Finding] {
    let comparison = evidence.comparison
    guard evidence.unread(.storageClass) == nil else { return [] }
    let classes = evidence.neighbours(.storageClass)
    let hasDefault = classes.contains { storageClass in
      defaultMarks.contains { storageClass["metadata"]?["annotations"]?[$0] == "true" }
    }
    let known = classes.map(\.objectName).sorted().joined(separator: ", ")
    return comparison.newClaims.compactMap { claim in
      let name = claim["spec"]?["storageClassName"]?.string
      let isMissing =
        switch name {
        case nil: !hasDefault
        case "": false
        case let name?: !classes.contains { $0.objectName == name }
        }
      guard isMissing else { return nil }
      let reference = claim.objectReference(
        defaultNamespace: comparison.situation.snapshot.release.namespace)
      return comparison.finding(
        self, .breaking,
        "the new PersistentVolumeClaim \"\(claim.objectName)\" asks for "
          + (name.map { "storage class \"\($0)\"" } ?? "the default storage class")
          + ", and the cluster has none such: it stays Pending, and the broker's Pod with it",
        subject: reference,
        remedy: "--set persistence.storageClass=CLASS"
          + (known.isEmpty ? "" : "; there are \(known)"),
        acceptedBy: comparison.situation.choices.consent(homes: [], code: code))
    }
  }
}
