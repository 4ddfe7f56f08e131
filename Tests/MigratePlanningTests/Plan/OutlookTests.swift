import MigratePlanning
import Testing

@testable import PlanSamples

/// What a plan says where the API server makes something else of an object than what is sent.
@Suite struct OutlookTests {
  private static let deployment = ObjectReference(
    kind: "Deployment", name: "web", namespace: "mqtt")

  /// Plans, with an API server that answers every write with the object, changed.
  private func plan(
    _ release: SampleRelease = SampleRelease(),
    answering change: @escaping @Sendable (ObjectWrite) -> JSON
  ) async throws -> Plan {
    let chart = FakeChart()
    return try await Planner.plan(
      release.snapshot, onto: chart.target, recipe: try SampleRecipe.recipe(), choices: Choices(),
      render: { chart.render($0 ?? [:]) },
      ask: { comparison in
        var answers = ServerAnswers.nothingAmiss()
        for write in comparison.writes { answers.predicted[write.reference] = change(write) }
        return answers
      })
  }

  private static func changing(
    _ path: [String], to value: JSON
  ) -> @Sendable (ObjectWrite) -> JSON {
    { $0.reference == deployment ? $0.object.replacing(path[...], with: value) : $0.object }
  }

  @Test func whatIsTakenAsItIsSaysNothing() async throws {
    let plan = try await plan { $0.object }
    #expect(plan.findings(.fieldChanged).map(\.message) == [])
    #expect(plan.evidence.outlooks.map(\.isAnswered) == [true, true])
    #expect(plan.verdict == .ready)
  }

  @Test(
    arguments: [
      (["spec", "template", "spec", "nodeSelector"], ["zone": "a"]),
      (["spec", "template", "spec", "hostPID"], true),
      (["spec", "replicas"], 3),
      (["metadata", "annotations"], ["policy": "1"]),
      (["spec", "template", "metadata", "labels"], ["app": "web", "sidecar": "on"]),
    ] as [([String], JSON)])
  func whatIsChangedOnTheWayIsNamed(path: [String], value: JSON) async throws {
    let plan = try await plan(answering: Self.changing(path, to: value))
    let findings = plan.findings(.changedByAdmission)
    #expect(findings.count == 1, "\(findings.map(\.message))")
    #expect(findings.first?.path?.hasPrefix(path.joined(separator: ".")) == true)
    #expect(
      findings.first?.message.contains("something in the cluster changes it") == true)
    #expect(plan.verdict == .attention)
  }

  @Test(
    arguments: [
      (["spec", "template", "spec", "dnsPolicy"], "ClusterFirst"),
      (["spec", "revisionHistoryLimit"], 10),
      (["spec", "template", "spec", "serviceAccount"], "web"),
      (["metadata", "labels"], ["app": "web", "team": "a"]),
      (["metadata", "annotations"], ["deployment.kubernetes.io/revision": "5"]),
    ] as [([String], JSON)])
  func whatTheServerFillsInIsNot(path: [String], value: JSON) async throws {
    let plan = try await plan(answering: Self.changing(path, to: value))
    #expect(plan.findings(.fieldChanged).map(\.message) == [])
  }

  @Test func aSecretIsNotShown() async throws {
    var release = SampleRelease()
    release.moreObjects = [
      ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"], "data": ["a": "c2VjcmV0"]]
    ]
    var chart = FakeChart()
    chart.moreObjects = [
      ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"], "data": ["a": "b3RoZXI="]]
    ]
    let plan = try await Planning.plan(release, chart: chart)
    let document = try Planning.document(plan)
    let finding = try #require(document.findings.first { $0.code == .fieldChanged })
    #expect(finding.path == "data.a")
    #expect(finding.before == .string(Sensitivity.redacted))
    let text = try document.json.canonical
    #expect(!text.contains("b3RoZXI"))
  }

  @Test func aRenamedServiceIsComparedWithTheOneThatItReplaces() async throws {
    var release = SampleRelease()
    release.services = [release.service(spec: ["trafficDistribution": "PreferClose"])]
    let plan = try await Planning.plan(
      release, choices: Choices(set: [try ValuePath("service.http.name"): "front"]))
    let finding = try #require(plan.findings(.fieldChanged).first)
    #expect(finding.subject.name == "front")
    #expect(finding.path == "spec.trafficDistribution")
  }

  @Test(arguments: [
    ("field-changed=Service/web:spec.trafficDistribution", []),
    ("field-changed=Service/web", []),
    ("field-changed", []),
    ("field-changed=Service/web:spec.x", ["field-changed=Service/web:spec.trafficDistribution"]),
    (
      "field-changed=Service/other:spec.trafficDistribution",
      ["field-changed=Service/web:spec.trafficDistribution"]
    ),
    ("drift", ["field-changed=Service/web:spec.trafficDistribution"]),
  ])
  func aFieldIsAcceptedByItsPath(acceptance: String, missing: [String]) async throws {
    var release = SampleRelease()
    release.services = [release.service(spec: ["trafficDistribution": "PreferClose"])]
    let document = try Planning.document(try await Planning.plan(release))
    #expect(document.codesToAccept(beyond: [Acceptance(acceptance)]) == missing)
  }
}
