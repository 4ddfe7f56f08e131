import MigratePlanning
import Testing

@Suite struct RolloutTests {
  /// No server counts so, and no answer ends the process.
  @Test(arguments: [(Int.max, Int.min), (Int.min, Int.max), (Int.max, -1), (Int.max, Int.max)])
  func countsBeyondAllSenseAreNoTrap(all: Int, updated: Int) {
    let deployment = Self.deployment(
      wanted: 2, updated: updated, available: Int.min, all: all, generation: Int.max)
    _ = Rollout(deployment: deployment, among: Objects([deployment]))
    let seen = Self.deployment(wanted: 2, updated: updated, available: Int.min, all: all)
    _ = Rollout(deployment: seen, among: Objects([seen]))
  }

  /// A Deployment in the middle of something.
  private static func deployment(
    wanted: Int = 1, updated: Int = 1, available: Int = 1, all: Int = 1, generation: Int = 3,
    observed: Int = 3, conditions: [JSON] = []
  ) -> JSON {
    [
      "kind": "Deployment",
      "metadata": ["name": "web", "uid": "d", "generation": .integer(generation)],
      "spec": ["replicas": .integer(wanted)],
      "status": [
        "observedGeneration": .integer(observed), "replicas": .integer(all),
        "updatedReplicas": .integer(updated), "availableReplicas": .integer(available),
        "conditions": .array(conditions),
      ],
    ]
  }

  /// What is waited for when it was brought back.
  @Test func aDeploymentServedWhilePodsWereAvailable() {
    let gaveUp: JSON = ["type": "Progressing", "status": "False", "message": "timed out"]
    #expect(Rollout.served(Self.deployment()))
    #expect(Rollout.served(Self.deployment(wanted: 0, updated: 0, available: 0, all: 0)))
    #expect(Rollout.served(Self.deployment(updated: 1, available: 1, all: 2)))
    #expect(Rollout.served(Self.deployment(generation: 4)))
    #expect(!Rollout.served(Self.deployment(available: 0)))
    #expect(!Rollout.served(Self.deployment(available: 1, all: 2, conditions: [gaveUp])))
  }

  private static func replicaSet(_ name: String, revision: String, owner: String = "d") -> JSON {
    [
      "kind": "ReplicaSet",
      "metadata": [
        "name": .string(name), "uid": .string(name), "ownerReferences": [["uid": .string(owner)]],
        "annotations": ["deployment.kubernetes.io/revision": .string(revision)],
      ],
    ]
  }

  private static func pod(_ name: String, of owner: String, _ status: JSON) -> JSON {
    [
      "kind": "Pod",
      "metadata": ["name": .string(name), "ownerReferences": [["uid": .string(owner)]]],
      "status": status,
    ]
  }

  @Test func everyPodIsNewAndAvailable() {
    let none = Objects([])
    #expect(Rollout(deployment: Self.deployment(), among: none) == .complete)
    let scaledToNothing = Self.deployment(wanted: 0, updated: 0, available: 0, all: 0)
    #expect(Rollout(deployment: scaledToNothing, among: none) == .complete)
  }

  @Test(
    arguments: [
      (deployment(observed: 2), "Kubernetes has not looked at the change yet"),
      (deployment(updated: 0, available: 1), "0 of 1 Pods are new, 1 old one is still there"),
      (deployment(available: 0), "1 of 1 Pods are new, 0 of them available"),
      (
        deployment(wanted: 2, updated: 2, available: 2, all: 3),
        "2 of 2 Pods are new, 1 of them available, 1 old one is still there"
      ),
    ])
  func itWaits(deployment: JSON, words: String) {
    #expect(Rollout(deployment: deployment, among: Objects([])) == .progressing(words))
  }

