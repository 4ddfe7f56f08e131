import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct ObjectChangeTests {
  private func object(
    _ kind: String, _ name: String, label: String = "a", keep: Bool = false
  ) -> JSON {
    var metadata: [String: JSON] = ["name": .string(name), "labels": ["l": .string(label)]]
    if keep { metadata["annotations"] = ["helm.sh/resource-policy": "keep"] }
    return ["kind": .string(kind), "metadata": .object(metadata)]
  }

  private func changes(from manifest: [JSON], live: [JSON], to rendered: [JSON]) -> [String] {
    ObjectChange.changes(
      from: Objects(manifest), live: Objects(live), to: Objects(rendered), namespace: "mqtt"
    ).map { "\($0.change) \($0.object)" + ($0.object.namespace.map { " in \($0)" } ?? "") }
  }

  @Test func everyObjectHasItsChange() {
    let same = object("Service", "same")
    let old = object("Deployment", "web")
    let new = object("Deployment", "web", label: "b")
    let gone = object("Service", "gone")
    let kept = object("PersistentVolumeClaim", "kept", keep: true)
    #expect(
      changes(
        from: [same, old, gone, kept], live: [same, old, gone, kept],
        to: [new, same, object("Role", "fresh"), object("ClusterRole", "wide")]) == [
          "create ClusterRole/wide", "update Deployment/web in mqtt",
          "keep PersistentVolumeClaim/kept in mqtt", "create Role/fresh in mqtt",
          "delete Service/gone in mqtt", "none Service/same in mqtt",
        ])
  }

  /// Helm reads the object before it deletes it, and looks at the annotation there.
  @Test func theLiveObjectSaysWhetherItIsKept() {
    let kept = object("PersistentVolumeClaim", "data", keep: true)
    let bare = object("PersistentVolumeClaim", "data")
    let claim = "PersistentVolumeClaim/data in mqtt"
    #expect(changes(from: [bare], live: [kept], to: []) == ["keep \(claim)"])
    #expect(changes(from: [kept], live: [bare], to: []) == ["delete \(claim)"])
  }

  @Test func whatIsGoneFromTheClusterIsCreatedAgain() {
    let service = object("Service", "web")
    #expect(changes(from: [service], live: [], to: [service]) == ["create Service/web in mqtt"])
  }

  @Test func oneOfTheSameNameInAnotherNamespaceIsAnotherObject() {
    let here = object("ConfigMap", "web")
    let there = here.replacing(["metadata", "namespace"], with: "other")
    #expect(
      changes(from: [here, there], live: [here, there], to: [here]) == [
        "none ConfigMap/web in mqtt", "delete ConfigMap/web in other",
      ])
  }

  @Test func anotherKindOfTheSameNameIsAnotherObject() {
    #expect(
      changes(
        from: [object("Service", "web")], live: [object("Service", "web")],
        to: [object("Ingress", "web")])
        == ["create Ingress/web in mqtt", "delete Service/web in mqtt"])
  }

  private func interruption(
    _ change: (inout SampleRelease) -> Void = { _ in }, chart: FakeChart = FakeChart(),
    strategy: JSON? = nil
  ) async throws -> Interruption {
    var release = SampleRelease()
    change(&release)
    let plan = try await Planning.plan(try Planning.situation(release, chart: chart)) { values in
      guard let strategy else { return chart.render(values) }
      return Objects(
        chart.render(values).all.map { object in
          guard object["kind"] == "Deployment", let path = try? ValuePath("spec.strategy") else {
            return object
          }
          var changed = object
          changed.set(strategy, at: path)
          return changed
        })
    }
    return plan.interruption
  }

  @Test func aDeploymentOfAnotherNameIsReplaced() async throws {
    #expect(
      try await interruption(chart: .foreign) == Interruption(kind: .replace, brokersOverlap: false)
    )
  }

  @Test(
    arguments: [
      (nil, .rolling, true), (["type": "Recreate"], .recreate, false),
      (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 0]], .rolling, false),
      (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": "0%"]], .rolling, false),
      (["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1]], .rolling, true),
      (["rollingUpdate": ["maxUnavailable": 1]], .rolling, true),
    ] as [(JSON?, Interruption.Kind, Bool)])
  func theStrategyDecidesWhetherBrokersOverlap(
    strategy: JSON?, kind: Interruption.Kind, overlap: Bool
  ) async throws {
    #expect(
      try await interruption(strategy: strategy)
        == Interruption(kind: kind, brokersOverlap: overlap))
  }
}
