import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct WorkloadFindingTests {
  private static func persistent(
    _ volume: JSON = ["name": "data", "persistentVolumeClaim": ["claimName": "web-data"]],
    mount: JSON = ["name": "data", "mountPath": "/data"]
  ) -> (inout FindingCase) -> Void {
    { finding in
      finding.release.container["volumeMounts"] = [mount]
      finding.release.pod["volumes"] = [volume]
      finding.isResolved = true
    }
  }

  private static func account(_ annotations: JSON = [:]) -> JSON {
    [
      "kind": "ServiceAccount", "metadata": ["name": "robot", "annotations": annotations],
    ]
  }

  static func cases() throws -> [FindingCase] {
    try [
      .due(.imageChanged, "another image", .breaking, "\"mirror/backbone:0.1.0\" is kept") {
        $0.release.image = "mirror/backbone:0.1.0"
        $0.isResolved = true
      },
      .due(.imageChanged, "adopted", .breaking, "the image changes from \"mirror/backbone:0.1.0\"")
      {
        $0.release.image = "mirror/backbone:0.1.0"
        $0.choices.adopt = ["image-changed"]
        $0.acceptedBy = "--adopt image-changed"
      },
      .nearMiss(.imageChanged, "the chart's own image") { $0.release.image = "backbone:0.2.0" },
      .due(.imageTagMutable, "latest", .warning, "the tag \"latest\" may name another image") {
        $0.release.image = "backbone"
      },
      .nearMiss(.imageTagMutable, "a digest") { $0.release.image = "backbone:main@sha256:abc" },
      .nearMiss(.imageTagMutable, "a version"),

      .due(.serviceAccountRenamed, "another name by default", .breaking, "\"web\" is kept") {
        $0.isResolved = true
      },
      .due(.serviceAccountRenamed, "adopted", .breaking, "instead of \"web\"") {
        $0.choices.adopt = ["serviceAccount.name"]
        $0.acceptedBy = "--adopt serviceAccount.name"
      },
      .nearMiss(.serviceAccountRenamed, "the same name") {
        $0.release.name = "web-backbone"
        $0.release.deploymentName = "web-backbone"
        $0.release.serviceAccount = "web-backbone"
      },
      .due(.serviceAccountUnowned, "made by hand", .breaking, "is not part of the release and") {
        $0.isResolved = true
      },
      .due(.serviceAccountUnowned, "adopted", .breaking, ", and the upgrade would create it") {
        $0.choices.adopt = ["serviceAccount.create"]
        $0.acceptedBy = "--adopt serviceAccount.create"
      },
      .nearMiss(.serviceAccountUnowned, "left for one of another name") {
        $0.choices.adopt = ["serviceAccount.create"]
        $0.choices.set = [try ValuePath("serviceAccount.name"): "robot"]
      },
      .nearMiss(.serviceAccountUnowned, "not there") { $0.release.hasForeignAccount = false },
      .nearMiss(.serviceAccountUnowned, "of the release") {
        $0.release.serviceAccount = "robot"
        $0.release.moreObjects = [account()]
        $0.release.hasForeignAccount = false
      },
      .due(.serviceAccountMissing, "nobody made it", .blocker, "\"web\" does not exist") {
        $0.release.hasForeignAccount = false
      },
      .nearMiss(.serviceAccountMissing, "it is there"),
      .nearMiss(.serviceAccountMissing, "the namespace's own") {
        $0.release.serviceAccount = nil
        $0.release.hasForeignAccount = false
      },
      .nearMiss(.serviceAccountMissing, "it may not be read") {
        $0.release.hasForeignAccount = false
        $0.release.hidden = [Unchecked(code: "service-account-missing", reason: "forbidden")]
      },
      .nearMiss(.serviceAccountMissing, "the chart makes it") {
        $0.release.hasForeignAccount = false
        $0.choices.set = [try ValuePath("serviceAccount.create"): true]
      },
      .due(
        .serviceAccountAnnotationsLost, "a cloud's identity", .breaking,
        "lacks annotations of \"robot\": cloud/role"
      ) {
        $0.release.serviceAccount = "robot"
        $0.release.hasForeignAccount = false
        $0.release.related = [account(["cloud/role": "r", "meta.helm.sh/release-name": "web"])]
        $0.choices.adopt = ["serviceAccount.name"]
      },
      .due(.serviceAccountAnnotationsLost, "carried", .breaking, "come along to \"web-backbone\"") {
        $0.release.serviceAccount = "robot"
        $0.release.hasForeignAccount = false
        $0.release.related = [account(["cloud/role": "r"])]
        $0.choices.adopt = ["serviceAccount.name", "serviceAccount.create", "fullnameOverride"]
        $0.isResolved = true
      },
      .nearMiss(.serviceAccountAnnotationsLost, "it stays") {
        $0.release.serviceAccount = "robot"
        $0.release.related = [account(["cloud/role": "r"])]
      },
      .due(.roleBindingLeftBehind, "a role", .breaking, "RoleBinding/reader grants its role to") {
        $0.release.serviceAccount = "robot"
        $0.release.related = [binding("robot")]
        $0.choices.adopt = ["serviceAccount.name", "serviceAccount.create"]
      },
      .nearMiss(.roleBindingLeftBehind, "it stays") { $0.release.related = [binding("web")] },
      .nearMiss(.roleBindingLeftBehind, "of somebody else") {
        $0.release.serviceAccount = "robot"
        $0.release.related = [binding("other"), binding("robot", namespace: "other")]
        $0.choices.adopt = ["serviceAccount.name", "serviceAccount.create"]
      },

      .due(
        .persistenceDisabled, "a volume before", .blocker, "the volume is kept",
        change: persistent()),
      .due(.persistenceDisabled, "a volume that goes", .blocker, "would be gone") {
        persistent()(&$0)
        $0.isResolved = false
        $0.choices.adopt = ["persistence.enabled"]
      },
      .due(.persistenceDisabled, "no volume", .warning, "nothing is mounted at /data"),
      .nearMiss(.persistenceDisabled, "a volume from now on") {
        $0.choices.set = [try ValuePath("persistence.enabled"): true]
      },
      .due(.volumeLost, "another claim", .blocker, "changes from \"web-data\" to \"other\"") {
        persistent()(&$0)
        $0.isResolved = false
        $0.choices.set = [try ValuePath("persistence.existingClaim"): "other"]
      },
      .due(.volumeLost, "another folder", .blocker, "changes from \"broker\" to not set") {
        persistent(mount: ["name": "data", "mountPath": "/data", "subPath": "broker"])(&$0)
        $0.isResolved = false
        $0.choices.adopt = ["persistence.subPath"]
      },
      .due(.volumeLost, "the target's own claim", .blocker, "the one that there is stays (pers") {
        persistent()(&$0)
        $0.chart.otherDefaults = ["persistence": ["enabled": true]]
        $0.isResolved = true
      },
      .nearMiss(.volumeLost, "kept", change: persistent()),
      .nearMiss(.volumeLost, "none before"),

      .due(.strategyChanged, "Recreate by default", .breaking, "is kept") {
        $0.release.spec["strategy"] = ["type": "Recreate"]
        $0.isResolved = true
      },
      .due(.strategyChanged, "because of the volume, and mended", .breaking, "is kept") {
        persistent()(&$0)
        $0.isResolved = true
      },
      .nearMiss(.strategyChanged, "Kubernetes' own written out") {
        $0.release.spec["strategy"] = [
          "type": "RollingUpdate", "rollingUpdate": ["maxSurge": "25%", "maxUnavailable": "25%"],
        ]
      },
    ]
  }

  private static func binding(_ account: String, namespace: String = "mqtt") -> JSON {
    [
      "kind": "RoleBinding", "metadata": ["name": "reader", "namespace": "mqtt"],
      "subjects": [
        [
          "kind": "ServiceAccount", "name": .string(account), "namespace": .string(namespace),
        ]
      ],
    ]
  }

  @Test(arguments: try cases())
  func findingsAreMadeWhereTheyAreDue(_ finding: FindingCase) async throws {
    try await finding.check()
  }

  /// The old chart holds the claim itself: helm deletes it when the new manifest lacks it.
  @Test func aClaimOfTheReleaseThatTheUpgradeDeletesIsABlocker() async throws {
    var release = SampleRelease()
    release.container["volumeMounts"] = [["name": "data", "mountPath": "/data"]]
    release.pod["volumes"] = [
      ["name": "data", "persistentVolumeClaim": ["claimName": "web-data"]]
    ]
    release.moreObjects = [["kind": "PersistentVolumeClaim", "metadata": ["name": "web-data"]]]
    let plan = try await Planning.plan(release)
    #expect(
      plan.objects.contains { $0.object.kind == "PersistentVolumeClaim" && $0.change == .delete })
    #expect(plan.verdict == .blocked)
    release.moreObjects = [
      [
        "kind": "PersistentVolumeClaim",
        "metadata": ["name": "web-data", "annotations": ["helm.sh/resource-policy": "keep"]],
      ]
    ]
    #expect(try await Planning.plan(release).verdict != .blocked)
  }
}
