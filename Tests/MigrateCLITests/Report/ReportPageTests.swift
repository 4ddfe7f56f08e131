import Crypto
import Foundation
import MigrateAdapters
import MigratePlanning
import Testing

@testable import MigrateCLI

/// The report's file as a whole.
@Suite struct ReportPageTests {
  /// Names that nobody should choose, each after another way out of where it stands.
  static let hostile = [
    "</script><img src=x onerror=window.hacked=1>", "\" onmouseover=\"window.hacked=1",
    "\"\u{301} onfocus=window.hacked=1 autofocus x=\"", "'><svg onload=window.hacked=1>",
    "</title></style></code></pre><script>window.hacked=1</script>", "{{title}}", "{{{script}}}",
    "{{#articles}}", "{{% CONTENT_TYPE: TEXT}}", "<!--", "-->", "&lt;b&gt;", "&#60;b&#62;",
    "javascript:window.hacked=1", "`${window.hacked=1}`", "<b\u{338}>", "\u{202E}gnp.exe",
    "\u{1B}[31m", "\u{0}", "\r\n\r\n", "\u{2028}",
  ]

  private static let folder = ReleaseFixture.tests.appending(path: "Golden/html")

  private static func plan(_ name: String) async throws -> PlanDocument {
    try PlanDocument(text: try await Planned.document(ReleaseFixture(name: name)).pretty)
  }

  /// UPDATE_GOLDEN=1 records the file anew; a missing one fails. Style and script are left out.
  private func expect(_ page: String, isRecordedAs name: String) throws {
    let file = Self.folder.appending(path: name)
    let shown =
      page.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "<style></style>")
      .replacing(/<script>.*?<\/script>/.dotMatchesNewlines(), with: "<script></script>")
      .replacing(/sha256-[A-Za-z0-9+\/]{43}&#61;/, with: "sha256-…")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(shown.utf8).write(to: file)
    }
    let recorded = try #require(
      try? String(contentsOf: file, encoding: .utf8),
      "\(name) is missing; record it with UPDATE_GOLDEN=1")
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = recorded.split(separator: "\n", omittingEmptySubsequences: false)
    for (line, pair) in zip(lines, expected).enumerated() where pair.0 != pair.1 {
      Issue.record("\(name), line \(line + 1): \"\(pair.0)\" instead of \"\(pair.1)\"")
      return
    }
    #expect(lines.count == expected.count)
  }

  @Test func aPlanReadsAsRecorded() async throws {
    try expect(
      ReportPage.text(Report(try await Self.plan("awkward"), isKept: false)),
      isRecordedAs: "plan.html")
  }

  @Test func aRunReadsAsRecorded() throws {
    try expect(ReportPage.text(Report(SampleRun.differs.document)), isRecordedAs: "run.html")
  }

  @Test func everyRecordedFileIsOfATest() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
    #expect(Set(files) == ["plan.html", "run.html"])
  }

  /// Whatever stands in a plan, a browser sees the same elements and the same attributes.
  @Test(arguments: ["awkward", "secrets", "pending"])
  func noNameInAPlanBecomesMarkup(_ fixture: String) async throws {
    let plan = try await Self.plan(fixture)
    let usual = HTMLTags.all(
      in: try ReportPage.text(Report(plan.poisoned(with: "x"), isKept: true)))
    #expect(usual.count > 300)
    for text in Self.hostile {
      var poisoned = plan.poisoned(with: text)
      poisoned.values = ["a": .string(text)]
      var tame = plan.poisoned(with: "x")
      tame.values = ["a": "x"]
      let page = try ReportPage.text(Report(poisoned, isKept: true))
      let expected = HTMLTags.all(in: try ReportPage.text(Report(tame, isKept: true)))
      #expect(HTMLTags.all(in: page) == expected, "\(text.debugDescription)")
    }
    #expect(usual.count { $0 == "script" } == 1)
  }

  @Test(arguments: SampleRun.all)
  func noNameInARunBecomesMarkup(_ run: SampleRun) throws {
    let expected = HTMLTags.all(
      in: try ReportPage.text(Report(run.document.poisoned(with: "x"))))
    for text in Self.hostile {
      let page = try ReportPage.text(Report(run.document.poisoned(with: text)))
      #expect(HTMLTags.all(in: page) == expected, "\(text.debugDescription)")
    }
  }

  /// What is between the tags is what the policy lets through, to the byte.
  @Test func thePolicyNamesTheStyleAndTheScript() throws {
    let page = try ReportPage.text(Report(SampleRun.done.document))
    let policy = try #require(
      page.firstMatch(of: /Content-Security-Policy" content="([^"]*)"/)
    ).1
      .replacing("&#39;", with: "'").replacing("&#61;", with: "=")
    for name in ["style", "script"] {
      let text = try #require(page.firstMatch(of: try Regex("<\(name)>([\\s\\S]*?)</\(name)>")))
      let content = try #require(text.output[1].substring)
      let digest = Data(SHA256.hash(data: Data(content.utf8))).base64EncodedString()
      #expect(policy.contains("\(name)-src 'sha256-\(digest)'"))
    }
    #expect(policy.hasPrefix("default-src 'none'; "))
    #expect(policy.hasSuffix("base-uri 'none'; form-action 'none'"))
    #expect(!policy.contains("unsafe"))
  }

  /// The credentials of every fixture contain this word.
  @Test(arguments: ReleaseFixture.all)
  func noReportShowsACredential(_ fixture: ReleaseFixture) async throws {
    let page = try ReportPage.text(Report(try await Self.plan(fixture.name), isKept: true))
    #expect(!page.contains("hunter2"))
  }

  @Test func runsOfANamespaceStandOneBelowTheOther() throws {
    let runs = [SampleRun.failed.document, SampleRun.rollback.document]
    let page = try ReportPage.text(Report(runs, title: "Migrations"))
    #expect(page.ranges(of: "<article ").count == 2)
    let ids = page.matches(of: /\sid="([^"]*)"/).map { $0.1 }
    #expect(ids.count == Set(ids).count)
  }

  @Test func aReportOnNothingSaysSo() throws {
    let page = try ReportPage.text(Report([], title: "No run has touched release \"web\""))
    #expect(page.contains("<h1>No run has touched release &#34;web&#34;</h1>"))
  }

  @Test func theCommandsWriteIt() async throws {
    let text = try ReleaseFixture(name: "plain").text
    let planned = try await Planned.run(["--output", "html"], on: text)
    #expect(planned.output.hasPrefix("<!doctype html>\n"))
    #expect(planned.output.hasSuffix("</html>\n"))
    #expect(planned.errors.isEmpty)
  }
}
