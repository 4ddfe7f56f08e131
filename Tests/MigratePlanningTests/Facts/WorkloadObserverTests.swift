import Testing

@testable import MigratePlanning
@testable import PlanSamples

@Suite struct WorkloadObserverTests {
  private func facts(_ release: SampleRelease) throws -> Facts {
    WorkloadObserver.facts(of: try release.live, among: release.snapshot.manifest)
  }

  private func facts(volume: JSON, mount: JSON) throws -> Facts {
    try facts(
      SampleRelease(
        container: ["volumeMounts": [mount]], pod: ["volumes": [volume]]))
  }

  static let images: [(name: String, repository: String, tag: String?, digest: String?)] = [
    ("backbone", "backbone", "latest", nil), ("backbone:1.2", "backbone", "1.2", nil),
    ("docker.io/library/backbone:1.2", "docker.io/library/backbone", "1.2", nil),
    ("localhost:5000/backbone", "localhost:5000/backbone", "latest", nil),
    ("localhost:5000/mqtt/backbone:1.2", "localhost:5000/mqtt/backbone", "1.2", nil),
    ("backbone@sha256:abc", "backbone", nil, "sha256:abc"),
    ("backbone:1.2@sha256:abc", "backbone", "1.2", "sha256:abc"),
    (
      "registry.local:443/a/b/backbone:v1-rc.1@sha256:0f", "registry.local:443/a/b/backbone",
      "v1-rc.1", "sha256:0f"
    ),
    ("registry.local:443/backbone@sha512:ff", "registry.local:443/backbone", nil, "sha512:ff"),
    ("", "", "latest", nil),
  ]

  @Test(arguments: images)
  func imagesAreRepositoryTagAndDigest(
    name: String, repository: String, tag: String?, digest: String?
  ) throws {
    let image = WorkloadObserver.Image(name)
    #expect(image.repository == repository)
    #expect(image.tag == tag)
    #expect(image.digest == digest)
    let facts = try facts(SampleRelease(image: name))
    #expect(facts[WorkloadObserver.imageRepository] == .value(.string(repository)))
    #expect(facts[WorkloadObserver.imageTag] == tag.map { .value(.string($0)) } ?? .absent)
    #expect(facts[WorkloadObserver.imageDigest] == digest.map { .value(.string($0)) } ?? .absent)
  }

  @Test(
    arguments: [
      ("backbone:1.2", nil, "IfNotPresent"), ("backbone", nil, "Always"),
      ("backbone:latest", nil, "Always"), ("backbone@sha256:abc", nil, "IfNotPresent"),
      ("backbone:latest", "Never", "Never"), ("backbone:1.2", "Always", "Always"),
    ] as [(String, String?, String)])
  func thePullPolicyIsKubernetesDefault(image: String, written: String?, policy: String) throws {
    var release = SampleRelease(image: image)
    if let written { release.container["imagePullPolicy"] = .string(written) }
    #expect(try facts(release)[WorkloadObserver.imagePullPolicy] == .value(.string(policy)))
  }

  @Test(
    arguments: [
      (nil, nil, "default"), ("", nil, "default"), ("web", nil, "web"), (nil, "old", "old"),
      ("web", "old", "web"), ("", "old", "old"),
    ] as [(String?, String?, String)])
  func theServiceAccountIsDefaultWhenNoneIsNamed(
    name: String?, deprecated: String?, account: String
  ) throws {
    var release = SampleRelease(serviceAccount: name)
    if let deprecated { release.pod["serviceAccount"] = .string(deprecated) }
    #expect(try facts(release)[WorkloadObserver.serviceAccountName] == .value(.string(account)))
  }

  @Test func aServiceAccountOfTheReleaseIsTheReleases() throws {
    var release = SampleRelease()
    #expect(try facts(release)[WorkloadObserver.serviceAccountInRelease] == .value(false))
    release.moreObjects = [["kind": "ServiceAccount", "metadata": ["name": "web"]]]
    #expect(try facts(release)[WorkloadObserver.serviceAccountInRelease] == .value(true))
    release.serviceAccount = "other"
    #expect(try facts(release)[WorkloadObserver.serviceAccountInRelease] == .value(false))
  }

