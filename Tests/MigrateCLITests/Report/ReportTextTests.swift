import Mustache
import Testing

@testable import MigrateCLI

/// What text becomes on its way into the report.
@Suite struct ReportTextTests {
  @Test(
    arguments: [
      ("plain text", "plain text"), ("grüße, 日本", "grüße, 日本"),
      ("<b>", "&#60;b&#62;"), ("a & b", "a &#38; b"), ("\"'`=", "&#34;&#39;&#96;&#61;"),
      ("{{title}}", "{{title}}"), ("&lt;", "&#38;lt;"),
      // With an accent or a joiner behind it, the library takes each of these for another
      // character.
      ("\"\u{301}", "&#34;\u{301}"), ("<\u{338}", "&#60;\u{338}"),
      ("\"\u{200D}", "&#34;\\u{200d}"), ("\"\u{FE0F}", "&#34;\u{FE0F}"),
      ("a\r\nb\tc", "a\\u{d}\\nb\\tc"), ("\u{202E}gnp", "\\u{202e}gnp"), ("\u{0}", "\\u{0}"),
    ])
  func nothingOfItIsMarkup(text: String, escaped: String) {
    #expect(ReportText().escapeText(text) == escaped)
  }

  /// Why there is an escaping of our own; when this fails, the library has learnt it.
  @Test func theLibrarysEscapingLetsAQuoteWithAnAccentPass() throws {
    let template = try MustacheTemplate(string: "<p title=\"{{text}}\">")
    let shown = template.render(["text": "\"\u{301} onclick=x"])
    #expect(shown.unicodeScalars.count { $0 == "\"" } == 3)
  }
}
