import MigratePlanning

/// What becomes of each object in an apply, as the API server foretold it to the plan.
struct ApplyPreview {
  let apply: ApplyInput

  /// The changes of all objects, field by field, without secrets.
  var changes: [RunDocument.Change] {
    apply.plan.objects.filter { $0.change != .none }.map { change in
      RunDocument.Change(
        object: PlanDocument.Object(change.object, change.change),
        fields: apply.plan.sensitivity.shown(fields(of: change), of: change.object))
    }
  }

  /// The fields in which an object differs; none of one that goes, or leaves the release.
  private func fields(of change: ObjectChange) -> [FieldDifference] {
    switch change.change {
    case .delete, .keep, .none: return []
    case .create:
      let rendered =
        apply.comparison.rendered.object(change.object, in: apply.release.namespace) ?? .null
      return FieldDifference.between([:], rendered.content.withoutOwnership)
    case .update, .replace:
      guard
        let outlook = apply.plan.evidence.outlooks.first(where: { $0.reference == change.object })
      else { return [] }
      return FieldDifference.between(
        outlook.live.content.withoutOwnership, outlook.predicted.content.withoutOwnership)
    }
  }
}

extension JSON {
  /// Without the marks by which helm knows its own objects.
  fileprivate var withoutOwnership: JSON {
    without("metadata", "annotations", "meta.helm.sh/release-name")
      .without("metadata", "annotations", "meta.helm.sh/release-namespace")
      .without("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
  }
}
