import MigratePlanning
import Testing

@Suite struct WorkloadTests {
  private func deployment(_ name: String, _ containers: [String]) -> JSON {
    [
      "kind": "Deployment", "metadata": ["name": .string(name)],
      "spec": [
        "template": ["spec": ["containers": .array(containers.map { ["name": .string($0)] })]]
      ],
    ]
  }

  private func find(
    _ deployments: [JSON], container: String? = nil, preferred: [String] = []
  ) throws(PlanError) -> Workload {
    try Workload.find(
      in: Objects(deployments), container: container, preferred: preferred, where: "the release")
  }

  @Test func theOnlyContainerIsTheBrokers() throws {
    let workload = try find([deployment("web", ["anything"])], preferred: ["backbone"])
    #expect(workload.name == "web" && workload.containerName == "anything")
  }

  @Test func theNamedContainerIsTheBrokers() throws {
    let workload = try find([deployment("web", ["a", "b"])], container: "b", preferred: ["a"])
    #expect(workload.containerName == "b")
  }

  @Test func theFirstPreferredNameDecides() throws {
    let workload = try find(
      [deployment("web", ["proxy", "b"]), deployment("more", ["a"])], preferred: ["x", "b", "a"])
    #expect(workload.name == "web" && workload.containerName == "b")
  }

  @Test func withoutDeploymentsThereIsNoBroker() {
    let service: JSON = ["kind": "Service", "metadata": ["name": "web"]]
    #expect(throws: PlanError.noWorkload(place: "the release")) { try find([service]) }
    #expect(throws: PlanError.noWorkload(place: "the release")) { try find([deployment("w", [])]) }
  }

  @Test(arguments: ["StatefulSet", "DaemonSet", "Rollout"])
  func anotherKindOfWorkloadIsNamed(kind: String) {
    let set = deployment("web", ["backbone"]).replacing(["kind"], with: .string(kind))
    let error = PlanError.otherWorkload(
      ObjectReference(kind: kind, name: "web"), place: "the release")
    #expect(throws: error) { try find([set]) }
    // Beside the broker, something else may be a Deployment.
    let exporter = deployment("exporter", ["exporter"])
    #expect(throws: error) { try find([exporter, set], preferred: ["exporter", "backbone"]) }
    #expect(error.description.contains("\(kind) \"web\", and a plan moves a Deployment only"))
  }

  @Test func anotherWorkloadBesideTheBrokerIsNoMatter() throws {
    let set = deployment("redis", ["redis"]).replacing(["kind"], with: "StatefulSet")
    let found = try find([deployment("web", ["broker"]), set], preferred: ["broker", "backbone"])
    #expect(found.name == "web")
    let job = deployment("web", ["backbone"]).replacing(["kind"], with: "Job")
    #expect(throws: PlanError.noWorkload(place: "the release")) { try find([job]) }
  }

  @Test func aContainerThatIsNotThereIsNamedWithThoseThatAre() {
    let error = PlanError.noSuchContainer("x", place: "the release", known: ["a", "b"])
    #expect(throws: error) { try find([deployment("web", ["a", "b"])], container: "x") }
    #expect(error.description.contains("no container \"x\"; name one of \"a\", \"b\""))
  }

  @Test func severalContainersAreNoGuess() {
    let error = PlanError.severalContainers(["a", "b"], place: "the release")
    #expect(throws: error) { try find([deployment("web", ["a", "b"])]) }
    #expect(throws: error) {
      try find([deployment("web", ["a"]), deployment("more", ["b"])], preferred: ["c"])
    }
    #expect(error.description.contains("--container NAME"))
  }

  @Test func aPreferredNameThatTwoContainersHaveIsNoGuess() {
    #expect(throws: PlanError.self) {
      try find([deployment("web", ["a"]), deployment("more", ["a"])], preferred: ["a"])
    }
  }

  @Test func aNamedContainerOfTwoDeploymentsIsNoGuess() {
    #expect(throws: PlanError.self) {
      try find([deployment("web", ["a"]), deployment("more", ["a"])], container: "a")
    }
  }

  @Test(
    arguments: [
      (PlanError.noWorkload(place: "the release"), "the release has no Deployment"),
      (.unknownAdoption("x.y", near: []), "--adopt \"x.y\" names neither a value path"),
    ])
  func errorsSayWhatToDo(error: PlanError, words: String) {
    #expect(error.description.contains(words))
    #expect(error.description.contains("; "))
  }
}
