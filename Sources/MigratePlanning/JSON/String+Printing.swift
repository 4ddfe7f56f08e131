extension String {
  /// The text as one word of a POSIX shell.
  ///
  /// Every name that comes from a cluster, a chart or a file goes through this on its way into a
  /// command that somebody may copy.
  package var shellQuoted: String {
    if !isEmpty,
      allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,@%+".contains($0)) })
    {
      return self
    }
    // Scalar by scalar: beside an accent, Swift takes the quote for another character.
    return "'" + unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }

  /// The text as one word of a POSIX shell in double quotes, where nothing in it means anything to
  /// the shell; else in single ones.
  package var inDoubleQuotes: String {
    unicodeScalars.contains { "\"\\$`!".unicodeScalars.contains($0) } ? shellQuoted : "\"\(self)\""
  }

  /// Whether the text is the id of a plan or a run, as this program makes them: what else claims to
  /// be one, in a file or in the cluster, would get into labels and commands.
  package func isID(of kind: String) -> Bool {
    guard hasPrefix(kind + "-"), utf8.count <= 63 else { return false }
    return wholeMatch(of: /[a-z]+(-[a-z0-9]+)+/) != nil
  }
}
