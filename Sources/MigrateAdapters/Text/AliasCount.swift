/// A rough count of anchors, aliases and keys that are not scalars, from a text alone.
///
/// It may count what stands in strings and comments, so only many count for anything.
struct AliasCount {
  private(set) var anchors = 0
  private var aliases = 0
  private var hasCollectionKey = false

  /// Whether the text could hold a key that expands without end.
  var isTrap: Bool { hasCollectionKey && anchors >= 1 && aliases >= 20 }

  /// What stands between two brackets or braces.
  private struct Flow {
    var isMapping: Bool
    /// Whether a `:` stood in the entry.
    var hasColon = false
    /// Whether something that is no scalar stood in it.
    var hasCollection = false
  }

  /// Counts in one pass over the bytes.
  init(of text: String) {
    var previous = UInt8(ascii: "\n")
    /// Whether everything since the last `]`, `}` or alias is blank or part of that alias.
    var endsNode = false
    var flows: [Flow] = []
    var bytes = text.utf8.makeIterator()
    var next = bytes.next()
    while let byte = next {
      next = bytes.next()
      let isBlank = byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
      let startsToken =
        previous == 0x20 || previous == 0x09 || previous == 0x0A
        || previous == 0x0D || "[{,:?-".utf8.contains(previous)
      let isNamed = startsToken && next.map(Self.isName) ?? false
      if isNamed, byte == UInt8(ascii: "&") { anchors += 1 }
      if isBlank, previous == UInt8(ascii: "?") { hasCollectionKey = true }
      switch byte {
      case UInt8(ascii: ":"):
        if endsNode { hasCollectionKey = true }
        endsNode = false
        if !flows.isEmpty { flows[flows.count - 1].hasColon = true }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if !flows.isEmpty { flows[flows.count - 1].hasCollection = true }
        // A reader stops at a thousand levels; deeper ones are no YAML.
        if flows.count < 1_100 { flows.append(Flow(isMapping: byte == UInt8(ascii: "{"))) }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // `{[*a]}` is a mapping, too: the list is its key.
        if let flow = flows.popLast() { judge(flow) }
        endsNode = true
      case UInt8(ascii: "*"):
        if isNamed {
          aliases += 1
          if !flows.isEmpty { flows[flows.count - 1].hasCollection = true }
        }
        endsNode = startsToken
      case UInt8(ascii: ","):
        if let flow = flows.last {
          judge(flow)
          flows[flows.count - 1] = Flow(isMapping: flow.isMapping)
        }
        endsNode = false
      case 0x0A: endsNode = false
      default: break
      }
      previous = byte
    }
  }

  private mutating func judge(_ flow: Flow) {
    if flow.isMapping, flow.hasCollection, !flow.hasColon { hasCollectionKey = true }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