  @Test func namesAndSelectorAreFacts() throws {
    let facts = try facts(
      SampleRelease(deploymentName: "x", selector: ["a": "b"], containerName: "c"))
    #expect(facts[WorkloadObserver.workloadName] == .value("x"))
    #expect(facts[WorkloadObserver.selector] == .value(["a": "b"]))
  }

  @Test func nothingAtDataIsNothing() throws {
    for facts in [
      try facts(SampleRelease()),
      try facts(volume: ["name": "v", "emptyDir": [:]], mount: ["name": "v", "mountPath": "/x"]),
      try facts(
        volume: ["name": "v", "emptyDir": [:]], mount: ["name": "v", "mountPath": "/data/x"]),
    ] {
      #expect(facts[WorkloadObserver.dataPersistent] == .value(false))
      #expect(facts[WorkloadObserver.dataClaim] == .absent)
      #expect(facts[WorkloadObserver.dataVolume] == .absent)
      #expect(facts[WorkloadObserver.dataSubPath] == .absent)
      #expect(facts[WorkloadObserver.dataVolumeName] == .absent)
    }
  }

  @Test(arguments: ["/data", "/data/", "/data//"])
  func aClaimAtDataIsTheClaim(path: String) throws {
    let facts = try facts(
      volume: ["name": "v", "persistentVolumeClaim": ["claimName": "web-data"]],
      mount: ["name": "v", "mountPath": .string(path)])
    #expect(facts[WorkloadObserver.dataPersistent] == .value(true))
    #expect(facts[WorkloadObserver.dataClaim] == .value("web-data"))
    #expect(facts[WorkloadObserver.dataVolume] == .absent)
    #expect(facts[WorkloadObserver.dataVolumeName] == .value("v"))
  }

  @Test(
    arguments: [
      (["emptyDir": [:]], ["emptyDir": [:]]), ([:], ["emptyDir": [:]]),
      (["hostPath": ["path": "/srv", "type": ""]], ["hostPath": ["path": "/srv"]]),
      (
        ["hostPath": ["path": "/srv", "type": "Directory"]],
        ["hostPath": ["path": "/srv", "type": "Directory"]]
      ),
      (["nfs": ["server": "s", "path": "/p"]], ["nfs": ["server": "s", "path": "/p"]]),
    ] as [(JSON, JSON)])
  func anotherVolumeAtDataIsItsSource(source: JSON, seen: JSON) throws {
    var volume = source.members
    volume["name"] = "v"
    let facts = try facts(volume: .object(volume), mount: ["name": "v", "mountPath": "/data"])
    #expect(facts[WorkloadObserver.dataPersistent] == .value(true))
    #expect(facts[WorkloadObserver.dataClaim] == .absent)
    #expect(facts[WorkloadObserver.dataVolume] == .value(seen))
  }

  @Test func aFolderOfTheVolumeIsAFact() throws {
    let volume: JSON = ["name": "v", "persistentVolumeClaim": ["claimName": "c"]]
    let inside = try facts(
      volume: volume, mount: ["name": "v", "mountPath": "/data", "subPath": "broker"])
    #expect(inside[WorkloadObserver.dataSubPath] == .value("broker"))
    let root = try facts(volume: volume, mount: ["name": "v", "mountPath": "/data", "subPath": ""])
    #expect(root[WorkloadObserver.dataSubPath] == .absent)
  }

  @Test func aMountWithoutItsVolumeIsNothing() throws {
    let facts = try facts(
      volume: ["name": "other", "emptyDir": [:]], mount: ["name": "v", "mountPath": "/data"])
    #expect(facts[WorkloadObserver.dataPersistent] == .value(false))
  }

  @Test func everyKeyIsAFact() throws {
    let keys = Set(try facts(SampleRelease()).keys)
    #expect(
      keys.symmetricDifference(WorkloadObserver.keys).map(\.name)
        // There is no ServiceAccount here to have any.
        == ["service-account-annotations"])
  }
}
