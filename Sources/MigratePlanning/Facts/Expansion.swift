/// Kubernetes' `$(VAR)` in the value of an environment variable.
///
/// The rules are those of Kubernetes' third_party/forked/golang/expansion: `$(NAME)` gives the
/// variable's value, `$$` gives `$`, and what names no variable stays as written.
package enum Expansion {
  /// One piece of a value before names are looked up.
  package enum Piece: Hashable, Sendable {
    case text(String)
    case variable(String)
  }

  /// Splits a value into text and names.
  package static func pieces(of value: String) -> [Piece] {
    let scalars = Array(value.unicodeScalars)
    var pieces: [Piece] = []
    var text = String.UnicodeScalarView()
    // Where none follows any more, none is looked for again: many `$(` would take forever.
    let lastClose = scalars.lastIndex(of: ")") ?? 0
    var index = 0
    while index < scalars.count {
      guard scalars[index] == "$", index + 1 < scalars.count else {
        text.append(scalars[index])
        index += 1
        continue
      }
      let next = scalars[index + 1]
      if next == "$" {
        text.append("$")
        index += 2
      } else if next == "(", index + 2 <= lastClose,
        let close = scalars[(index + 2)...].firstIndex(of: ")")
      {
        if !text.isEmpty { pieces.append(.text(String(text))) }
        text = String.UnicodeScalarView()
        pieces.append(.variable(String(String.UnicodeScalarView(scalars[(index + 2)..<close]))))
        index = close + 1
      } else {
        text.append("$")
        text.append(next)
        index += 2
      }
    }
    if !text.isEmpty || pieces.isEmpty { pieces.append(.text(String(text))) }
    return pieces
  }

  /// Writes a text so that Kubernetes' expansion gives exactly it.
  package static func escaping(_ text: String) -> String {
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar == "$" { escaped.append("$") }
      escaped.append(scalar)
    }
    return String(escaped)
  }
}
