import Foundation
import MigrateAdapters
import MigrateExecution
import MigratePlanning

/// Our own objects in a cluster, and what Kubernetes says of a rollout: Leases, backups,
/// Deployments.
enum ClusterTarget: FuzzTarget {
  static let name = "cluster"
  static let share = 100

  static func input(_ random: inout FuzzRandom, seeds: [[UInt8]]) -> [UInt8] {
    if random.happens(oneIn: 8), let mutated = mutated(&random, seeds) { return mutated }
    let tree =
      switch random.below(3) {
      case 0: lease
      case 1: backup(&random)
      default: rollout
      }
    let changed = random.happens(oneIn: 6) ? tree : Mutation.tree(tree, &random)
    return Array(changed.canonical.utf8)
  }

  private static let lease: JSON = [
    "kind": "Lease",
    "metadata": [
      "name": "backbone-migrate.web", "namespace": "mqtt", "resourceVersion": "1", "uid": "u",
      "labels": ["backbone-migrate/release": "web"],
      "annotations": [
        "backbone-migrate/run": "run-x", "backbone-migrate/kind": "apply",
        "backbone-migrate/state": "running", "backbone-migrate/step": "helm",
        "backbone-migrate/started-at": "2026-03-01T10:00:00.000Z",
      ],
    ],
    "spec": [
      "holderIdentity": "me@here run-x", "renewTime": "2026-03-01T10:00:00.000000Z",
      "leaseTransitions": 3, "leaseDurationSeconds": 60,
    ],
  ]

  private static let rollout: JSON = [
    "kind": "List",
    "items": [
      [
        "kind": "Deployment", "metadata": ["name": "web", "uid": "d", "generation": 2],
        "spec": ["replicas": 2],
        "status": [
          "observedGeneration": 2, "replicas": 3, "updatedReplicas": 1, "availableReplicas": 1,
          "conditions": [
            ["type": "Progressing", "status": "False", "message": "gave up"],
            ["type": "ReplicaFailure", "status": "True", "message": "quota"],
          ],
        ],
      ],
      [
        "kind": "ReplicaSet",
        "metadata": [
          "name": "web-1", "uid": "r", "ownerReferences": [["uid": "d"]],
          "annotations": ["deployment.kubernetes.io/revision": "2"],
        ],
      ],
      [
        "kind": "Pod", "metadata": ["name": "web-1-x", "ownerReferences": [["uid": "r"]]],
        "status": [
          "containerStatuses": [
            [
              "name": "backbone", "ready": false,
              "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "x"]],
              "lastState": ["terminated": ["exitCode": 1]],
            ]
          ]
        ],
      ],
    ],
  ]

  private static func backup(_ random: inout FuzzRandom) -> JSON {
    let export = ReleaseInput.export(&random)
    guard let snapshot = try? Snapshot(exported: export) else { return [:] }
    let backup = Backup(
      run: "run-x", plan: RunDocument.PlanReference(id: "plan-x", digest: "sha256:0"),
      options: ["--set", "a=b"], values: ["a": "b"], chartDigest: "sha256:1", user: "me",
      createdAt: "2026-03-01T10:00:00.000Z", snapshot: snapshot, record: nil, created: [])
    // Half of them change inside, where the digest would find every change from outside.
    var secrets = backup.secrets
    if random.happens(oneIn: 2), let text = try? Backup.text(of: secrets),
      let tree = try? JSONReader().value(text)
    {
      secrets = [sealed(Array(Mutation.tree(tree, &random).canonical.utf8), secrets)]
    }
    return ["kind": "List", "items": .array(secrets)]
  }

  private static func sealed(_ text: [UInt8], _ secrets: [JSON]) -> JSON {
    (secrets.first ?? [:])
      .replacing(["data", "part"], with: .string(Data(text).base64EncodedString()))
      .replacing(
        ["metadata", "annotations", "backbone-migrate/content"],
        with: .string(ContentDigest.sha256(text)))
  }

  static func run(_ input: [UInt8]) async throws -> FuzzOutcome {
    let cluster = FakeAPI(objects: input, lists: input).cluster(Redactor())
    let objects: Objects
    do {
      objects = try await cluster.list("secrets")
    } catch {
      return .refused(error)
    }
    for object in objects.all {
      _ = Rollout(deployment: object, among: objects)
      _ = FieldDifference.between(object, objects.all.first ?? .null)
      _ = FieldDifference.unmet(objects.all.first ?? .null, by: object)
      let other = objects.all.first ?? .null
      _ = ThreeWayMerge.merged(from: object, to: other, live: object.content)
      _ = ServiceLeftovers.patch(of: object, from: other, to: object.content)
      _ = ManagedFields.setByHand(object.content)
      guard let lock = ReleaseLock(lease: object) else { continue }
      _ = lock.isHeld(at: Timestamp(Date(timeIntervalSince1970: 1_772_359_200)))
      let again = ReleaseLock(lease: lock.lease)
      guard again?.journal == lock.journal, again?.holder == lock.holder else {
        throw Violation("a lock reads differently when it is written and read")
      }
    }
    guard objects.all.contains(where: { $0["kind"] == "Secret" }) else { return .accepted }
    let backup: Backup
    do {
      backup = try await BackupStore.read(run: "run-x", with: cluster)
    } catch {
      return .refused(error)
    }
    let text = try Checks.must("a backup that was written") { try Backup.text(of: backup.secrets) }
    let again = try Checks.must("a backup that was written") {
      try Backup(json: try JSONReader.ofDocuments.value(text))
    }
    try Checks.same(again.snapshot.exported, backup.snapshot.exported, "a backup")
    try Checks.same(again.values, backup.values, "a backup's values")
    return .accepted
  }
}
