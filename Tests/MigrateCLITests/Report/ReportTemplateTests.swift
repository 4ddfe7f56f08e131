import MigrateAdapters
import Testing

/// What has to hold of the files in reports/, whatever is filled into them.
@Suite struct ReportTemplateTests {
  private static let templates = EmbeddedFiles.reports.filter { $0.path.hasSuffix(".html") }

  private func file(_ path: String) throws -> String {
    try #require(EmbeddedFiles.reports.first { $0.path == path }).text
  }

  @Test func everyFileIsThere() {
    #expect(
      EmbeddedFiles.reports.map(\.path)
        == ["objects.html", "report.css", "report.html", "report.js", "value.html"])
  }

  /// A template that is called by another one begins with the library's own escaping again.
  @Test func everyTemplateAsksForOurEscapingFirst() {
    for template in Self.templates {
      #expect(template.text.hasPrefix("{{% CONTENT_TYPE: REPORT }}\n"), "\(template.path)")
      #expect(template.text.ranges(of: "CONTENT_TYPE").count == 1, "\(template.path)")
    }
  }

  @Test func onlyStyleAndScriptAreWrittenAsTheyAre() {
    let raw = Self.templates.flatMap { template in
      template.text.matches(of: /\{\{(?:\{|&)[^}]*\}\}\}?/).map { String($0.0) }
    }
    #expect(raw.sorted() == ["{{{script}}}", "{{{style}}}"])
  }

  /// Within a tag, a value stands in double quotes or decides on a word of ours.
  @Test func valuesInTagsStandInDoubleQuotes() {
    for template in Self.templates {
      let text = template.text.replacing(/\{\{!.*?\}\}/.dotMatchesNewlines(), with: "")
      for tag in text.matches(of: /<[a-z][^<>]*>/) {
        let rest = tag.0.replacing(/="[^"]*"/, with: "")
          .replacing(/\{\{#\.isOpen\}\} open\{\{\/\.isOpen\}\}/, with: "")
        #expect(!rest.contains("{"), "\(template.path): \(tag.0)")
        #expect(!rest.contains("'"), "\(template.path): \(tag.0)")
      }
    }
  }

  /// No value becomes a script, a style, an address or the name of something.
  @Test func noAttributeGivesAValueMeaning() {
    for template in Self.templates {
      for match in template.text.matches(of: /([a-z-]+)="([^"]*\{\{[^"]*)"/) {
        let (name, value) = (String(match.1), String(match.2))
        let isPlace = ["href", "id", "aria-labelledby"].contains(name)
        #expect(
          name.hasPrefix("data-") || ["content", "name", "value", "x", "width"].contains(name)
            || isPlace && value.contains(/^#?\{\{\.anchor\}\}$/), "\(match.0)")
      }
      #expect(!template.text.contains(/\s(style|on[a-z]+|src|action)=/), "\(template.path)")
    }
  }

  @Test func nothingIsFetched() throws {
    for file in EmbeddedFiles.reports {
      #expect(
        !file.text.contains(/https?:|url\(|@import|@font-face|fetch\(|XMLHttp|import\(/),
        "\(file.path)")
    }
  }

  @Test func theScriptMakesNoMarkupAndStyleAndScriptEndWhereTheyEnd() throws {
    let script = try file("report.js")
    #expect(!script.contains(/innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(/))
    for path in ["report.js", "report.css"] {
      #expect(!(try file(path)).contains(/<\/|<!--/), "\(path)")
    }
  }
}
