import MigratePlanning
import Testing

@testable import MigrateExecution

/// How the broker stands where a run was stopped.
@Suite struct BrokerStatusTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// The old and the new Deployment; nil where it is not there.
    var old: JSON?
    var new: JSON?
    var words: String
  }

  private static func deployment(
    paused: Bool = true, pods: Int? = 1, isEnding: Bool = false
  ) -> JSON {
    let metadata: JSON = isEnding ? ["deletionTimestamp": "2026-03-01T10:00:00Z"] : [:]
    return [
      "kind": "Deployment", "metadata": metadata,
      "spec": paused ? ["paused": true] : [:],
      "status": pods.map { ["replicas": .integer($0)] } ?? [:],
    ]
  }

  static let cases = [
    Case(
      testDescription: "held still", old: deployment(),
      words: "Deployment/old is held still: its Pods run on as they are until you go on"),
    Case(
      testDescription: "made again, held still", old: deployment(pods: nil),
      words: "Deployment/old is held still and has no Pods: no broker runs until you go on"),
    Case(
      testDescription: "let go", new: deployment(paused: false),
      words: "Deployment/new rolls out all the same, and was not verified"),
    Case(
      testDescription: "the new one is there still", old: deployment(pods: nil),
      new: deployment(paused: false),
      words: "Deployment/new rolls out all the same, and was not verified"),
    Case(
      testDescription: "taken away",
      words: "its Deployment is taken away, and no broker runs until you go on"),
    Case(
      testDescription: "being taken away", old: deployment(paused: false, isEnding: true),
      words: "its Deployment is taken away, and no broker runs until you go on"),
  ]

  private static func reference(_ name: String) -> ObjectReference {
    ObjectReference(kind: "Deployment", name: name, namespace: "mqtt")
  }

  @Test(arguments: cases) func itIsSeenInTheCluster(_ sample: Case) async {
    let cluster = FakeCluster()
    for (name, object) in [("old", sample.old), ("new", sample.new)] {
      guard let object else { continue }
      cluster.put(object.replacing(["metadata", "name"], with: .string(name)))
    }
    let deployments = [Self.reference("old"), Self.reference("new")]
    let status = await cluster.context.brokerStatus(of: deployments)
    #expect(status.words(until: "go on") == sample.words)
    #expect(status.isAtStandstill != sample.words.contains("rolls out"))
  }

  @Test func aClusterThatDoesNotAnswerIsNotGuessedAt() async {
    let cluster = FakeCluster()
    cluster.answer("get", with: .refusal(401, "Unauthorized", "Unauthorized"))
    let status = await cluster.context.brokerStatus(of: [Self.reference("old")])
    #expect(status.words(until: "go on") == "how the broker stands cannot be seen now")
    #expect(!status.isAtStandstill)
  }
}
