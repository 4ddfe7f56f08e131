/// A rough count of anchors, aliases and keys that are not scalars, from a text alone.
///
/// It may count what stands in strings and comments, so only a great many count for anything.
struct AliasCount {
  private var anchors = 0
  private var aliases = 0
  private var hasCollectionKey = false

  /// Whether the text could hold a key that expands without end.
  var isTrap: Bool { hasCollectionKey && anchors >= 3 && aliases >= 20 }

  /// Counts in one pass over the bytes.
  init(of text: String) {
    var previous = UInt8(ascii: "\n")
    /// Whether everything since the last `]`, `}` or alias is blank or part of that alias.
    var endsNode = false
    for byte in text.utf8 {
      let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
      let startsToken =
        previous == 0x20 || previous == 0x09 || previous == 0x0A
        || previous == 0x0D || "[{,:".utf8.contains(previous)
      if startsToken, byte == UInt8(ascii: "&") { anchors += 1 }
      if startsToken, byte == UInt8(ascii: "*") { aliases += 1 }
      if isBlank, previous == UInt8(ascii: "?") { hasCollectionKey = true }
      switch byte {
      case UInt8(ascii: ":"):
        if endsNode { hasCollectionKey = true }
        endsNode = false
      case UInt8(ascii: "]"), UInt8(ascii: "}"): endsNode = true
      case UInt8(ascii: "*"): endsNode = startsToken
      case 0x0A, UInt8(ascii: ","): endsNode = false
      default: break
      }
      previous = byte
    }
  }
}
