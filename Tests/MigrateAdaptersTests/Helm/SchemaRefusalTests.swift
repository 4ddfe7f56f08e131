import MigratePlanning
import Testing

@testable import MigrateAdapters

/// Helm 3.17.2 and 4.3.1, word for word, on one line as errors are.
@Suite struct SchemaRefusalTests {
  private static func error(_ lines: String...) -> ClientError {
    let head =
      "values don't meet the specifications of the schema(s) in the following chart(s):\nbackbone:"
    return error(text: ([head] + lines).joined(separator: "\n"))
  }

  private static func error(text: String) -> ClientError {
    let result = CommandResult(status: 1, output: [], errorText: text)
    return ClientError(
      "helm template", Command("helm", []), result, redactor: Redactor(), connected: false)
  }

  @Test(
    arguments: [
      (
        error("- k8s.enabled: Invalid type. Expected: boolean, given: string"), ["k8s", "enabled"],
        "Invalid type. Expected: boolean, given: string"
      ),
      (
        error("- at '/k8s/enabled': got string, want boolean"), ["k8s", "enabled"],
        "got string, want boolean"
      ),
      (error("- (root): Additional property log is not allowed"), ["log"], nil),
      (error("- at '': additional properties 'log' not allowed"), ["log"], nil),
      (error("- service: Additional property htp is not allowed"), ["service", "htp"], nil),
      (error("- at '/service': additional properties 'htp' not allowed"), ["service", "htp"], nil),
    ] as [(ClientError, [String], String?)])
  func bothHelmsSayIt(error: ClientError, keys: [String], reason: String?) {
    let refusals = SchemaRefusal.all(in: error)
    #expect(refusals.map(\.keys) == [keys])
    #expect(refusals.map(\.reason) == [reason])
  }

  @Test func eachOfSeveralIsOne() {
    let four = Self.error(
      "- at '': additional properties 'a', 'b' not allowed",
      "- at '/replicaCount': got string, want integer")
    #expect(SchemaRefusal.all(in: four).map(\.keys) == [["a"], ["b"], ["replicaCount"]])
  }

  @Test func otherErrorsHaveNone() {
    let other = Self.error(text: "- at '/a': no template")
    #expect(SchemaRefusal.all(in: other).isEmpty)
    #expect(SchemaRefusal.all(in: .releaseNotFound("web", namespace: nil)).isEmpty)
  }

  @Test(
    arguments: [
      ("service.http.port", true), ("service", true), ("service.http", true),
      ("service.tcp", false),
    ])
  func itConcernsWhatIsAboveAndBelow(path: String, concerns: Bool) throws {
    let refusal = SchemaRefusal.all(in: Self.error("- at '/service/http': got string, want object"))
    #expect(try #require(refusal.first).concerns(ValuePath(path)) == concerns)
    let whole = SchemaRefusal.all(in: Self.error("- at '': missing property 'name'"))
    #expect(try !#require(whole.first).concerns(ValuePath(path)))
  }
}
