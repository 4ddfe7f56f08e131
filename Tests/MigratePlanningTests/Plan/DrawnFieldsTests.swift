import MigratePlanning
import Testing

@testable import PlanSamples

/// What a chart draws anew each time that it is rendered.
@Suite struct DrawnFieldsTests {
  /// A chart that draws: each rendering has another number.
  private actor Draws {
    private var count = 0
    func next() -> Int {
      count += 1
      return count
    }
  }

  private static func secret(_ text: String) -> JSON {
    [
      "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "web-auth"],
      "stringData": ["password": .string(text), "user": "admin"],
    ]
  }

  /// Plans with a chart that renders otherwise each time.
  private func plan(
    _ choices: Choices = Choices(),
    _ chart: @escaping @Sendable (Int) -> FakeChart
  ) async throws -> Plan {
    let draws = Draws()
    func render(_ values: JSON?) async -> Objects {
      chart(await draws.next()).render(values ?? [:])
    }
    return try await Planner.plan(
      SampleRelease().snapshot, onto: FakeChart().target, recipe: try SampleRecipe.recipe(),
      choices: choices, render: render, renderAgain: render, ask: { _ in .nothingAmiss() })
  }

  @Test func aDrawnSecretIsNamedAndMayBeAccepted() async throws {
    let chart: @Sendable (Int) -> FakeChart = {
      FakeChart(moreObjects: [Self.secret("draw-\($0)")])
    }
    let plan = try await plan(Choices(), chart)
    let finding = try #require(plan.findings(.valueDrawn).first)
    #expect(finding.severity == .breaking && finding.isOpen)
    #expect(finding.message.contains("Secret/web-auth") && finding.message.contains("password"))
    #expect(!finding.message.contains("user") && !finding.message.contains("draw-"))
    let accepted = try await self.plan(Choices(adopt: ["value-drawn"]), chart)
    #expect(accepted.verdict == .ready)
    #expect(accepted.findings(.valueDrawn).first?.acceptedBy == "--adopt value-drawn")
  }

  @Test func thePlanIsTheSameEachTime() async throws {
    let chart: @Sendable (Int) -> FakeChart = {
      FakeChart(
        moreObjects: [Self.secret("draw-\($0)")],
        otherDefaults: ["podAnnotations": ["drawn": .string("draw-\($0)")]])
    }
    let first = try Planning.document(try await plan(Choices(), chart))
    let second = try Planning.document(try await plan(Choices(), chart))
    #expect(first.digest == second.digest)
  }

  @Test func whatIsDrawnInTheBrokersPodsBlocks() async throws {
    let plan = try await plan { FakeChart(containerExtras: ["workingDir": .string("/\($0)")]) }
    let finding = try #require(plan.findings(.valueDrawn).first)
    #expect(finding.severity == .blocker)
    #expect(finding.message.contains("spec.template.spec.containers[backbone].workingDir"))
  }

  @Test func aDrawnNameBlocks() async throws {
    let plan = try await plan { number in
      FakeChart(moreObjects: [
        ["apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": .string("job-\(number)")]]
      ])
    }
    let finding = try #require(plan.findings(.valueDrawn).first)
    #expect(finding.severity == .blocker && finding.message.contains("of a Job"))
  }

  @Test func whatComesOutTheSameIsNotDrawn() async throws {
    let plan = try await plan { _ in FakeChart(moreObjects: [Self.secret("same")]) }
    #expect(plan.findings(.valueDrawn) == [])
    #expect(plan.comparison.drawn.isEmpty)
    #expect(plan.verdict == .ready)
  }

  @Test func verificationLeavesDrawnFieldsOut() async throws {
    let plan = try await plan { FakeChart(moreObjects: [Self.secret("draw-\($0)")]) }
    let secret: JSON = [
      "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "web-auth"],
      // draw-9, admin
      "data": ["password": "ZHJhdy05", "user": "YWRtaW4="],
    ]
    func differences(_ secret: JSON) throws -> [String] {
      let others = plan.comparison.rendered.all.filter { $0["kind"] != "Secret" }
      return try plan.comparison.differences(
        from: Objects(others + [secret]), hiding: plan.sensitivity
      ).map(\.path)
    }
    #expect(try differences(secret) == [])
    #expect(try differences(secret.replacing(["data", "user"], with: "eA==")) == ["data.user"])
  }
}

/// Secrets whose content is written as text.
@Suite struct StoredSecretTests {
  private static func secret(_ members: [String: JSON]) -> JSON {
    .object(["kind": "Secret", "metadata": ["name": "a"]].merging(members) { own, _ in own })
  }

  @Test func textStandsInDataOverWhatIsThere() {
    let written = Self.secret([
      "data": ["a": "b2xk", "b": "b2xk"], "stringData": ["a": "new", "c": "é"],
    ])
    #expect(written.asStored == Self.secret(["data": ["a": "bmV3", "b": "b2xk", "c": "w6k="]]))
  }

  @Test func everythingElseStaysAsItIs() {
    for object in [
      Self.secret(["data": ["a": "b2xk"]]), ["kind": "ConfigMap", "stringData": ["a": "b"]],
      ["apiVersion": "example.org/v1", "kind": "Secret", "stringData": ["a": "b"]], .null,
    ] as [JSON] { #expect(object.asStored == object) }
  }
}