  @Test func itIsStuckWhenKubernetesGaveUp() {
    let deployment = Self.deployment(
      available: 0,
      conditions: [
        [
          "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
          "message": "ReplicaSet \"web-2\" has timed out progressing.",
        ],
        [
          "type": "ReplicaFailure", "status": "True",
          "message": "pods \"web-\" is forbidden: exceeded quota",
        ],
      ])
    #expect(
      Rollout(deployment: deployment, among: Objects([]))
        == .stuck(
          "ReplicaSet \"web-2\" has timed out progressing.; "
            + "pods \"web-\" is forbidden: exceeded quota"))
  }

  @Test("what Kubernetes repeats for each attempt at a Pod is said once")
  func repeatedWarnings() {
    func event(_ name: String, _ message: String, at second: Int = 9) -> JSON {
      [
        "kind": "Event", "metadata": ["name": "web.1"],
        "lastTimestamp": .string("2026-01-01T00:00:0\(second)Z"),
        "involvedObject": ["kind": "ReplicaSet", "name": .string(name)],
        "message": .string(message),
      ]
    }
    let refusal = "is forbidden: exceeded quota: few"
    let events = Objects([
      event("web-6c9", #"Error creating: pods "web-6c9-zzzzz" \#(refusal)"#),
      event("web-6c9", #"Error creating: pods "web-6c9-a1b2c" is forbidden: no such account"#),
      event("web-6c9", #"Error creating: pods "web-6c9-d3f4g" is forbidden: no such account"#),
      event("web-6c9", "too old", at: 1), event("other-6c9", "not this one"),
    ])
    func warnings(beyond words: String) -> [String] {
      Rollout.warnings(events, of: "web", since: "2026-01-01T00:00:05Z", beyond: words)
    }
    let account =
      #"ReplicaSet web-6c9: Error creating: pods "web-6c9-d3f4g" is forbidden: no such account"#
    #expect(
      warnings(beyond: #"0 of 1 Pods are new; pods "web-6c9-hjk5x" \#(refusal)"#) == [account])
    #expect(
      warnings(beyond: "0 of 1 Pods are new")
        == [account, #"ReplicaSet web-6c9: Error creating: pods "web-6c9-zzzzz" \#(refusal)"#])
  }

  @Test(
    arguments: [
      (
        ["conditions": [["type": "PodScheduled", "status": "False", "message": "0/1 nodes"]]],
        "0/1 nodes"
      ),
      (["conditions": [["type": "PodScheduled", "status": "False"]]], "no node takes it"),
      (
        [
          "containerStatuses": [
            [
              "name": "backbone", "ready": false,
              "state": [
                "waiting": [
                  "reason": "CreateContainerConfigError", "message": "secret \"nope\" not found",
                ]
              ],
            ]
          ]
        ],
        "container backbone is in CreateContainerConfigError (secret \"nope\" not found)"
      ),
      (
        [
          "containerStatuses": [
            [
              "name": "backbone", "state": ["waiting": ["reason": "CrashLoopBackOff"]],
              "lastState": ["terminated": ["exitCode": 7]],
            ]
          ]
        ], "container backbone is in CrashLoopBackOff, it ended with status 7"
      ),
      (
        [
          "initContainerStatuses": [
            ["name": "init", "state": ["waiting": ["reason": "ErrImagePull"]]]
          ]
        ], "container init is in ErrImagePull"
      ),
      (
        [
          "containerStatuses": [
            ["name": "backbone", "ready": false, "state": ["running": ["startedAt": "x"]]]
          ]
        ], "container backbone runs and is not ready"
      ),
      (
        [
          "containerStatuses": [["name": "b", "state": ["waiting": ["reason": "PodInitializing"]]]]
        ],
        nil
      ),
    ] as [(JSON, String?)])
  func itSaysWhatANewPodWaitsFor(status: JSON, words: String?) {
    let objects = Objects([
      Self.replicaSet("web-2", revision: "10"), Self.replicaSet("web-1", revision: "9"),
      Self.replicaSet("other-1", revision: "11", owner: "e"),
      Self.pod("web-2-a", of: "web-2", status),
      Self.pod(
        "web-1-a", of: "web-1", ["conditions": [["type": "PodScheduled", "status": "False"]]]),
      Self.pod("other-1-a", of: "other-1", status),
    ])
    let expected =
      "1 of 1 Pods are new, 0 of them available" + (words.map { "; Pod web-2-a: \($0)" } ?? "")
    #expect(
      Rollout(deployment: Self.deployment(available: 0), among: objects)
        == .progressing(expected))
  }

  @Test func whatADeploymentOwnsIsFoundByItsIdentity() {
    let objects = Objects([
      Self.replicaSet("web-1", revision: "1"), Self.replicaSet("b", revision: "1", owner: "e"),
      Self.pod("p", of: "web-1", [:]), Self.pod("q", of: "b", [:]),
    ])
    let deployment = Self.deployment()
    #expect(objects.replicaSets(of: deployment).map(\.objectName) == ["web-1"])
    #expect(objects.pods(of: deployment).map(\.objectName) == ["p"])
    #expect(objects.pods(of: ["kind": "Deployment"]).isEmpty)
  }
}
