import MigrateAdapters
import MigratePlanning

/// What becomes of each object in an apply, asked of the API server by dry runs.
struct ApplyPreview {
  let apply: ApplyInput

  private var cluster: Cluster { apply.context.cluster }

  /// The changes of all objects, field by field, without secrets.
  ///
  /// - Throws: `RunFailure` where the API server refuses one.
  func changes() async throws(RunFailure) -> [RunDocument.Change] {
    var changes: [RunDocument.Change] = []
    for change in apply.plan.objects where change.change != .none {
      let reference = change.object
      let live = apply.snapshot.live.object(kind: reference.kind, name: reference.name)
      let after = try await after(change, live ?? [:])
      let fields = after.map { after in
        FieldDifference.between(
          (live ?? [:]).content.withoutOwnership, after.content.withoutOwnership)
      }
      changes.append(
        RunDocument.Change(
          object: PlanDocument.Object(reference, change.change),
          fields: apply.plan.sensitivity.shown(fields ?? [], of: reference)))
    }
    return changes
  }

  /// The object after its change; nil when it goes, or leaves the release.
  private func after(_ change: ObjectChange, _ live: JSON) async throws(RunFailure) -> JSON? {
    let reference = change.object
    let rendered = apply.comparison.rendered.object(kind: reference.kind, name: reference.name)
    switch change.change {
    case .create: return rendered
    case .delete, .keep, .none: return nil
    case .update, .replace:
      do {
        return try await asTheServerHasIt(reference, live, rendered ?? [:])
      } catch {
        throw RunFailure(
          .refused,
          error.isConflict
            ? "\(reference) was changed by somebody since the plan was made"
            : "the API server refuses \(reference): \(error)")
      }
    }
  }

  private func asTheServerHasIt(
    _ reference: ObjectReference, _ live: JSON, _ rendered: JSON
  ) async throws(ClusterError) -> JSON {
    let manifest = apply.snapshot.manifest.object(kind: reference.kind, name: reference.name)
    if reference == apply.oldReference {
      // Its server's defaults are not known before it is made.
      guard !apply.replacesWorkload else { return rendered }
      let paused = try await apply.oldDeployment.pause(
        Deployment(live), as: apply.target, dryRun: true)
      return paused.object.without("spec", "paused").withHelmsMarks(from: manifest, to: rendered)
    }
    let leftovers = apply.leftovers(of: live, rendered)
    if apply.isServerSide, leftovers == nil { return try await cluster.applied(rendered) }
    let helms = StrategicPatch.patch(from: manifest ?? [:], to: rendered)
    return try await cluster.patch(
      reference, with: leftovers.map { ServiceLeftovers.adding($0, to: helms) } ?? helms,
      as: rendered.isBuiltIn ? .strategic : .merge, dryRun: true)
  }
}

extension JSON {
  /// Whether Kubernetes itself knows the kind, and so how to merge its lists.
  fileprivate var isBuiltIn: Bool {
    let group = self["apiVersion"]?.string?.split(separator: "/").first.map(String.init) ?? "v1"
    return !group.contains(".") || group.hasSuffix(".k8s.io")
  }

  /// With the object's own labels and annotations as helm makes them of two manifests.
  fileprivate func withHelmsMarks(from manifest: JSON?, to rendered: JSON) -> JSON {
    ["labels", "annotations"].reduce(self) { object, key in
      let old = manifest?["metadata"]?[key]?.members ?? [:]
      let new = rendered["metadata"]?[key]?.members ?? [:]
      var marks = object["metadata"]?[key]?.members ?? [:]
      for name in old.keys where new[name] == nil { marks[name] = nil }
      marks.merge(new) { _, helms in helms }
      return marks.isEmpty
        ? object.without("metadata", key)
        : object.replacing(["metadata", key], with: .object(marks))
    }
  }

  /// Without the marks by which helm knows its own objects.
  fileprivate var withoutOwnership: JSON {
    without("metadata", "annotations", "meta.helm.sh/release-name")
      .without("metadata", "annotations", "meta.helm.sh/release-namespace")
      .without("metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration")
  }
}
