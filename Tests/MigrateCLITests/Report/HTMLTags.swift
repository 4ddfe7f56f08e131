/// The tags of an HTML text as a browser sees them, with the names of their attributes.
enum HTMLTags {
  static func all(in text: String) -> [String] {
    var tags: [String] = []
    var rest = text.unicodeScalars[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      guard let first = rest.first, first == "/" || first == "!" || first.properties.isAlphabetic
      else { continue }
      var tag = ""
      var isQuoted = false
      while let scalar = rest.popFirst(), isQuoted || scalar != ">" {
        if scalar == "\"" { isQuoted.toggle() }
        if !isQuoted { tag.unicodeScalars.append(scalar) }
      }
      tags.append(tag)
      for raw in ["style", "script"] where tag == raw {
        while let scalar = rest.first, !(scalar == "<" && rest.dropFirst().first == "/") {
          rest.removeFirst()
        }
      }
    }
    return tags
  }
}
