import Crypto
import Foundation
import MigrateAdapters
import Mustache

/// A report as one HTML file that asks nobody for anything: template, style and script are those of
/// reports/, which the binary carries.
///
/// Its Content-Security-Policy lets that style and that script through, by their digests, and
/// nothing else: no other script, no picture, no form that is sent, no request.
enum ReportPage {
  /// - Throws: when the embedded template cannot be read.
  static func text(_ report: Report) throws -> String {
    let style = try file("report.css")
    let script = try file("report.js")
    let library = try library.get()
    let page = Page(
      title: report.title, articles: report.articles, style: style, script: script,
      policy: """
        default-src 'none'; style-src '\(digest(style))'; script-src '\(digest(script))'; \
        base-uri 'none'; form-action 'none'
        """,
      maker: "Made by backbone-migrate \(BackboneMigrate.version). Secrets are left out.")
    guard let text = library.render(page, withTemplate: "report") else {
      throw ReportError(description: "reports/report.html is not embedded")
    }
    return text
  }

  /// What the template reads.
  private struct Page {
    var title: String
    var articles: [Report.Article]
    var style: String
    var script: String
    var policy: String
    var maker: String
  }

  private static let library = Result<MustacheLibrary, any Error> {
    MustacheContentTypes.register(ReportText(), named: ReportText.name)
    return MustacheLibrary(
      templates: try Dictionary(
        uniqueKeysWithValues: EmbeddedFiles.reports.filter { $0.path.hasSuffix(".html") }
          .map { (String($0.path.dropLast(5)), try MustacheTemplate(string: $0.text)) }))
  }

  private static func file(_ path: String) throws -> String {
    guard let file = EmbeddedFiles.reports.first(where: { $0.path == path }) else {
      throw ReportError(description: "reports/\(path) is not embedded")
    }
    return file.text
  }

  /// A text's digest as a Content-Security-Policy names it.
  private static func digest(_ text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }
}

/// A report that cannot be made.
struct ReportError: Error, Hashable, CustomStringConvertible {
  let description: String
}
