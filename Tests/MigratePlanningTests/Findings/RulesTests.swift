import MigratePlanning
import Testing

@testable import PlanSamples

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
      + OwnershipFindingTests.cases() + NetworkFindingTests.cases() + SecurityFindingTests.cases()
      + PodFindingTests.cases()
    // These need a chart that ignores values, refuses them, or draws: ForeignTargetTests,
    // RefusedValueTests and DrawnFieldsTests have their cases.
    let others: Set<FindingCode> = [.valueIgnored, .valueRefused, .valueDrawn]
    for code in FindingCode.allCases where !others.contains(code) {
      #expect(cases.contains { $0.code == code && $0.severity != nil }, "\(code)")
      #expect(cases.contains { $0.code == code && $0.severity == nil }, "\(code)")
    }
    #expect(Set(cases.map(\.testDescription)).count == cases.count)
  }

  @Test func aPlainReleaseIsJudgedWholeAndReady() async throws {
    let plan = try await Planning.plan(SampleRelease())
    #expect(plan.unchecked == [])
    #expect(plan.verdict == .ready)
  }

  @Test func aMountAtDataWithASlashIsTheOneAtData() async throws {
    var release = SampleRelease()
    release.container["volumeMounts"] = [["name": "data", "mountPath": "/data/"]]
    release.pod["volumes"] = [["name": "data", "emptyDir": [:]]]
    let plan = try await Planning.plan(release)
    #expect(plan.findings(.volumeLost) == [])
    #expect(try plan.value("persistence.volume") == ["emptyDir": [:]])
  }

  @Test func whatNobodyAskedOrMayReadIsUnchecked() async throws {
    var release = SampleRelease()
    release.hidden = [Unchecked(code: "service-account-missing", reason: "forbidden")]
    let chart = FakeChart()
    let plan = try await Planning.plan(try Planning.situation(release), reply: .notAsked) {
      chart.render($0)
    }
    #expect(
      plan.unchecked.map(\.code)
        == ["service-account-missing", "object-unowned", "server-rejects"])
    #expect(plan.verdict == .attention)
  }
}
