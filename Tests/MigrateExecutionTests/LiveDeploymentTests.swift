import MigratePlanning
import Testing

@testable import MigrateExecution

/// Pausing a Deployment, letting it roll out, and waiting for it.
@Suite struct LiveDeploymentTests {
  private let cluster = FakeCluster()
  private let reference = ObjectReference(kind: "Deployment", name: "web", namespace: "mqtt")

  private var web: LiveDeployment { LiveDeployment(reference, in: cluster.context) }

  private func deployment(
    _ image: String, available: Int = 1, managers: [String] = []
  ) -> JSON {
    var metadata: [String: JSON] = ["name": "web", "generation": 3, "uid": "u"]
    if !managers.isEmpty {
      metadata["managedFields"] = .array(
        managers.map { manager in
          [
            "manager": .string(manager),
            "fieldsV1": ["f:spec": ["f:template": ["f:spec": [:]]]],
          ]
        })
    }
    return [
      "kind": "Deployment", "metadata": .object(metadata),
      "spec": [
        "replicas": 1, "selector": ["matchLabels": ["app": "web"]],
        "template": ["spec": ["containers": [["name": "web", "image": .string(image)]]]],
      ],
      "status": [
        "observedGeneration": 3, "replicas": 1, "updatedReplicas": 1,
        "availableReplicas": .integer(available),
      ],
    ]
  }

  private func image() -> JSON? {
    cluster.object("Deployment", "web")?["spec"]?["template"]?["spec"]?["containers"]?.elements
      .first?["image"]
  }

  @Test func itIsHeldStillWithItsNewTemplate() async throws {
    cluster.put(deployment("old"))
    let live = try #require(try await web.live())
    let held = try await web.pause(live, as: Deployment(deployment("new")))
    #expect(held.isPaused)
    #expect(image() == "new")
    #expect(try await !web.restore(held))
  }

  @Test func whatElseWasSetByHandIsAsItIsToBe() async throws {
    let before = deployment("old").replacing(["spec", "minReadySeconds"], with: 5)
      .replacing(["spec", "revisionHistoryLimit"], with: 3)
    cluster.put(before)
    let held = try await web.pause(
      Deployment(before),
      as: Deployment(deployment("new").replacing(["spec", "revisionHistoryLimit"], with: 7)))
    #expect(held.spec?["revisionHistoryLimit"] == 7)
    #expect(held.spec?["minReadySeconds"] == nil)
  }

  @Test func anotherGenerationIsNotHeld() async throws {
    cluster.put(deployment("old"))
    let live = try #require(try await web.live())
    cluster.put(deployment("edited").replacing(["metadata", "generation"], with: 4))
    await #expect(throws: (any Error).self) {
      try await web.pause(live, as: Deployment(deployment("new")))
    }
    #expect(image() == "edited")
  }

  @Test func whatAMergeMadeOfItIsPutRight() async throws {
    cluster.put(deployment("old"))
    let held = try await web.pause(
      try #require(try await web.live()), as: Deployment(deployment("new")))
    cluster.put(held.object.replacing(["spec", "template"], with: ["spec": ["containers": []]]))
    #expect(try await web.restore(held))
    #expect(image() == "new")
  }

  @Test func oneThatIsGoneIsSaidToBeGone() async throws {
    let failure = await #expect(throws: RunFailure.self) {
      try await web.restore(Deployment(deployment("new")))
    }
    #expect(failure?.description.contains("is gone") == true)
  }

  @Test func lettingGoTakesOurNameAndHandToolsFromTheTemplate() async throws {
    cluster.put(
      deployment(
        "new", managers: ["helm", "backbone-migrate", "kubectl-set", "before-first-apply"]
      )
      .replacing(["spec", "paused"], with: true))
    try await web.resume(cleansHandTools: true)
    let live = cluster.object("Deployment", "web")
    #expect(live?["spec"]?["paused"] == nil)
    #expect(live?["metadata"]?["managedFields"]?.elements.compactMap { $0["manager"] } == ["helm"])
  }

  @Test func oneThatWasPausedBeforeStaysSo() async throws {
    cluster.put(
      deployment("old", managers: ["kubectl-set"]).replacing(["spec", "paused"], with: true))
    try await web.resume(staysPaused: true, cleansHandTools: false)
    let live = cluster.object("Deployment", "web")
    #expect(live?["spec"]?["paused"] == true)
    #expect(live?["metadata"]?["managedFields"]?.elements.count == 1)
  }

  @Test func withoutARecordOfManagersNoneIsWritten() async throws {
    cluster.put(deployment("new").replacing(["spec", "paused"], with: true))
    try await web.resume(cleansHandTools: true)
    #expect(cluster.object("Deployment", "web")?["metadata"]?["managedFields"] == nil)
    #expect(cluster.object("Deployment", "web")?["spec"]?["paused"] == nil)
  }

  @Test func anEditAtTheSameMomentIsNoReasonToGiveUp() async throws {
    cluster.put(deployment("new").replacing(["spec", "paused"], with: true))
    cluster.onCall { [cluster] call in
      guard call.verb == "patch" else { return }
      cluster.onCall { _ in }
      if let live = cluster.object("Deployment", "web") { cluster.put(live) }
    }
    try await web.resume(cleansHandTools: true)
    #expect(cluster.object("Deployment", "web")?["spec"]?["paused"] == nil)
  }

  @Test func waitingEndsWhenEverythingIsThere() async throws {
    cluster.put(deployment("new"))
    let words = try await web.wait(atMost: .seconds(5)) { _ in }
    #expect(words.contains("available"))
  }

  @Test func waitingEndsWithTheTimeAndSaysWhatItWaitedFor() async throws {
    cluster.redactor.learn(["sunflower-7041"])
    cluster.put(deployment("new", available: 0))
    cluster.put([
      "kind": "ReplicaSet",
      "metadata": [
        "name": "web-1", "uid": "rs", "labels": ["app": "web"],
        "ownerReferences": [["uid": "u"]],
      ],
    ])
    cluster.put([
      "kind": "Pod",
      "metadata": [
        "name": "web-1-x", "labels": ["app": "web"], "ownerReferences": [["uid": "rs"]],
      ],
      "status": [
        "containerStatuses": [
          [
            "name": "web", "ready": false,
            "state": [
              "waiting": [
                "reason": "CreateContainerConfigError", "message": "key sunflower-7041 not found",
              ]
            ],
          ]
        ]
      ],
    ])
    let failure = await #expect(throws: RunFailure.self) {
      try await web.wait(atMost: .seconds(3)) { _ in }
    }
    let words = failure?.description ?? ""
    #expect(words.contains("not ready after 3 s"))
    #expect(words.contains("Pod web-1-x: container web is in CreateContainerConfigError"))
    #expect(!words.contains("sunflower"))
  }

  @Test func waitingEndsAtOnceWhenKubernetesGaveUp() async throws {
    let stuck: JSON = [
      "type": "Progressing", "status": "False", "message": "has timed out progressing",
    ]
    cluster.put(
      deployment("new", available: 0).replacing(["status", "conditions"], with: .array([stuck])))
    let failure = await #expect(throws: RunFailure.self) {
      try await web.wait(atMost: .seconds(500)) { _ in }
    }
    #expect(failure?.description.contains("has timed out progressing") == true)
  }

  @Test func waitingHeedsTheWishToStop() async throws {
    cluster.put(deployment("new", available: 0))
    cluster.stop.make()
    let failure = await #expect(throws: RunFailure.self) {
      try await web.wait(atMost: .seconds(500)) { _ in }
    }
    #expect(failure?.kind == .interrupted)
  }
}
