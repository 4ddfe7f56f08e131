import MigratePlanning
import Testing

@testable import PlanSamples

@Suite struct AcceptanceTests {
  @Test(
    arguments: [
      ("runs-as-non-root", "runs-as-non-root", nil, true),
      ("image-changed=Deployment/web", "image-changed", "Deployment/web", true),
      ("image-changed=a=b", "image-changed", "a=b", true),
      ("image-changed=", "image-changed", "", true),
      ("image-change", "image-change", nil, false), ("", "", nil, false),
    ] as [(String, String, String?, Bool)])
  func itIsACodeAndPerhapsAnObject(text: String, code: String, object: String?, isKnown: Bool) {
    let acceptance = Acceptance(text)
    #expect(acceptance.code == code)
    #expect(acceptance.object == object)
    #expect(acceptance.isKnown == isKnown)
  }

  private static func entry(
    _ code: FindingCode, _ severity: String, _ name: String = "web", resolved: Bool = false,
    acceptedBy: JSON = .null
  ) -> JSON {
    [
      "code": .string(code.rawValue), "dimension": "image", "severity": .string(severity),
      "subject": ["kind": "Deployment", "name": .string(name), "namespace": "mqtt"],
      "message": "", "before": .null, "after": .null, "remedy": .null, "resolved": .bool(resolved),
      "acceptedBy": acceptedBy,
    ]
  }

  private func document() async throws -> PlanDocument {
    let plan = try Planning.document(try await Planning.plan([("TZ", "UTC")]))
    var members = try plan.json.members
    members["findings"] = [
      Self.entry(.imageChanged, "breaking"), Self.entry(.imageChanged, "breaking", "other"),
      Self.entry(.valueUnsupported, "breaking"),
      Self.entry(.defaultChanged, "breaking", resolved: true),
      Self.entry(.workloadRenamed, "breaking", acceptedBy: "--adopt fullnameOverride"),
      Self.entry(.imageTagMutable, "warning"), Self.entry(.volumeLost, "blocker"),
      Self.entry(.serverRejects, "blocker", resolved: true),
    ]
    members["unchecked"] = [["code": "field-conflict", "reason": "forbidden"]]
    return try PlanDocument(text: JSON.object(members).canonical)
  }

  @Test(
    arguments: [
      ([], ["image-changed", "value-unsupported", "field-conflict"]),
      (["image-changed"], ["value-unsupported", "field-conflict"]),
      (["image-changed=Deployment/web"], ["image-changed", "value-unsupported", "field-conflict"]),
      (
        ["image-changed=Deployment/web", "image-changed=Deployment/other"],
        ["value-unsupported", "field-conflict"]
      ),
      (["field-conflict"], ["image-changed", "value-unsupported"]),
      (
        ["field-conflict=Deployment/web"],
        ["image-changed", "value-unsupported", "field-conflict"]
      ),
      (["image-changed", "value-unsupported", "field-conflict"], []),
    ] as [([String], [String])])
  func whatIsLeftToAccept(texts: [String], codes: [String]) async throws {
    let acceptances = texts.map { Acceptance($0) }
    #expect(try await document().codesToAccept(beyond: acceptances) == codes)
  }

  @Test func aBlockerIsThereWhateverIsAccepted() async throws {
    let document = try await document()
    #expect(document.blockers.map(\.code) == [.volumeLost])
    #expect(
      !document.codesToAccept(beyond: [Acceptance("volume-lost")]).contains("volume-lost"))
  }

  @Test func whatIsAboutNothingIsNamed() async throws {
    let acceptances = [
      "image-changed", "image-changed=Deployment/nobody", "flag-not-true", "field-conflict",
    ].map { Acceptance($0) }
    #expect(try await document().idle(acceptances) == [acceptances[1], acceptances[2]])
  }
}
