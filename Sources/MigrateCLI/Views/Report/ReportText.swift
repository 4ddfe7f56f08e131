import Mustache

/// How text gets into the report, wherever the template does not say otherwise.
///
/// The library's own escaping for HTML goes by characters: a quote with a combining accent is
/// another character to it, passes, and ends an attribute. This goes by Unicode scalars, as
/// browsers do. What a reader cannot see, or what turns the direction of writing, is shown as an
/// escape, as in every view.
struct ReportText: MustacheContentType {
  /// The name by which a template asks for it, in its first line.
  static let name = "REPORT"

  func escapeText(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in TextLayout.visible(text).unicodeScalars {
      switch scalar {
      case "&", "<", ">", "\"", "'", "`", "=":
        escaped.append(contentsOf: "&#\(scalar.value);".unicodeScalars)
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }
}
