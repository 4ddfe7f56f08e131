import MigratePlanning
import Testing

/// What a rollback does with each object of the backup, and with what the apply created.
@Suite struct RestoreDecisionTests {
  private static func object(
    _ kind: String, _ spec: JSON = [:], version: String? = nil, annotations: JSON? = nil
  ) -> JSON {
    var metadata: [String: JSON] = ["name": "web", "namespace": "mqtt"]
    metadata["annotations"] = annotations
    metadata["resourceVersion"] = version.map(JSON.string)
    if version != nil { metadata["uid"] = "u" }
    return ["kind": .string(kind), "metadata": .object(metadata), "spec": spec]
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var object: JSON
    var live: JSON?
    var decision: RestoreDecision
  }

  static let cases = [
    Case(
      testDescription: "as it was", object: object("ConfigMap", ["a": 1], version: "3"),
      live: object("ConfigMap", ["a": 1], version: "7"), decision: .none),
    Case(
      testDescription: "gone", object: object("ConfigMap", ["a": 1], version: "3"),
      decision: .create(object("ConfigMap", ["a": 1]))),
    Case(
      testDescription: "changed", object: object("ConfigMap", ["a": 1], version: "3"),
      live: object("ConfigMap", ["a": 2], version: "7"),
      decision: .replace(
        object("ConfigMap", ["a": 1]).replacing(["metadata", "resourceVersion"], with: "7"))),
    Case(
      testDescription: "a Service that has its address",
      object: object("Service", ["clusterIP": "10.0.0.1", "ports": [["port": 1]]]),
      live: object("Service", ["clusterIP": "10.0.0.1", "ports": [["port": 2]]], version: "7"),
      decision: .replace(
        object("Service", ["clusterIP": "10.0.0.1", "ports": [["port": 1]]])
          .replacing(["metadata", "resourceVersion"], with: "7"))),
    Case(
      testDescription: "a Service with another address",
      object: object("Service", ["clusterIP": "10.0.0.1"]),
      live: object("Service", ["clusterIP": "10.0.0.2"], version: "7"),
      decision: .recreate(object("Service", ["clusterIP": "10.0.0.1"]))),
    Case(
      testDescription: "a Deployment that is gone comes back paused",
      object: object("Deployment", ["replicas": 1]),
      decision: .create(object("Deployment", ["replicas": 1, "paused": true]))),
    Case(
      testDescription: "a Deployment that is paused as it was",
      object: object("Deployment", ["replicas": 1]),
      live: object("Deployment", ["replicas": 1, "paused": true], version: "7"), decision: .none),
    Case(
      testDescription: "a Deployment that rolls out is paused again",
      object: object("Deployment", ["replicas": 1]),
      live: object("Deployment", ["replicas": 1], version: "7"),
      decision: .replace(
        object("Deployment", ["replicas": 1, "paused": true])
          .replacing(["metadata", "resourceVersion"], with: "7"))),
    Case(
      testDescription: "an account keeps the token that it has now",
      object: object("ServiceAccount", ["a": 1]).replacing(["secrets"], with: [["name": "old"]]),
      live: object("ServiceAccount", ["a": 2], version: "7")
        .replacing(["secrets"], with: [["name": "new"]]),
      decision: .replace(
        object("ServiceAccount", ["a": 1]).replacing(["secrets"], with: [["name": "new"]])
          .replacing(["metadata", "resourceVersion"], with: "7"))),
    Case(
      testDescription: "a Job that was made again goes by its own identity",
      object: object("Job", job(uid: "a")), live: object("Job", job(uid: "b"), version: "7"),
      decision: .none),
    Case(
      testDescription: "a Job that was made again keeps its identity where something else changes",
      object: object("Job", job(uid: "a"), annotations: ["a": "b"]),
      live: object("Job", job(uid: "b"), version: "7"),
      decision: .replace(
        object("Job", job(uid: "b"), annotations: ["a": "b"])
          .replacing(["metadata", "resourceVersion"], with: "7"))),
    Case(
      testDescription: "a Job that is gone is made without the identity that it had",
      object: object("Job", job(uid: "a")),
      decision: .create(
        object("Job", ["template": ["metadata": ["labels": ["app": "web"]], "spec": [:]]]))),
    Case(
      testDescription: "a Job with a selector of its own is as it says",
      object: object("Job", job(uid: "a").replacing(["manualSelector"], with: true)),
      decision: .create(
        object("Job", job(uid: "a").replacing(["manualSelector"], with: true)))),
    Case(
      testDescription: "an autoscaler's status is none of its content",
      object: object(
        "HorizontalPodAutoscaler",
        annotations: [
          "autoscaling.alpha.kubernetes.io/conditions": "[]"
        ]),
      live: object("HorizontalPodAutoscaler", version: "7"), decision: .none),
  ]

  /// The spec of a Job as the API server keeps it.
  private static func job(uid: String) -> JSON {
    [
      "selector": ["matchLabels": ["controller-uid": .string(uid)]],
      "template": [
        "metadata": [
          "labels": ["app": "web", "controller-uid": .string(uid), "job-name": "web"]
        ], "spec": [:],
      ],
    ]
  }

  @Test(arguments: cases) func itIsDecidedByWhatThereIsNow(_ sample: Case) {
    #expect(RestoreDecision(sample.object, live: sample.live) == sample.decision)
  }

  private static let ours: JSON = [
    "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "mqtt",
  ]

  @Test(
    arguments: [
      ("ours", object("Service", annotations: ours), false, .delete),
      ("gone", nil, false, .keep),
      ("of the backup as well", object("Service", annotations: ours), true, .keep),
      ("a claim", object("PersistentVolumeClaim", annotations: ours), false, .keep),
      ("nobody's", object("Service"), false, .keep),
      (
        "another release's",
        object(
          "Service",
          annotations: [
            "meta.helm.sh/release-name": "other", "meta.helm.sh/release-namespace": "mqtt",
          ]), false, .keep
      ),
      (
        "one of that name elsewhere",
        object(
          "Service",
          annotations: [
            "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "other",
          ]), false, .keep
      ),
    ] as [(String, JSON?, Bool, CreatedDecision)])
  func onlyWhatTheApplyMadeGoes(
    _ name: String, live: JSON?, isInBackup: Bool, decision: CreatedDecision
  ) {
    let release = ReleaseIdentity(
      name: "web", namespace: "mqtt", revision: 1, status: "deployed", chartName: "backbone",
      chartVersion: "0.1.0")
    #expect(
      CreatedDecision(live, isInBackup: isInBackup, release: release) == decision, "\(name)")
  }
}
