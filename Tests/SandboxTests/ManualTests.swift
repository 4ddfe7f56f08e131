import Foundation
import Testing

/// The manual: pages are walked by scripts/check-manual, and what is made from the program is
/// current.
@Suite("The manual")
struct ManualTests {
  @Test(
    "every command of a page does what is shown", arguments: pages, HelmVersion.only(.helm4))
  func page(name: String, helm: HelmVersion) async throws {
    try await Workbench.with(helm) { bench in
      let outcome = try await bench.run(
        Self.path("scripts/check-manual"),
        [bench.sandbox.binary, bench.sandbox.helm(helm), Self.path(name)])
      #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
    }
  }

  @Test("the pages are found")
  func found() {
    #expect(Self.pages.contains("docs/tutorial.md"))
    #expect(Self.pages.contains("docs/how-to/secrets.md"))
  }

  @Test("commands in documents exist, with their options")
  func syntax() async throws {
    try await succeeds("scripts/check-manual", "--syntax", try Sandbox.current().binary)
  }

  @Test("the reference says what the program says")
  func reference() async throws {
    try await succeeds("scripts/reference", try Sandbox.current().binary, "--check")
  }

  private func succeeds(_ script: String, _ arguments: String...) async throws {
    let outcome = try await Outcome.of(Self.path(script), arguments, in: Self.root.path())
    #expect(outcome.status == 0, "\(outcome.text)\(outcome.errorText)")
  }

  private static let pages = transcripts(in: "docs") + transcripts(in: "docs/how-to")

  /// The pages of a folder that have transcripts; those of other documents are indented, and not
  /// walked.
  private static func transcripts(in folder: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path(folder))) ?? []
    return files.sorted().map { "\(folder)/\($0)" }.filter { file in
      let text = try? String(contentsOfFile: path(file), encoding: .utf8)
      return file.hasSuffix(".md") && text?.contains("```console\n") == true
    }
  }

  private static func path(_ name: String) -> String { root.appending(path: name).path() }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
}
