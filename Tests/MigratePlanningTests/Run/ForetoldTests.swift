import MigratePlanning
import Testing

@testable import PlanSamples

/// What an apply foretold, against what there is some time later.
@Suite struct ForetoldTests {
  /// The plan of a release, and the objects as its apply leaves them.
  private static func foretold() async throws -> (plan: Plan, foretold: Foretold, live: Objects) {
    let plan = try await Planning.plan(SampleRelease.with([("LOG_LEVEL", "debug")]))
    let foretold = Foretold(plan)
    return (plan, foretold, Objects(foretold.objects))
  }

  private static func changed(_ live: Objects, _ change: (JSON) -> JSON?) -> Objects {
    Objects(live.all.compactMap { $0["kind"] == "Service" ? change($0) : $0 })
  }

  @Test func whatIsAsItWasLeftIsNoDifference() async throws {
    let (plan, foretold, live) = try await Self.foretold()
    #expect(!foretold.objects.isEmpty)
    #expect(foretold.differences(from: live, in: "mqtt", hiding: plan.sensitivity) == [])
  }

  @Test func whatIsGoneOrOtherwiseIsNamed() async throws {
    let (plan, foretold, live) = try await Self.foretold()
    let gone = foretold.differences(
      from: Self.changed(live) { _ in nil }, in: "mqtt", hiding: plan.sensitivity)
    #expect(gone.map(\.path).allSatisfy { $0 == "metadata.name" } && !gone.isEmpty)
    let other = foretold.differences(
      from: Self.changed(live) { $0.replacing(["spec", "type"], with: "LoadBalancer") },
      in: "mqtt", hiding: plan.sensitivity)
    #expect(other.map(\.path).allSatisfy { $0 == "spec.type" } && !other.isEmpty)
    #expect(other.map(\.found).allSatisfy { $0 == "LoadBalancer" })
  }

  @Test func whatIsAddedIsNoDifference() async throws {
    let (plan, foretold, live) = try await Self.foretold()
    let added = Self.changed(live) {
      $0.replacing(["metadata", "annotations", "cloud.example/zone"], with: "a")
    }
    #expect(foretold.differences(from: added, in: "mqtt", hiding: plan.sensitivity) == [])
  }
}
