import MigratePlanning
import Testing

@Suite struct RulesTests {
  @Test func everyCodeHasItsRule() {
    let codes = Rules.all.map { $0.code }
    #expect(Set(codes) == Set(FindingCode.allCases))
    #expect(Set(codes).count == codes.count)
  }

  @Test(arguments: FindingCode.allCases)
  func codesAreWordsWithHyphens(code: FindingCode) {
    #expect(code.rawValue.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
    #expect(code.description == code.rawValue)
  }

  @Test func everyRuleHasACaseAndANearMiss() throws {
    let cases =
      try EnvironmentFindingTests.cases() + WorkloadFindingTests.cases()
      + OwnershipFindingTests.cases()
    // These need a chart that ignores values, or refuses them: ForeignTargetTests and
    // RefusedValueTests have their cases.
    for code in FindingCode.allCases where ![.valueIgnored, .valueRefused].contains(code) {
      #expect(cases.contains { $0.code == code && $0.severity != nil }, "\(code)")
      #expect(cases.contains { $0.code == code && $0.severity == nil }, "\(code)")
    }
    #expect(Set(cases.map(\.testDescription)).count == cases.count)
  }

  private func unchecked(
    _ change: (inout SampleRelease) -> Void, chart: FakeChart = FakeChart()
  ) async throws -> [String] {
    var release = SampleRelease()
    change(&release)
    return try await Planning.plan(release, chart: chart).unchecked.map(\.code)
  }

  @Test func aPlainReleaseIsJudgedWhole() async throws {
    #expect(try await unchecked { _ in } == [])
  }

  @Test(
    arguments: [
      ("runs-as-non-root", "securityContext", ["runAsUser": 1]),
      ("probe-introduced", "livenessProbe", ["tcpSocket": ["port": 1883]]),
      ("probe-introduced", "readinessProbe", ["tcpSocket": ["port": 1883]]),
      ("probe-introduced", "startupProbe", ["tcpSocket": ["port": 1883]]),
      ("resources-lost", "resources", ["limits": ["cpu": "1"]]),
      ("container-lost", "command", ["/bin/sh"]), ("container-lost", "args", ["-v"]),
      ("volume-lost", "volumeMounts", [["name": "x", "mountPath": "/etc/x"]]),
    ] as [(String, String, JSON)])
  func whatIsLostOfTheContainerIsNamed(code: String, member: String, value: JSON) async throws {
    #expect(try await unchecked { $0.container[member] = value } == [code])
    let introduced = try await unchecked(
      { _ in }, chart: FakeChart(containerExtras: [member: value]))
    #expect(introduced == [code])
  }

  @Test(
    arguments: [
      ("runs-as-non-root", "securityContext", ["fsGroup": 1]),
      ("scheduling-lost", "nodeSelector", ["a": "b"]),
      ("scheduling-lost", "tolerations", [["key": "x"]]),
      ("scheduling-lost", "affinity", ["podAffinity": [:]]),
      ("scheduling-lost", "topologySpreadConstraints", [["maxSkew": 1]]),
      ("scheduling-lost", "priorityClassName", "high"),
      ("image-pull-secrets-lost", "imagePullSecrets", [["name": "x"]]),
      ("container-lost", "initContainers", [["name": "x"]]),
    ] as [(String, String, JSON)])
  func whatIsLostOfThePodIsNamed(code: String, member: String, value: JSON) async throws {
    #expect(try await unchecked { $0.pod[member] = value } == [code])
  }

  @Test(
    arguments: [
      ("securityContext", [:]), ("tolerations", []), ("priorityClassName", ""),
      ("nodeSelector", [:]),
    ] as [(String, JSON)])
  func whatIsWrittenOutEmptyIsNothing(member: String, value: JSON) async throws {
    #expect(try await unchecked { $0.pod[member] = value } == [])
  }

  @Test func replicasContainersAndServicesAreCompared() async throws {
    #expect(try await unchecked { $0.spec["replicas"] = 3 } == ["replicas-changed"])
    #expect(
      try await unchecked { $0.moreContainers = [["name": "sidecar"]] } == ["container-lost"])
    let service: JSON = [
      "kind": "Service", "metadata": ["name": "more"], "spec": ["ports": [["port": 9]]],
    ]
    #expect(try await unchecked { $0.moreObjects = [service] } == ["service-port-moved"])
  }

  @Test func aMountAtDataWithASlashIsTheOneAtData() async throws {
    let unchecked = try await unchecked { release in
      release.container["volumeMounts"] = [["name": "data", "mountPath": "/data/"]]
      release.pod["volumes"] = [["name": "data", "emptyDir": [:]]]
    }
    #expect(unchecked == [])
  }

  @Test func reasonsOfOneCodeStandTogether() async throws {
    var release = SampleRelease()
    release.pod["nodeSelector"] = ["a": "b"]
    release.pod["tolerations"] = [["key": "x"]]
    let unchecked = try await Planning.plan(release).unchecked
    #expect(unchecked.count == 1)
    #expect(unchecked.first?.reason.contains("; ") == true)
  }

  @Test func whatNobodyAskedOrMayReadIsUnchecked() async throws {
    var release = SampleRelease()
    release.hidden = [Unchecked(code: "service-account-missing", reason: "forbidden")]
    let chart = FakeChart()
    let plan = try await Planning.plan(try Planning.situation(release), answers: .none) {
      chart.render($0)
    }
    #expect(
      plan.unchecked.map(\.code)
        == ["service-account-missing", "object-unowned", "server-rejects"])
    #expect(plan.verdict == .attention)
  }
}
