import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct OptionalReferenceTests {
  private static let ports = EnvironmentSource.Identity(kind: .configMap, name: "ports")

  /// A port of 9000, and over it one from a ConfigMap that need not exist.
  private func plan(_ content: SourceContent) async throws -> Plan {
    var release = SampleRelease()
    release.env = [
      .variable("HTTP_PORT", "9000"),
      [
        "name": "HTTP_PORT",
        "valueFrom": ["configMapKeyRef": ["name": "ports", "key": "http", "optional": true]],
      ],
    ]
    release.sourceKeys = [Self.ports: content]
    return try await Planning.plan(release)
  }

  @Test func theEntryBeforeIsCarriedToItsHome() async throws {
    let plan = try await plan(.missing)
    #expect(try plan.value("config.httpPort") == 9000)
    #expect(plan.variable("HTTP_PORT")?.state == .same)
    #expect(
      plan.findings(.variableDuplicated).map(\.message) == [
        "variable \"HTTP_PORT\" is set 2 times; one before the last counts and is kept, "
          + "for the last names a key that does not exist"
      ])
  }

  @Test func theReferenceIsCarriedWhereItLeadsSomewhere() async throws {
    let plan = try await plan(.keys(["http"]))
    #expect(try plan.value("config.httpPort") == nil)
    #expect(plan.variable("HTTP_PORT")?.state == .same)
    #expect(plan.findings(.variableDuplicated).first?.message.contains("the last one") == true)
  }

  @Test func whatCannotBeKnownIsNotJudged() async throws {
    let plan = try await plan(.unreadable("forbidden"))
    #expect(plan.variable("HTTP_PORT")?.state != .same)
    #expect(plan.verdict == .attention)
    let unchecked = plan.unchecked.filter { $0.code == "environment-from-source" }
    #expect(unchecked.map(\.reason).joined().contains("\"HTTP_PORT\" is not known"))
  }

  @Test func oneInFrontOfASourceStaysThere() async throws {
    let settings = EnvironmentSource.Identity(kind: .configMap, name: "settings")
    let reference: JSON = [
      "name": "HTTP_PORT",
      "valueFrom": ["configMapKeyRef": ["name": "ports", "key": "http", "optional": true]],
    ]
    var release = SampleRelease()
    release.env = [reference]
    release.envFrom = [["configMapRef": ["name": "settings"]]]
    release.sourceKeys = [Self.ports: .missing, settings: .keys(["HTTP_PORT"])]
    let plan = try await Planning.plan(release)
    #expect(try plan.value("extraEnv") == [reference])
    #expect(plan.variable("HTTP_PORT")?.state == .same)
  }
}
