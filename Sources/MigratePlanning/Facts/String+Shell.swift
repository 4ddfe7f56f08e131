extension String {
  /// The text as one word of a POSIX shell.
  package var shellQuoted: String {
    if !isEmpty,
      allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_./=:,@%+".contains($0)) })
    {
      return self
    }
    // Scalar by scalar: beside an accent, Swift takes the quote for another character.
    return "'" + unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }
}
