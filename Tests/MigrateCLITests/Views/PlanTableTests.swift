import ArgumentParser
import MigratePlanning
import Testing

@testable import MigrateCLI

@Suite struct PlanTableTests {
  /// Another history or helm than the usual one is named again, or the command would not find the
  /// plan.
  @Test func whatWasNamedIsInTheCommandsThatFollow() async throws {
    let plan = try await ExamplePlan.document()
    let command = try #require(plan.applyCommand)
    let options = try GlobalOptions.parse([
      "--helm", "/opt/helm 3/helm", "--history", "h.sqlite", "--kubeconfig", "k",
    ])
    let text = PlanTable(width: 80, usesColor: false, isKept: true, means: options.means).text(plan)
    let all = "\(command) --kubeconfig k --history h.sqlite --helm '/opt/helm 3/helm'"
    #expect(text.hasSuffix("  \(all) --dry-run\n  \(all)\n"), "\(text.suffix(400))")
    #expect(try GlobalOptions.parse([]).means.isEmpty)
  }
}
