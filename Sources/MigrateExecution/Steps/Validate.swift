import MigrateAdapters
import MigratePlanning

/// Sees that the release is still what was planned. What the API server makes of what will be sent,
/// the plan was told a moment ago: an apply plans once more.
struct Validate: RunStep {
  let name = RunDocument.StepName.validate
  let records: RecordedStep = [.preview, .performance]
  let apply: ApplyInput

  func preview() async throws -> String? {
    let changes = ApplyPreview(apply: apply).changes
    await apply.recorder.change { $0.changes = changes }
    return "the API server takes it all"
  }

  func perform() async throws -> String? {
    try await requireUnchanged()
    return try await preview()
  }

  /// Requires that the release is still what the plan saw: a question may have stood for hours.
  private func requireUnchanged() async throws {
    let (release, snapshot) = (apply.release, apply.snapshot)
    async let pendingStatus = apply.context.releases.status(of: release.name)
    let live = try await apply.context.cluster.get(snapshot.live.all)
    for object in snapshot.live.all {
      let reference = object.objectReference(defaultNamespace: release.namespace)
      let now = live.object(reference, in: release.namespace)
      let isSame =
        reference == apply.oldReference
        ? now.map { apply.planned.isSameVersion(as: Deployment($0)) } ?? false
        : now?.content == object.content
      guard isSame else {
        throw RunFailure(.refused, "\(reference) was changed by somebody since the plan was made")
      }
    }
    let status = try await pendingStatus
    guard status.revision == release.revision, status.status == release.status else {
      throw RunFailure(
        .refused,
        "somebody made revision \(status.revision) (\(status.status)) of the release since the "
          + "plan "
          + "was made")
    }
  }
}
