import MigratePlanning
import Testing

@testable import PlanSamples

/// What a run and the way back from it have to be allowed.
@Suite struct RunPermissionsTests {
  private func words(_ permissions: [Permission], of resource: String) -> [String] {
    permissions.filter { $0.resource == resource }.map(\.verb).sorted()
  }

  private static let everything = [
    "create", "delete", "get", "patch", "update", "watch",
  ]

  @Test func everyRunNeedsItsLockAndItsBackup() async throws {
    let plan = try await Planning.plan([("LOG_LEVEL", "debug")])
    let permissions = RunPermissions.apply(plan)
    #expect(words(permissions, of: "leases") == ["create", "get", "update"])
    #expect(words(permissions, of: "secrets") == ["create", "get", "list", "update"])
    #expect(permissions.allSatisfy { $0.namespace == "mqtt" })
  }

  @Test func aDeploymentThatIsChangedInPlaceIsNotDeleted() async throws {
    let plan = try await Planning.plan([("LOG_LEVEL", "debug")])
    #expect(!plan.comparison.replacesWorkload)
    #expect(words(RunPermissions.apply(plan), of: "deployments") == ["get", "patch", "update"])
  }

  @Test func oneThatIsReplacedIs() async throws {
    let choices = Choices(adopt: ["fullnameOverride"])
    let plan = try await Planning.plan([("LOG_LEVEL", "debug")], choices: choices)
    try #require(plan.comparison.replacesWorkload)
    #expect(words(RunPermissions.apply(plan), of: "deployments") == Self.everything)
  }

  @Test func whatARunNeedsIsInTheRole() async throws {
    for choices in [Choices(), Choices(adopt: ["fullnameOverride"])] {
      let plan = try await Planning.plan([("LOG_LEVEL", "debug")], choices: choices)
      let granted = Set(ShippedRole.apply.needs(in: "mqtt"))
      #expect(RunPermissions.apply(plan).filter { !granted.contains($0) } == [])
    }
  }

  @Test func theRoleToApplyHasAllOfTheOneToPlan() {
    let apply = Set(ShippedRole.apply.permissions(in: "mqtt"))
    #expect(ShippedRole.plan.permissions(in: "mqtt").filter { !apply.contains($0) } == [])
  }

  private static func object(_ kind: String, _ name: String, _ more: [String: JSON] = [:]) -> JSON {
    let version: JSON = kind == "Deployment" ? "apps/v1" : "v1"
    return .object(
      ["apiVersion": version, "kind": .string(kind), "metadata": ["name": .string(name)]]
        .merging(more) { _, new in new })
  }

  private static func backup(created: [JSON] = []) -> Backup {
    Backup(
      run: "run-1", plan: RunDocument.PlanReference(id: "plan-1", digest: "sha256:0123"),
      options: [], values: [:], chartDigest: "sha256:4567", user: "ann@there",
      createdAt: "2026-03-01T10:00:00.000Z",
      snapshot: SampleRelease.with([("A", "1")]).snapshot, record: nil, created: created)
  }

  @Test func aWayBackInPlaceDeletesWhatTheApplyMade() {
    let created = [
      Self.object("Service", "web-tcp"), Self.object("PersistentVolumeClaim", "web-data"),
      Self.object("ConfigMap", "never-made"),
    ]
    let backup = Self.backup(created: created)
    let live = Objects(backup.objects + created.dropLast())
    let permissions = RunPermissions.rollback(to: backup, from: live)
    #expect(words(permissions, of: "deployments") == ["get", "patch", "update"])
    #expect(words(permissions, of: "services") == ["delete", "get", "patch", "update"])
    // A claim stays, with what the broker wrote.
    #expect(words(permissions, of: "persistentvolumeclaims") == ["get", "patch"])
    #expect(words(permissions, of: "configmaps") == [])
  }

  @Test func whatIsGoneOrAnotherIsMadeAgain() {
    let backup = Self.backup()
    let deployment = Self.object(
      "Deployment", "web", ["spec": ["selector": ["matchLabels": ["app": "another"]]]])
    let permissions = RunPermissions.rollback(to: backup, from: Objects([deployment]))
    #expect(words(permissions, of: "deployments") == Self.everything)
    #expect(words(permissions, of: "services") == Self.everything)
  }

  @Test(
    arguments: [
      ("v1", "Service", "", "services"), ("v1", "Endpoints", "", "endpoints"),
      ("networking.k8s.io/v1", "Ingress", "networking.k8s.io", "ingresses"),
      ("networking.k8s.io/v1", "NetworkPolicy", "networking.k8s.io", "networkpolicies"),
      ("apps/v1", "Deployment", "apps", "deployments"), ("batch/v1", "Job", "batch", "jobs"),
    ])
  func kindsHaveTheirNames(version: String, kind: String, group: String, resource: String) {
    let name = ResourceName(of: ["apiVersion": .string(version), "kind": .string(kind)])
    #expect(name?.group == group && name?.resource == resource)
  }

  /// Asking for a resource that there is not would be answered with a no.
  @Test(arguments: ["monitoring.coreos.com/v1", "route.openshift.io/v1"])
  func kindsOfOthersAreNotGuessed(version: String) {
    #expect(ResourceName(of: ["apiVersion": .string(version), "kind": "Anything"]) == nil)
  }
}
