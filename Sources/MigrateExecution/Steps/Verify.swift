import MigrateAdapters
import MigratePlanning

/// Compares what there is after an apply with what the plan said.
struct Verify: RunStep {
  let name = RunDocument.StepName.verify
  let apply: ApplyInput

  func perform() async throws -> String? {
    let rendered = apply.comparison.rendered.all
    let live = try await apply.context.cluster.get(rendered)
    let differences = try apply.plan.differences(from: live)
    await apply.recorder.change { $0.differences = differences }
    let variables = apply.comparison.environment.count
    return differences.isEmpty
      ? "\(rendered.count) object\(rendered.count == 1 ? "" : "s") and \(variables) variables "
        + "are as planned"
      : "\(differences.count) fields are otherwise than planned"
  }
}
