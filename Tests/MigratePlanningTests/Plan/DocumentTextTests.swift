import MigratePlanning
import Testing

@testable import PlanSamples

/// Documents read back exactly, and say where they are none.
@Suite struct DocumentTextTests {
  private static func plan() async throws -> JSON {
    try await Planning.document(Planning.plan([("HTTP_PORT", "9000")])).json
  }

  /// Foundation's decimals end at 1e127, and its readers forget how a number was written.
  @Test(arguments: ["1e300", "1e400", "1.50", "-0", "123456789012345678901234567890.5"])
  func numbersReadAsTheyAreWritten(number: String) async throws {
    var document = try await Planning.document(Planning.plan([("HTTP_PORT", "9000")]))
    document.settings[0].before = [.number(number)]
    #expect(try PlanDocument(text: document.json.pretty) == document)
  }

  /// A value as deep as is read from a release is some levels further down in a plan.
  @Test func whatIsReadCanBeReadInADocument() async throws {
    var document = try await Planning.document(Planning.plan([("HTTP_PORT", "9000")]))
    var deep: JSON = "x"
    for _ in 0..<JSONReader().maximumDepth { deep = [deep] }
    document.settings[0].before = deep
    #expect(try PlanDocument(text: document.json.pretty) == document)
  }

  @Test(
    arguments: [
      ("", "line 1, column 1: the text ends where a value should be"),
      ("{", "line 1, column 2: the text ends where a key should be"),
      ("[]", "\"schema\" is not \"backbone-migrate/plan/v1\""),
      ("{\"schema\": \"x\"}", "\"schema\" is not \"backbone-migrate/plan/v1\""),
      ("{\"schema\": \"backbone-migrate/plan/v1\"}", "\"id\" is missing"),
      ("{\"a\": 1,\n \"a\": 2}", "line 2, column 2: key \"a\" is written twice"),
    ])
  func theErrorSaysWhere(text: String, words: String) {
    let error = #expect(throws: DocumentError.self) { try PlanDocument(text: text) }
    #expect(error?.description == words)
  }

  /// It stands in a command that a plan tells to type.
  @Test(arguments: ["plan-x; id", "plan-\u{1B}[2J", "x", "plan-", "plan-`id`", "--yes", "run-x7"])
  func anIDIsOneOfOurs(id: String) async throws {
    let text = try await Self.plan().replacing(["id"], with: .string(id)).canonical
    let error = #expect(throws: DocumentError.self) { try PlanDocument(text: text) }
    #expect(error?.description == "\"id\" is no plan's id")
  }

  @Test(
    arguments: [
      (["release", "revision"], "1e400", "\"release.revision\" is of the wrong kind"),
      (
        ["release", "revision"], "9223372036854775808", "\"release.revision\" is of the wrong kind"
      ),
      (["verdict"], "1", "\"verdict\" is of the wrong kind"),
      (["settings"], "1", "\"settings\" is of the wrong kind"),
    ])
  func theErrorNamesThePlace(keys: [String], number: String, words: String) async throws {
    let text = try await Self.plan().replacing(keys[...], with: .number(number)).canonical
    let error = #expect(throws: DocumentError.self) { try PlanDocument(text: text) }
    #expect(error?.description == words)
  }
}
