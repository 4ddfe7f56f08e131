import MigratePlanning
import Testing

@Suite("Data in /data")
struct StorageTests {
  /// A volume, as the old chart's values have it.
  struct Volume: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let source: JSON

    static let all = [
      Volume(testDescription: "emptyDir", source: ["emptyDir": [:]]),
      Volume(testDescription: "hostPath", source: ["hostPath": ["path": "/srv/broker"]]),
      Volume(
        testDescription: "claim", source: ["persistentVolumeClaim": ["claimName": "broker-data"]]),
    ]
  }

  @Test("a volume stays the same one", arguments: HelmVersion.only(.helm4), Volume.all)
  func volumeStays(helm: HelmVersion, volume: Volume) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.prepare()
      try await bench.install(.dataVolume, as: "web", values: ["data": volume.source])
      try await expectVolumeStays(bench)
    }
  }

  @Test("a claim that was mounted by hand stays mounted", arguments: HelmVersion.only(.helm3))
  func claimByHandStays(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.prepare()
      try await bench.install(.appLabel, as: "web")
      try await bench.patch(
        "web",
        podSpec: [
          "volumes": [
            ["name": "state", "persistentVolumeClaim": ["claimName": "broker-data"]]
          ],
          "containers": [
            ["name": "backbone", "volumeMounts": [["name": "state", "mountPath": "/data"]]]
          ],
        ])
      try await expectVolumeStays(bench)
    }
  }

  private func expectVolumeStays(_ bench: Workbench) async throws {
    let before = try await bench.dataVolume(of: "web")
    let plan = try await bench.plan("web")
    #expect(plan.findings("persistence-disabled").contains { $0.isResolved })
    #expect(plan.findings("persistence-disabled").allSatisfy { !$0.isOpen })
    #expect(plan.blockers.isEmpty)
    #expect(plan.value("persistence", "enabled") == true)

    try await bench.follow(plan)
    #expect(try await bench.dataVolume(of: "web") == before)
    #expect(try await bench.names(of: "persistentvolumeclaims") == ["broker-data"])
  }

  @Test("without a volume the plan says what that means", arguments: HelmVersion.only(.helm4))
  func noVolumeIsAWarning(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.prepare()
      try await bench.install(.appLabel, as: "web")
      let plan = try await bench.plan("web")
      let finding = try #require(plan.finding("persistence-disabled"))
      #expect(finding.severity == "warning")
      #expect(finding.isOpen)
      #expect(finding.remedy?.contains("--set persistence.enabled=true") == true)

      let persistent = try await bench.plan("web", "--set", "persistence.enabled=true")
      #expect(
        persistent.json["objects"]?.elements.contains {
          $0["kind"] == "PersistentVolumeClaim" && $0["change"] == "create"
        } == true)
    }
  }

  @Test("what an emptyDir holds is named", arguments: HelmVersion.only(.helm3))
  func emptyDirEnds(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.prepare()
      try await bench.install(.dataVolume, as: "web", values: ["data": ["emptyDir": [:]]])
      let plan = try await bench.plan("web")
      #expect(plan.finding("data-left-behind")?.severity == "warning")
      #expect(plan.findings("brokers-overlap").isEmpty)
      #expect(plan.findings("single-writer-rollout").isEmpty)
    }
  }

  @Test("a claim for one node and a rolling update are named", arguments: HelmVersion.only(.helm4))
  func singleWriter(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.prepare()
      try await bench.install(
        .dataVolume, as: "web",
        values: ["data": ["persistentVolumeClaim": ["claimName": "broker-data"]]])
      let plan = try await bench.plan("web")
      #expect(plan.finding("single-writer-rollout")?.severity == "warning")
      #expect(plan.finding("brokers-overlap")?.severity == "warning")
      #expect(plan.findings("data-left-behind").isEmpty)
      let adopted = try await bench.plan("web", "--adopt", "strategy")
      #expect(adopted.findings("single-writer-rollout").isEmpty)
      #expect(adopted.findings("brokers-overlap").isEmpty)
    }
  }

  @Test("a new claim is judged", arguments: HelmVersion.only(.helm3))
  func newClaim(helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      try await bench.prepare()
      try await bench.install(.appLabel, as: "web")
      let plan = try await bench.plan("web", "--set", "persistence.enabled=true")
      #expect(plan.findings("storage-class-missing").isEmpty)
      let missing = try await bench.plan(
        "web", "--set", "persistence.enabled=true", "--set", "persistence.storageClass=nowhere")
      #expect(missing.finding("storage-class-missing")?.severity == "breaking")
      #expect(plan.finding("claim-deleted-by-rollback")?.severity == "warning")
      #expect(plan.finding("data-left-behind")?.severity == "warning")

      let storageClass = "class-\(bench.namespace)"
      try await bench.create([
        [
          "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
          "metadata": ["name": .string(storageClass)], "provisioner": "example.com/none",
        ]
      ])
      let kept = try await bench.plan(
        "web", "--set", "persistence.enabled=true", "--set",
        "persistence.storageClass=\(storageClass)", "--set",
        "persistence.annotations={helm.sh/resource-policy: keep}")
      _ = try await bench.kubectl("delete", "storageclass", storageClass)
      #expect(kept.findings("storage-class-missing").isEmpty)
      #expect(kept.findings("claim-deleted-by-rollback").isEmpty)
    }
  }
}

extension Workbench {
  /// Makes the objects of the operator's own that these tests need.
  fileprivate func prepare() async throws {
    try await create([
      ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "web"]],
      [
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "broker-data"],
        "spec": [
          "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
        ],
      ],
    ])
  }

  /// The volume that is mounted at /data, with its name.
  fileprivate func dataVolume(of workload: String) async throws -> JSON {
    let deployment = try await live("deployment", workload)
    let mount = Self.container(of: deployment)["volumeMounts"]?.elements.first {
      $0["mountPath"] == "/data"
    }
    let volumes = deployment["spec"]?["template"]?["spec"]?["volumes"]?.elements ?? []
    return try #require(volumes.first { $0["name"] == mount?["name"] })
  }
}
